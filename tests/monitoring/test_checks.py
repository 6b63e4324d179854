"""Each check on a lake that was broken on purpose, and the refusal of checks that could never fail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from weather_assets.clock import KST
from weather_assets.lake.contracts import Column, TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.location import LakeLocation
from weather_assets.monitoring.checks import (
    HOURLY_TIERS,
    Check,
    Completeness,
    Ranges,
    Schema,
    Scope,
    Tier,
    UniqueKeys,
    checks_of,
)
from weather_assets.tables import CONTRACTS

DAY = timedelta(days=1)
TODAY = datetime(2021, 3, 10, tzinfo=KST)
NOW = TODAY + timedelta(hours=12, minutes=15)
SCOPE = Scope((108, 129), TODAY - 6 * DAY, TODAY + DAY, NOW)
TABLE = TableContract(
    schema="clean",
    name="hours",
    key=("station_id", "observed_at"),
    time_column="observed_at",
    columns=(
        Column("station_id", "INTEGER", "Station"),
        Column("observed_at", "TIMESTAMPTZ", "Hour"),
        Column("humidity_pct", "DOUBLE", "Humidity", limits=(1, 100)),
    ),
)
BARE = TableContract(schema="clean", name="bare", key=(), time_column="observed_at", columns=TABLE.columns[:2])


@pytest.fixture
def lake(tmp_path) -> Iterator[Lake]:
    location = LakeLocation(catalog=str(tmp_path / "catalog.sqlite"), data=str(tmp_path / "data"))
    with Lake(location, [TABLE], simulated=False) as opened:
        fill(opened, 108, TODAY - 6 * DAY, NOW)
        yield opened


def fill(lake: Lake, station: int, start: datetime, end: datetime) -> None:
    lake.query(
        "INSERT INTO lake.clean.hours "
        "SELECT ?, unnest(generate_series(?::TIMESTAMPTZ, ?::TIMESTAMPTZ, INTERVAL 1 HOUR)), 50",
        [station, start, end],
    )


@pytest.mark.parametrize("check", checks_of(TABLE, hourly=True), ids=lambda check: check.name)
def test_a_sound_table_passes(lake: Lake, check: Check) -> None:
    assert check.offenders(lake, SCOPE) == []


def test_a_key_that_occurs_twice_is_named(lake: Lake) -> None:
    fill(lake, 108, TODAY, TODAY)
    assert UniqueKeys(TABLE).offenders(lake, SCOPE) == ["108, 2021-03-10 00:00:00+09:00, 2"]


def test_a_value_outside_its_limits_is_counted(lake: Lake) -> None:
    lake.query("UPDATE lake.clean.hours SET humidity_pct = 100.5 WHERE observed_at = ?", [TODAY])
    assert Ranges(TABLE).offenders(lake, SCOPE) == ["humidity_pct: 1 outside 1 to 100, from 50 to 100.5"]
    earlier = Scope((108,), TODAY - 6 * DAY, TODAY, NOW)
    assert Ranges(TABLE).offenders(lake, earlier) == []


def test_columns_that_differ_are_named(lake: Lake) -> None:
    lake.query("ALTER TABLE lake.clean.hours ADD COLUMN extra INTEGER")
    lake.query("ALTER TABLE lake.clean.hours RENAME COLUMN humidity_pct TO humidity")
    assert Schema(TABLE).offenders(lake, SCOPE) == [
        "extra: INTEGER, declared nowhere",
        "humidity: DOUBLE, declared nowhere",
        "humidity_pct: absent, declared DOUBLE",
    ]


@pytest.mark.parametrize(
    ("days_ago", "hours_lost", "is_late"),
    [(0, 12, False), (1, 24, False), (2, 12, False), (2, 13, True), (3, 12, False), (4, 2, False), (4, 3, True)],
)
def test_the_older_a_day_the_fewer_hours_may_be_absent(
    lake: Lake, days_ago: int, hours_lost: int, is_late: bool
) -> None:
    day = TODAY - days_ago * DAY
    lake.query(
        "DELETE FROM lake.clean.hours WHERE observed_at >= ? AND observed_at < ?",
        [day, day + timedelta(hours=hours_lost)],
    )
    found = Completeness(TABLE, 24, HOURLY_TIERS).offenders(lake, SCOPE)
    assert found == ([f"station 108, {day.date()}: {24 - hours_lost} of 24 rows"] if is_late else [])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Tier(DAY, 0),
        lambda: Tier(DAY, 1.1),
        lambda: Completeness(TABLE, 24, ()),
        lambda: Completeness(TABLE, 0, HOURLY_TIERS),
        lambda: Ranges(BARE),
        lambda: UniqueKeys(BARE),
    ],
)
def test_a_check_that_could_never_fail_is_refused(make) -> None:
    with pytest.raises(ValueError, match="never"):
        make()


def test_every_table_of_the_graph_has_checks() -> None:
    for table in CONTRACTS:
        names = {check.name for check in checks_of(table)}
        assert names >= {"schema", "unique_keys"}, table.qualified_name
