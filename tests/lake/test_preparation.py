"""A lake's stamp and tables: made once, checked ever after."""

from dataclasses import replace

import pytest
from lakes import FIRST, READINGS, contents, open_lake, write_day

from weather_assets.errors import UsageError
from weather_assets.lake.contracts import Column, TableContract
from weather_assets.lake.errors import LakeError
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.tables import CONTRACTS


def test_tables_have_the_declared_columns_and_types(location: LakeLocation) -> None:
    with Lake(location, CONTRACTS, simulated=False) as lake:
        for contract in CONTRACTS:
            described = lake.query(f"DESCRIBE lake.{contract.qualified_name}").fetchall()
            declared = [(column.name, column.sql_type) for column in contract.columns]
            found = [(name, kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")) for name, kind, *_ in described]
            assert found == declared


def test_files_are_partitioned_by_the_year_in_korea(local_location: LakeLocation) -> None:
    with open_lake(local_location) as lake:
        # 2020-12-31 15:00 UTC is 2021 in Korea.
        write_day(lake, 108, FIRST.replace(day=31), 1.0)
        files = lake.query("SELECT data_file FROM ducklake_list_files('lake', 'readings', schema => 'raw')").fetchall()
    years = sorted(part for (file,) in files for part in file.split("/") if part.startswith("year="))
    assert years == ["year=2020", "year=2021"]


def test_opening_again_changes_nothing(location: LakeLocation) -> None:
    with open_lake(location) as lake:
        write_day(lake, 108, FIRST, 1.0)
        before = lake.snapshot()
    with open_lake(location) as lake:
        assert lake.snapshot() == before
        assert len(contents(lake)) == 24


def test_a_new_table_is_added_to_an_old_lake(local_location: LakeLocation) -> None:
    younger = replace(READINGS, name="later")
    with open_lake(local_location) as lake:
        write_day(lake, 108, FIRST, 1.0)
    with Lake(local_location, [READINGS, younger], simulated=False) as lake:
        assert lake.query("SELECT count(*) FROM lake.raw.later").fetchall() == [(0,)]
        assert len(contents(lake)) == 24


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (READINGS.columns[:2], "value"),
        ((*READINGS.columns, Column("extra", "DOUBLE", "More")), "extra"),
        ((*READINGS.columns[:2], Column("value", "DOUBLE", "Wider")), "value"),
        ((READINGS.columns[1], READINGS.columns[0], READINGS.columns[2]), "the order of its columns"),
    ],
    ids=["one less", "one more", "another type", "another order"],
)
def test_a_table_of_another_shape_is_refused(
    local_location: LakeLocation, columns: tuple[Column, ...], named: str
) -> None:
    with open_lake(local_location) as lake:
        write_day(lake, 108, FIRST, 1.0)
    other: TableContract = replace(READINGS, columns=columns)
    with pytest.raises(LakeError) as raised:
        Lake(local_location, [other], simulated=False)
    assert "table raw.readings" in str(raised.value)
    assert f"differs in {named}" in str(raised.value)
    assert "set a new WEATHER_HOME and run weather backfill" in str(raised.value)
    with open_lake(local_location) as lake:
        assert len(contents(lake)) == 24


@pytest.mark.parametrize("simulated", [True, False])
def test_the_other_kind_of_readings_is_refused(location: LakeLocation, simulated: bool) -> None:
    with open_lake(location, simulated=simulated) as lake:
        write_day(lake, 108, FIRST, 1.0)
    kinds = ("simulated", "real") if simulated else ("real", "simulated")
    with pytest.raises(UsageError, match=rf"holds {kinds[0]} readings and refuses {kinds[1]} ones; set another"):
        open_lake(location, simulated=not simulated)
    with open_lake(location, simulated=simulated) as lake:
        assert lake.is_simulated() is simulated


@pytest.mark.parametrize("simulated", [True, False])
def test_a_reader_opens_either_kind(local_location: LakeLocation, simulated: bool) -> None:
    with open_lake(local_location, simulated=simulated):
        pass
    with open_lake(local_location, read_only=True) as lake:
        assert lake.is_simulated() is simulated


def test_who_brings_no_readings_leaves_the_stamp_to_others(local_location: LakeLocation) -> None:
    with open_lake(local_location, simulated=None) as lake:
        assert lake.is_simulated() is None
    with open_lake(local_location, simulated=True) as lake:
        assert lake.is_simulated() is True
    with open_lake(local_location, simulated=None) as lake:
        assert lake.is_simulated() is True
