"""The simulator as a source: its contract, that an hour is the same however it is asked for, and its mess."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.clock import HOUR, KST
from weather_assets.elements import ELEMENTS, PROVIDERS
from weather_assets.sources.protocol import RAW_HOURLY_SCHEMA
from weather_assets.sources.simulator import SimulatorSource

SEOUL, ULLEUNGDO, UNLISTED = 108, 115, 9_999
START = datetime(2018, 9, 1, tzinfo=KST)
SPAN_HOURS = 20 * 30 * 24
Tables = Mapping[int, pa.Table]


def fetch(station_ids: list[int], start: datetime, hours: int, seed: int = 0) -> pa.Table:
    tables = SimulatorSource(seed).asos_hourly(station_ids, start, start + hours * HOUR)
    return pa.concat_tables([RAW_HOURLY_SCHEMA.empty_table(), *tables])


def of(table: pa.Table, station_id: int) -> pa.Table:
    return table.filter(pc.equal(table["station_id"], station_id)).combine_chunks()


@pytest.fixture(scope="module")
def whole() -> Tables:
    """Twenty months of each station, two winters in it, asked for alone."""
    return {station_id: fetch([station_id], START, SPAN_HOURS) for station_id in (SEOUL, ULLEUNGDO, UNLISTED)}


@pytest.fixture(scope="module")
def decades() -> pd.DataFrame:
    """Texts of 20 station-years."""
    tables = SimulatorSource().asos_hourly(
        [SEOUL, ULLEUNGDO], datetime(2000, 1, 1, tzinfo=KST), datetime(2010, 1, 1, tzinfo=KST)
    )
    return pa.concat_tables(tables).to_pandas()


def test_is_a_readings_source_that_says_it_is_invented() -> None:
    source = SimulatorSource()
    assert source.simulated
    assert source.name in PROVIDERS


def test_tables_have_the_raw_schema_and_are_in_order(whole: Tables) -> None:
    table = whole[SEOUL]
    assert table.schema.equals(RAW_HOURLY_SCHEMA)
    stamps = table["observed_at"].to_numpy()
    assert (np.diff(stamps) > np.timedelta64(0)).all()
    assert stamps[0] >= np.datetime64(START.astimezone(UTC).replace(tzinfo=None))


def test_one_table_per_year_and_station() -> None:
    start, end = datetime(2020, 12, 31, 12, tzinfo=KST), datetime(2021, 1, 1, 12, tzinfo=KST)
    tables = list(SimulatorSource().asos_hourly([SEOUL, UNLISTED], start, end))
    assert [set(table["station_id"].to_pylist()) for table in tables] == [{SEOUL}, {UNLISTED}] * 2
    assert pc.max(tables[0]["observed_at"]).as_py() < pc.min(tables[2]["observed_at"]).as_py()


def test_the_span_is_half_open_and_in_whole_hours() -> None:
    start = datetime(2021, 5, 1, 9, 30, tzinfo=KST)
    stamps = fetch([SEOUL], start, 3)["observed_at"].to_pylist()
    assert stamps == [datetime(2021, 5, 1, hour, tzinfo=UTC) for hour in (1, 2, 3)]
    assert fetch([SEOUL], start, 0).num_rows == 0
    assert fetch([SEOUL], start, -5).num_rows == 0


@settings(max_examples=40, deadline=None)
@given(
    station_ids=st.lists(st.sampled_from([SEOUL, ULLEUNGDO, UNLISTED]), min_size=1, unique=True),
    offset=st.integers(0, SPAN_HOURS - 1),
    length=st.integers(1, 800),
)
def test_an_hour_is_the_same_in_any_span_and_company(
    whole: Tables, station_ids: list[int], offset: int, length: int
) -> None:
    start = START + offset * HOUR
    hours = min(length, SPAN_HOURS - offset)
    part = fetch(station_ids, start, hours)
    for station_id in station_ids:
        stamps = whole[station_id]["observed_at"]
        inside = pc.and_(pc.greater_equal(stamps, start), pc.less(stamps, start + hours * HOUR))
        assert of(part, station_id).equals(whole[station_id].filter(inside).combine_chunks())


def test_another_seed_or_station_is_other_weather() -> None:
    here = fetch([SEOUL], START, 240)["ta"].to_pylist()
    assert here == fetch([SEOUL], START, 240)["ta"].to_pylist()
    assert here != fetch([SEOUL], START, 240, seed=1)["ta"].to_pylist()
    assert here != fetch([ULLEUNGDO], START, 240)["ta"].to_pylist()


@pytest.mark.parametrize("year", [1907, 1969, 1970, 2087])
def test_any_year_will_do(year: int) -> None:
    table = fetch([SEOUL], datetime(year, 7, 1, tzinfo=KST), 240)
    assert table.num_rows > 200
    mean = pc.mean(table["ta"].cast(pa.float64())).as_py()
    assert 15.0 < mean < 35.0


def test_hours_to_come_are_known() -> None:
    soon = datetime.now(UTC) + timedelta(days=400)
    assert fetch([SEOUL], soon, 24).num_rows >= 12


def test_numbers_are_written_as_the_portal_writes_them(decades: pd.DataFrame) -> None:
    for element in ELEMENTS:
        texts = pd.Series(decades[element.code].dropna().unique())
        assert len(texts), element.code
        assert texts.str.fullmatch(r"-?(?:[1-9]\d*)?(?:\.\d?[1-9])?|0").all(), element.code
    assert decades["ta"].isin([".5", "-.5"]).any()


def test_texts_keep_the_resolution_and_unit_of_the_portal(decades: pd.DataFrame) -> None:
    for code in ("hm", "dc10_tca", "lcs_ch", "vs"):
        assert pd.Series(decades[code].dropna().unique()).str.fullmatch(r"\d+").all(), code
    assert set(decades["wd"].dropna()) == {str(tens) for tens in range(0, 361, 10)}
    # Tens of metres: 20 km is 2000.
    assert 500 < decades["vs"].dropna().astype(int).median() < 3000


def test_about_one_hour_in_two_thousand_is_absent(decades: pd.DataFrame) -> None:
    for station_id, rows in decades.groupby("station_id"):
        gaps = rows["observed_at"].diff().dt.total_seconds().div(3600).sub(1).iloc[1:]
        share = gaps.sum() / (len(rows) + gaps.sum())
        assert 0.0002 < share < 0.0012, station_id
        assert 2 <= gaps.max() <= 16, station_id


def test_elements_go_missing_now_and_then(decades: pd.DataFrame) -> None:
    for code in ("ta", "hm", "ws", "pa", "m01_te", "vs"):
        assert 0.0002 < decades[code].isna().mean() < 0.004, code


def test_a_sensor_sticks_about_once_in_two_years(decades: pd.DataFrame) -> None:
    stuck = 0
    for _, rows in decades.groupby("station_id"):
        texts = rows["ta"].dropna()
        lengths = texts.groupby((texts != texts.shift()).cumsum()).size()
        assert lengths.max() <= 48 + 4
        stuck += int((lengths >= 12).sum())
    # Half of the faults are of the thermometer: 5 expected in 20 years.
    assert 1 <= stuck <= 13


def test_humidity_is_coded_zero_for_some_hours_a_year(decades: pd.DataFrame) -> None:
    zeros = decades["hm"].eq("0").sum() / 20
    assert 1.0 < zeros < 20.0


def test_a_nine_flags_blanks_and_a_one_values_that_are_wrong(decades: pd.DataFrame) -> None:
    for element in ELEMENTS:
        if element.has_provider_flag:
            flags = decades[f"{element.code}_qc"]
            assert set(flags.dropna()) <= {"1", "9"}
            assert decades.loc[flags.eq("9"), element.code].isna().all()
            assert decades.loc[flags.eq("1"), element.code].notna().all()
            if not element.blank_means_zero:
                assert flags[decades[element.code].isna()].eq("9").all()
    wrong = decades[decades["ta_qc"].eq("1")]
    assert 1 <= len(wrong) <= 20
    assert (wrong["ta"].astype(float) - wrong["td"].astype(float)).gt(20.0).all()


def test_dry_hours_are_blank_and_flagged_on_some_days_only(decades: pd.DataFrame) -> None:
    dry = decades["rn"].isna()
    assert 0.85 < dry.mean() < 0.97
    assert 0.2 < decades.loc[dry, "rn_qc"].eq("9").mean() < 0.4
