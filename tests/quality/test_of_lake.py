"""Quality control on a lake: what is decided does not depend on what is built together, nor on what comes later."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from weather_assets.assets.builds import CLEAN
from weather_assets.clock import KST
from weather_assets.elements import ELEMENTS
from weather_assets.forecasting.dataset import observations_known_at
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.quality.passes import causal_hours_sql
from weather_assets.settings import Settings
from weather_assets.sources.simulator import SimulatorSource

pytestmark = pytest.mark.slow

STATIONS = (108, 112)
START, DAY = datetime(2021, 5, 20, tzinfo=KST), timedelta(days=1)
DAYS = 8
END = START + DAYS * DAY
CODES = ("ta", "hm", "td", "ps", "ts", "m02_te")
Row = tuple[object, ...]


def faulty(readings: pa.Table, seed: int) -> pa.Table:
    """Spikes, stuck sensors and zeros in the readings, some of them over midnight."""
    chance = random.Random(seed)  # noqa: S311  # a seeded test, nothing secret
    frame = readings.to_pandas()
    for _ in range(60):
        code, row, length = chance.choice(CODES), chance.randrange(len(frame) - 30), chance.choice((1, 1, 2, 3, 26))
        text = frame.at[row, code]
        if text:
            value = chance.choice((float(text) + 25, float(text) - 19, 0.0)) if length < 4 else float(text)
            frame.loc[row : row + length - 1, code] = f"{value:.1f}"
    return pa.Table.from_pandas(frame, schema=readings.schema, preserve_index=False)


@pytest.fixture(scope="module")
def readings() -> pa.Table:
    return faulty(pa.concat_tables(SimulatorSource(seed=2).asos_hourly(STATIONS, START, END)), seed=1)


@pytest.fixture
def lakes(tmp_path: Path) -> Iterator[list[Lake]]:
    """Two lakes to compare."""
    opened = [open_lake(Settings(_env_file=None, home=tmp_path / name), simulated=True) for name in ("one", "other")]
    yield opened
    for lake in opened:
        lake.close()


def load(lake: Lake, readings: pa.Table) -> None:
    append_readings(lake, "simulator", readings, STATIONS, START, END, fetched_at=START)


def contents(lake: Lake, condition: str = "TRUE") -> list[list[Row]]:
    return [
        lake.query(f"FROM lake.clean.{table} WHERE {condition} ORDER BY ALL").fetchall()
        for table in ("asos_hourly", "rejections")
    ]


def build(lake: Lake, days: Sequence[int]) -> None:
    for day in days:
        CLEAN.run(lake, STATIONS, START + day * DAY, START + (day + 1) * DAY)


@pytest.mark.parametrize("order", ["in order", "backwards"])
def test_day_by_day_gives_what_one_run_gives(lakes: list[Lake], readings: pa.Table, order: str) -> None:
    whole, daily = lakes
    for lake in lakes:
        load(lake, readings)
    CLEAN.run(whole, STATIONS, START, END)
    build(daily, range(DAYS) if order == "in order" else range(DAYS - 1, -1, -1))
    assert contents(daily) == contents(whole)
    passes = dict(whole.query("SELECT pass, count(*) FROM lake.clean.rejections GROUP BY 1").fetchall())
    assert passes["causal"] > 20
    assert passes["later"] > 20


def test_a_live_hour_and_a_re_run_differ_only_in_the_later_pass(lakes: list[Lake], readings: pa.Table) -> None:
    whole, live = lakes
    load(whole, readings)
    CLEAN.run(whole, STATIONS, START, END)
    causal = "pass = 'causal'"
    for hours in range(24 * 5, 24 * 6, 4):
        known = START + timedelta(hours=hours)
        table = readings.filter(pc.less_equal(readings["observed_at"], pa.scalar(known, readings["observed_at"].type)))
        append_readings(live, "simulator", table, STATIONS, START, END, fetched_at=START + timedelta(hours=hours))
        build(live, [5])
        now = f"observed_at = TIMESTAMPTZ '{known.isoformat()}'"
        query = f"FROM lake.clean.rejections WHERE {now} AND {causal} ORDER BY ALL"
        assert live.query(query).fetchall() == whole.query(query).fetchall()


def test_other_readings_to_come_change_no_causal_decision(lakes: list[Lake], readings: pa.Table) -> None:
    cut = START + timedelta(days=6, hours=3)
    frame, other = readings.to_pandas(), faulty(readings, seed=8).to_pandas()
    before = frame["observed_at"] <= cut
    # An hour that stands out from those before: a spike if it falls back, as in one of the two futures.
    at_cut = frame["observed_at"] == cut
    frame.loc[at_cut, "ts"] = [f"{float(text) + 21:.1f}" for text in frame.loc[at_cut, "ts"]]
    other.loc[before] = frame.loc[before]
    other.loc[~before, "ts"] = frame.loc[at_cut, "ts"].iloc[0]
    tables = [pa.Table.from_pandas(one, schema=readings.schema, preserve_index=False) for one in (frame, other)]
    for lake, table in zip(lakes, tables, strict=True):
        load(lake, table)
        CLEAN.run(lake, STATIONS, START, END)
    until = f"observed_at <= TIMESTAMPTZ '{cut.isoformat()}'"
    decided = causal_hours_sql("lake.clean.asos_hourly", "lake.clean.rejections")
    causal = f"SELECT * FROM ({decided}) WHERE {until} ORDER BY ALL"
    first, second = (lake.query(causal).fetchall() for lake in lakes)
    assert first == second
    assert contents(lakes[0], until) != contents(lakes[1], until)


def test_hours_without_any_reading_pass_through(lakes: list[Lake], readings: pa.Table) -> None:
    lake, _ = lakes
    silent = readings.to_pandas()
    silent[[name for name in readings.column_names if name not in {"station_id", "observed_at"}]] = None
    load(lake, pa.Table.from_pandas(silent, schema=readings.schema, preserve_index=False))
    CLEAN.run(lake, STATIONS, START, END)
    flags = " UNION ALL ".join(
        f"SELECT {e.name}_flag AS flag, {e.name} AS value FROM lake.clean.asos_hourly" for e in ELEMENTS
    )
    assert lake.query(f"SELECT DISTINCT flag, value FROM ({flags})").fetchall() == [("missing", None)]
    assert contents(lake)[1] == []
    assert len(contents(lake)[0]) == len(silent)


def test_a_later_rejection_is_not_known_before_its_time(lakes: list[Lake], readings: pa.Table) -> None:
    lake, _ = lakes
    frame, hour = readings.to_pandas(), START + timedelta(days=4, hours=3)
    spike = (frame["observed_at"] == hour) & (frame["station_id"] == STATIONS[0])
    dry = {"hm": None, "td": None, "pv": None}
    frame.loc[spike, ["ta", *dry]] = [f"{float(frame.loc[spike, 'ta'].iloc[0]) + 7:.1f}", *dry.values()]
    load(lake, pa.Table.from_pandas(frame, schema=readings.schema, preserve_index=False))
    CLEAN.run(lake, STATIONS, START, END)
    found = f"SELECT test, pass FROM lake.clean.rejections WHERE observed_at = TIMESTAMPTZ '{hour.isoformat()}'"
    assert ("spike", "later") in lake.query(found).fetchall()
    target, window = TARGETS["air_temperature_c"], (STATIONS[:1], hour, hour + timedelta(hours=1))
    for known_after, is_known in ((timedelta(hours=1), True), (timedelta(days=3), False)):
        observed = observations_known_at(lake, target, *window, known_at=hour + known_after)
        assert (len(observed) == 1) is is_known
