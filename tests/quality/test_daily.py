"""Daily temperatures: each flag, the fill rule against a plain Python oracle, and Seoul since 1907."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.quality.daily import clean_daily_sql

FIRST = date(2020, 12, 20)
DAY = timedelta(days=1)
NAMES = ("mean_temperature_c", "max_temperature_c", "min_temperature_c")
Texts = tuple[str | None, str | None, str | None]
"""Mean, maximum and minimum as received."""

Clean = dict[date, dict[str, tuple[float | None, str]]]


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def clean(
    duck: duckdb.DuckDBPyConnection,
    raw: Mapping[date, Texts],
    window: tuple[date, date] = (date.min, date(9999, 1, 1)),
    source: str = "kma_csv",
) -> Clean:
    """Clean values and flags by day and name."""
    rows = [(108, day, *texts, source) for day, texts in raw.items()]
    names = ["station_id", "observed_on", "avg_ta", "max_ta", "min_ta", "source"]
    types = [pa.int32(), pa.date32(), pa.string(), pa.string(), pa.string(), pa.string()]
    columns = list(zip(*rows, strict=True)) or [[] for _ in names]
    table = pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)})
    duck.register("newest", table)
    found = duck.execute(clean_daily_sql("newest", *window)).fetchall()
    header = [column[0] for column in duck.description or []]
    result: Clean = {}
    for row in found:
        cells = dict(zip(header, row, strict=True))
        assert cells["observed_on"] not in result
        result[cells["observed_on"]] = {name: (cells[name], cells[f"{name}_flag"]) for name in NAMES}
    return result


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("13.5", "20.7", "7.9"), [(13.5, "ok"), (20.7, "ok"), (7.9, "ok")]),
        (("-.9", ".9", "-9.0"), [(-0.9, "ok"), (0.9, "ok"), (-9.0, "ok")]),
        ((None, "20.7", "7.9"), [(None, "missing"), (20.7, "ok"), (7.9, "ok")]),
        (("13.5", "60.1", "-40.1"), [(13.5, "ok"), (None, "range"), (None, "range")]),
        (("x", "60", "-40"), [(None, "range"), (60.0, "ok"), (-40.0, "ok")]),
        (("nan", "inf", "-inf"), [(None, "range"), (None, "range"), (None, "range")]),
        (("7.8", "20.7", "7.9"), [(None, "inconsistent"), (20.7, "ok"), (None, "inconsistent")]),
        (("20.8", "20.7", "7.9"), [(None, "inconsistent"), (None, "inconsistent"), (7.9, "ok")]),
        (("13.0", "7.9", "20.7"), [(None, "inconsistent"), (None, "inconsistent"), (None, "inconsistent")]),
        ((None, "7.9", "20.7"), [(None, "missing"), (None, "inconsistent"), (None, "inconsistent")]),
        (("13.5", "13.5", "13.5"), [(13.5, "ok"), (13.5, "ok"), (13.5, "ok")]),
        (("99", "20.7", "7.9"), [(None, "range"), (20.7, "ok"), (7.9, "ok")]),
    ],
)
def test_flags_of_one_day(
    duck: duckdb.DuckDBPyConnection, texts: Texts, expected: list[tuple[float | None, str]]
) -> None:
    assert list(clean(duck, {FIRST: texts})[FIRST].values()) == expected


def test_the_hub_says_missing_by_minus_99_and_means_minus_9(duck: duckdb.DuckDBPyConnection) -> None:
    raw: dict[date, Texts] = {FIRST: ("-9.0", "-2.0", "-99.0")}
    expected = [(-9.0, "ok"), (-2.0, "ok"), (None, "missing")]
    assert list(clean(duck, raw, source="kma_api_hub")[FIRST].values()) == expected
    assert list(clean(duck, raw, source="data_go_kr")[FIRST].values())[2] == (None, "range")


@pytest.mark.parametrize("absent", [True, False], ids=["no rows", "blank rows"])
@pytest.mark.parametrize("length", [1, 2, 3, 4, 40])
def test_a_gap_of_up_to_three_days_is_a_straight_line(
    duck: duckdb.DuckDBPyConnection, length: int, absent: bool
) -> None:
    end = FIRST + (length + 1) * DAY
    raw: dict[date, Texts] = {FIRST: ("10", "20", "0"), end: ("14", "20", "8")}
    gap = [FIRST + day * DAY for day in range(1, length + 1)]
    if not absent:
        raw |= dict.fromkeys(gap, (None, None, None))
    found = clean(duck, raw)
    if length <= 3:
        for place, day in enumerate(gap, start=1):
            share = place / (length + 1)
            values = {name: value for name, (value, flag) in found[day].items() if flag == "filled"}
            assert values == pytest.approx({NAMES[0]: 10 + 4 * share, NAMES[1]: 20.0, NAMES[2]: 8 * share}), (
                f"day {place} of {length}"
            )
    else:
        flags = {flag for day in gap if day in found for _, flag in found[day].values()}
        assert flags == (set() if absent else {"missing"})
    assert found[FIRST] == dict(zip(NAMES, [(10.0, "ok"), (20.0, "ok"), (0.0, "ok")], strict=True))


def test_nothing_is_filled_before_the_first_and_after_the_last_day(duck: duckdb.DuckDBPyConnection) -> None:
    raw: dict[date, Texts] = {
        FIRST: (None, None, None),
        FIRST + DAY: ("1", "2", "0"),
        FIRST + 2 * DAY: (None, None, None),
    }
    found = clean(duck, raw)
    assert [found[day][NAMES[0]] for day in sorted(found)] == [(None, "missing"), (1.0, "ok"), (None, "missing")]


def test_a_value_judged_wrong_is_not_papered_over(duck: duckdb.DuckDBPyConnection) -> None:
    raw: dict[date, Texts] = {
        FIRST: ("10", "20", "0"),
        FIRST + DAY: ("99", None, "0"),
        FIRST + 2 * DAY: ("10", "20", "0"),
    }
    assert list(clean(duck, raw)[FIRST + DAY].values()) == [(None, "range"), (20.0, "filled"), (0.0, "ok")]


def test_a_fill_that_contradicts_the_day_itself_is_not_made(duck: duckdb.DuckDBPyConnection) -> None:
    raw: dict[date, Texts] = {
        FIRST: ("10", "12", "8"),
        FIRST + DAY: ("25", None, "20"),
        FIRST + 2 * DAY: ("10", "12", "8"),
    }
    assert clean(duck, raw)[FIRST + DAY]["max_temperature_c"] == (None, "missing")


def test_stations_do_not_fill_each_other(duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute(
        """CREATE OR REPLACE TEMP TABLE two AS FROM (VALUES
            (108, DATE '2020-12-20', '1', '2', '0', 'kma_csv'), (129, DATE '2020-12-22', '1', '2', '0', 'kma_csv'))
            AS t(station_id, observed_on, avg_ta, max_ta, min_ta, source)"""
    )
    found = duck.execute(clean_daily_sql("two", FIRST, FIRST + 9 * DAY)).fetchall()
    assert sorted(row[0] for row in found) == [108, 129]


TENTHS = st.integers(-450, 650).map(lambda tenths: f"{tenths / 10:.1f}")
FIELD = st.one_of(st.none(), TENTHS, st.sampled_from(["x", "-99.0", "-9.0"]))
ORDERLY = st.lists(st.integers(-300, 350), min_size=3, max_size=3).map(
    lambda tenths: tuple(f"{sorted(tenths)[place] / 10}" for place in (1, 2, 0))
)
ROW = st.one_of(st.none(), ORDERLY, ORDERLY, ORDERLY, st.just((None, None, None)), st.tuples(FIELD, FIELD, FIELD))
SERIES = st.lists(ROW, min_size=1, max_size=16)


def as_raw(series: Iterable[Texts | None]) -> dict[date, Texts]:
    return {FIRST + day * DAY: texts for day, texts in enumerate(series) if texts is not None}


def number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def judged(texts: Texts) -> list[tuple[float | None, str]]:
    """Flags of one day, written from the contract."""
    values: list[float | None] = []
    flags: list[str] = []
    for text in texts:
        value = number(text)
        good = value is not None and -40 <= value <= 60
        flags.append("ok" if good else "missing" if text is None else "range")
        values.append(value if good else None)
    suspects = set()
    for low, high in ((2, 0), (0, 1), (2, 1)):
        low_value, high_value = values[low], values[high]
        if low_value is not None and high_value is not None and low_value > high_value:
            suspects |= {low, high}
    return [(None, "inconsistent") if at in suspects else (values[at], flags[at]) for at in range(3)]


def filled(days: Mapping[date, list[tuple[float | None, str]]], day: date, at: int) -> float | None:
    """The interpolated value of a day, or None."""
    if day in days and days[day][at][1] != "missing":
        return None
    known = sorted(other for other, values in days.items() if values[at][0] is not None)
    before = max((other for other in known if other < day), default=None)
    after = min((other for other in known if other > day), default=None)
    if before is None or after is None or (after - before).days - 1 > 3:
        return None
    left, right = days[before][at][0], days[after][at][0]
    assert left is not None
    assert right is not None
    return left + (right - left) * (day - before).days / (after - before).days


def oracle(raw: Mapping[date, Texts]) -> dict[date, list[tuple[float | None, str]]]:
    """The clean rows, one day after the other."""
    days = {day: judged(texts) for day, texts in raw.items()}
    result: dict[date, list[tuple[float | None, str]]] = {}
    for offset in range((max(raw) - min(raw)).days + 1):
        day = min(raw) + offset * DAY
        own = days.get(day)
        fills = [filled(days, day, at) for at in range(3)]
        if own is None and fills == [None] * 3:
            continue
        own = own or [(None, "missing")] * 3
        mean, highest, lowest = (
            fill if fill is not None else value for (value, _), fill in zip(own, fills, strict=True)
        )
        pairs = [(lowest, mean), (mean, highest), (lowest, highest)]
        if all(low is None or high is None or low <= high + 1e-9 for low, high in pairs):
            own = [(fill, "filled") if fill is not None else cell for cell, fill in zip(own, fills, strict=True)]
        elif day not in days:
            continue
        result[day] = own
    return result


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(series=SERIES)
def test_it_agrees_with_a_plain_oracle(duck: duckdb.DuckDBPyConnection, series: list[Texts | None]) -> None:
    raw = as_raw(series)
    if not raw:
        assert clean(duck, raw) == {}
        return
    found, expected = clean(duck, raw), oracle(raw)
    assert {day: [flag for _, flag in values.values()] for day, values in found.items()} == {
        day: [flag for _, flag in values] for day, values in expected.items()
    }
    for day, values in expected.items():
        for (value, _), (other, _) in zip(found[day].values(), values, strict=True):
            assert value == (None if other is None else pytest.approx(other))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(series=SERIES, cut=st.integers(0, 16))
def test_a_window_with_three_days_around_it_is_like_the_whole(
    duck: duckdb.DuckDBPyConnection, series: list[Texts | None], cut: int
) -> None:
    raw = as_raw(series)
    turn, stop = FIRST + cut * DAY, FIRST + 20 * DAY
    early = clean(duck, {day: texts for day, texts in raw.items() if day < turn + 3 * DAY}, (FIRST, turn))
    late = clean(duck, {day: texts for day, texts in raw.items() if day >= turn - 3 * DAY}, (turn, stop))
    assert early | late == clean(duck, raw, (FIRST, stop))
    assert all(day < turn for day in early)
    assert all(day >= turn for day in late)


def test_seoul_since_1907(duck: duckdb.DuckDBPyConnection, shared_data: Path) -> None:
    plain = pd.read_csv(shared_data / "asos_daily" / "ta_108_1907_2026.csv", encoding="utf-8-sig", dtype=str)
    days = [date.fromisoformat(text) for text in plain["날짜"]]
    columns = [
        [None if pd.isna(text) else text for text in plain[name]] for name in ("평균기온", "최고기온", "최저기온")
    ]
    found = clean(duck, dict(zip(days, zip(*columns, strict=True), strict=True)))
    assert sorted(found) == days, "no day is added and none is lost: every absent day lies in the long gap of the war"
    flags = pd.DataFrame([{name: flag for name, (_, flag) in found[day].items()} for day in days], index=days)
    assert flags.apply(lambda column: column.value_counts()).fillna(0).astype(int).to_dict() == {
        NAMES[0]: {"ok": 42_209, "filled": 0, "missing": 756},
        NAMES[1]: {"ok": 42_206, "filled": 3, "missing": 756},
        NAMES[2]: {"ok": 42_206, "filled": 3, "missing": 756},
    }
    missing = flags[flags[NAMES[0]] == "missing"].index
    assert {day.year for day in missing} == {1950, 1951, 1952, 1953}
    gaps = {name: [day.isoformat() for day in flags[flags[name] == "filled"].index] for name in NAMES}
    assert gaps == {
        NAMES[0]: [],
        NAMES[1]: ["1967-02-19", "1973-10-16", "2017-10-12"],
        NAMES[2]: ["1967-02-19", "1973-10-16", "2022-08-08"],
    }
    # The days before and after have 21.7 and 18.9.
    assert found[date(2017, 10, 12)][NAMES[1]][0] == pytest.approx(20.3)
    values = pd.Series([found[day][NAMES[0]][0] for day in days], dtype=float)
    pd.testing.assert_series_equal(values, plain["평균기온"].astype(float), check_names=False)
