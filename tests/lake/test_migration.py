"""Lakes of another version of a table: an older one is upgraded, a newer one refused."""

from dataclasses import replace

import pytest
from lakes import FIRST, READINGS, contents, open_lake, write_day

from weather_assets.lake.contracts import Column
from weather_assets.lake.errors import LakeError
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation

SECOND = replace(READINGS, version=2, columns=(*READINGS.columns, Column("extra", "DOUBLE", "More", since=2)))
# Declared between older columns: where a column stands in the contract does not matter.
THIRD = replace(
    SECOND, version=3, columns=(READINGS.columns[0], Column("third", "VARCHAR", "Most", since=3), *SECOND.columns[1:])
)


def columns(lake: Lake) -> list[str]:
    return [name for name, *_ in lake.query("DESCRIBE lake.raw.readings").fetchall()]


@pytest.mark.parametrize("first", [READINGS, SECOND])
def test_an_old_lake_gets_the_new_columns_and_keeps_its_rows(location: LakeLocation, first: object) -> None:
    with open_lake(location) as lake:
        write_day(lake, 108, FIRST, 1.0)
        before = contents(lake)
    Lake(location, [first], simulated=False).close()
    with Lake(location, [THIRD], simulated=False) as lake:
        assert set(columns(lake)) == {*READINGS.column_names, "extra", "third"}
        assert lake.query("SELECT count(*), count(extra), count(third) FROM lake.raw.readings").fetchall() == [
            (24, 0, 0)
        ]
        kept = ", ".join(READINGS.column_names)
        assert lake.query(f"SELECT {kept} FROM lake.raw.readings ORDER BY ALL").fetchall() == sorted(before)


def test_a_new_lake_and_an_upgraded_one_hold_the_same_columns(local_location: LakeLocation) -> None:
    for contract in (READINGS, SECOND, THIRD):
        with Lake(local_location, [contract], simulated=False) as lake:
            upgraded = columns(lake)
    with Lake(local_location, [replace(THIRD, name="fresh")], simulated=False) as lake:
        fresh = [name for name, *_ in lake.query("DESCRIBE lake.raw.fresh").fetchall()]
    assert upgraded == fresh


def test_an_upgrade_is_made_once(local_location: LakeLocation) -> None:
    open_lake(local_location).close()
    with Lake(local_location, [SECOND], simulated=False) as lake:
        snapshot = lake.snapshot()
    with Lake(local_location, [SECOND], simulated=False) as lake:
        assert lake.snapshot() == snapshot


def test_a_newer_lake_is_refused_and_left_alone(location: LakeLocation) -> None:
    with Lake(location, [THIRD], simulated=False) as lake:
        snapshot = lake.snapshot()
    with pytest.raises(
        LakeError, match="is of version 3 and this program knows version 2: install the program"
    ) as raised:
        Lake(location, [SECOND], simulated=False)
    assert "table raw.readings" in str(raised.value)
    with Lake(location, [THIRD], simulated=False) as lake:
        assert lake.snapshot() == snapshot


def test_a_column_that_the_version_does_not_explain_is_refused(local_location: LakeLocation) -> None:
    open_lake(local_location).close()
    unexplained = replace(SECOND, columns=(*SECOND.columns, Column("stray", "DOUBLE", "Said to be old")))
    with pytest.raises(LakeError, match="stray"):
        Lake(local_location, [unexplained], simulated=False)
