"""Daily values and PM10 through the graph: materialised in this process on small data."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from weather_assets import clock
from weather_assets.assets.daily import clean_asos_daily, clean_pm10_daily, raw_asos_daily, raw_pm10_hourly
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS, YEARS
from weather_assets.settings import Settings

NOON = datetime(2021, 4, 3, 3, 0, tzinfo=UTC)
"""2021-04-03 12:00 in Korea."""

BY_YEAR = [raw_asos_daily, clean_asos_daily]
BY_DAY = [raw_pm10_hourly, clean_pm10_daily]
Row = tuple[object, ...]


class Home:
    """A home with one source, in which assets can be materialised."""

    def __init__(self, folder: Path, source: str, *, legacy_pm10_cutoffs: bool = False) -> None:
        self.settings = Settings(
            _env_file=None, home=folder / "home", source=source, legacy_pm10_cutoffs=legacy_pm10_cutoffs
        )
        self.lake = LakeStore(self.settings)

    def materialise(
        self, assets: list[dg.AssetsDefinition], first: str, last: str | None = None
    ) -> dg.ExecuteInProcessResult:
        tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last or first}
        result = dg.materialize(
            assets,
            instance=dg.DagsterInstance.ephemeral(),
            resources={"lake": self.lake, "readings": Readings(self.settings)},
            tags=tags,
        )
        assert result.success
        return result

    def rows(self, query: str) -> list[Row]:
        with self.lake.writer() as lake:
            return lake.query(query).fetchall()


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    """A folder of portal files: some days around a new year, two days of dust."""
    folder = tmp_path / "readings"
    folder.mkdir()
    days = {day: day.isoformat() for day in (date(2020, 12, 28) + timedelta(days=n) for n in range(100))}
    absent = {date(2020, 12, 31), date(2021, 1, 1)}
    lines = [f"{text},108,{day.day},{day.day - 5},{day.day + 5}" for day, text in days.items() if day not in absent]
    (folder / "days.csv").write_text("\n".join(["날짜,지점,평균기온,최저기온,최고기온", *lines, ""]), encoding="utf-8")
    hours = [f"108,2021-04-02 {hour:02}:00,{100 + hour}" for hour in range(24)]
    hours += [f"108,2021-04-03 {hour:02}:00,20" for hour in range(24)]
    (folder / "dust.csv").write_text("\n".join(["지점,일시,1시간평균 미세먼지농도", *hours, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, readings: Path) -> Iterator[Home]:
    made = Home(tmp_path, f"csv:{readings}")
    yield made
    made.lake.close()


def test_years_are_one_run_and_days_to_come_are_not_loaded(home: Home) -> None:
    home.materialise(BY_YEAR, "2020", "2021")
    assert home.rows("SELECT min(observed_on), max(observed_on), count(*) FROM lake.raw.asos_daily") == [
        (date(2020, 12, 28), date(2021, 4, 2), 94)
    ]
    query = "SELECT observed_on, mean_temperature_c, min_temperature_c_flag FROM lake.clean.asos_daily"
    assert home.rows(f"{query} WHERE observed_on BETWEEN '2020-12-30' AND '2021-01-02' ORDER BY 1") == [
        (date(2020, 12, 30), 30.0, "ok"),
        (date(2020, 12, 31), pytest.approx(30 - 28 / 3), "filled"),
        (date(2021, 1, 1), pytest.approx(30 - 56 / 3), "filled"),
        (date(2021, 1, 2), 2.0, "ok"),
    ]
    assert home.rows("SELECT count(*) FROM lake.clean.asos_daily") == [(96,)]


def test_year_after_year_gives_what_one_run_gives(home: Home, tmp_path: Path, readings: Path) -> None:
    for asset in BY_YEAR:
        home.materialise([asset], "2021")
        home.materialise([asset], "2020")
    other = Home(tmp_path / "other", f"csv:{readings}")
    other.materialise(BY_YEAR, "2020", "2021")
    query = "SELECT * FROM lake.clean.asos_daily ORDER BY observed_on"
    assert home.rows(query) == other.rows(query)
    other.lake.close()


def test_running_again_changes_nothing_and_a_correction_is_one_row(
    home: Home, readings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.materialise(BY_YEAR, "2021")
    snapshot = home.rows("SELECT id FROM lake.current_snapshot()")
    home.materialise(BY_YEAR, "2021")
    assert home.rows("SELECT id FROM lake.current_snapshot()") == snapshot
    later = NOON + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    file = readings / "days.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("2021-03-05,108,5,0,10", "2021-03-05,108,6,0,10"), "utf-8")
    result = home.materialise(BY_YEAR, "2021")
    (event,) = result.asset_materializations_for_node("raw__asos_daily")
    assert (event.metadata["appended"].value, event.metadata["corrections"].value) == (1, 1)
    query = "SELECT avg_ta, available_at FROM lake.raw.asos_daily WHERE observed_on = '2021-03-05' ORDER BY fetched_at"
    assert home.rows(query) == [("5", datetime(2021, 3, 5, 15, 10, tzinfo=UTC)), ("6", later)]
    clean = "SELECT mean_temperature_c FROM lake.clean.asos_daily WHERE observed_on = '2021-03-05'"
    assert home.rows(clean) == [(6.0,)]


def test_dust_of_the_day_so_far_has_hours_and_no_mean(home: Home) -> None:
    home.materialise(BY_DAY, "2021-04-01", "2021-04-03")
    columns = "observed_on, mean_pm10_ugm3, max_pm10_ugm3, min_pm10_ugm3, hours"
    assert home.rows(f"SELECT {columns} FROM lake.clean.pm10_daily ORDER BY 1") == [
        (date(2021, 4, 2), 111.5, 123.0, 100.0, 24),
        # Readings of 00:00 to 11:00: that of noon is not published yet.
        (date(2021, 4, 3), None, None, None, 12),
    ]


def test_the_old_cut_offs_are_a_setting(tmp_path: Path, readings: Path) -> None:
    home = Home(tmp_path, f"csv:{readings}", legacy_pm10_cutoffs=True)
    home.materialise(BY_DAY, "2021-04-02")
    query = "SELECT mean_pm10_ugm3, max_pm10_ugm3, hours FROM lake.clean.pm10_daily"
    assert home.rows(query) == [(None, 123.0, 24)]
    home.lake.close()


def test_the_cut_offs_are_off_unless_the_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Settings(_env_file=None).legacy_pm10_cutoffs
    monkeypatch.setenv("WEATHER_LEGACY_PM10_CUTOFFS", "true")
    assert Settings(_env_file=None).legacy_pm10_cutoffs


def test_a_folder_with_hourly_files_only_is_no_failure(tmp_path: Path) -> None:
    folder = tmp_path / "readings"
    folder.mkdir()
    (folder / "x.csv").write_text("지점,일시,기온(°C)\n108,2021-01-01 00:00,1\n", encoding="utf-8")
    home = Home(tmp_path, f"csv:{folder}")
    home.materialise(BY_YEAR, "2021")
    home.materialise(BY_DAY, "2021-01-01")
    assert home.rows("SELECT count(*) FROM lake.clean.asos_daily") == [(0,)]
    assert home.rows("SELECT count(*) FROM lake.clean.pm10_daily") == [(0,)]
    home.lake.close()


def test_the_simulator_fills_both(tmp_path: Path) -> None:
    home = Home(tmp_path, "simulator")
    home.materialise(BY_YEAR, "2020")
    home.materialise(BY_DAY, "2020-03-01", "2020-03-31")
    counted = home.rows("SELECT count(mean_temperature_c), avg(mean_temperature_c) FROM lake.clean.asos_daily")
    assert 355 <= int(str(counted[0][0])) <= 366
    assert counted[0][1] == pytest.approx(12.5, abs=2.5)
    (dust,) = home.rows("SELECT count(mean_pm10_ugm3), avg(mean_pm10_ugm3), max(hours) FROM lake.clean.pm10_daily")
    assert int(str(dust[0])) >= 24
    assert 25 < float(str(dust[1])) < 110
    assert dust[2] == 24
    home.lake.close()


def test_partitions_reach_from_1907_to_this_year() -> None:
    with dg.partition_loading_context(effective_dt=NOON):
        keys = YEARS.get_partition_keys()
        assert (keys[0], keys[-1], len(keys)) == ("1907", "2021", 115)
        assert DAYS.get_last_partition_key() == "2021-04-03"


@pytest.mark.parametrize("asset", [*BY_YEAR, *BY_DAY])
def test_an_asset_is_described(asset: dg.AssetsDefinition) -> None:
    (spec,) = asset.specs
    assert spec.group_name == spec.key.path[0]
    assert spec.description
    assert spec.owners == ["team:weather-platform"]
    assert spec.kinds == {"duckdb", "parquet"}
    schema = spec.metadata["dagster/column_schema"]
    assert all(column.description for column in schema.columns)
    assert asset.backfill_policy == dg.BackfillPolicy.single_run()


def test_an_event_carries_a_few_numbers(home: Home) -> None:
    result = home.materialise(BY_DAY, "2021-04-02")
    told: dict[str, dict[str, object]] = {}
    for key in (["raw", "pm10_hourly"], ["clean", "pm10_daily"]):
        (event,) = result.asset_materializations_for_node("__".join(key))
        assert all(isinstance(entry.value, int) for entry in event.metadata.values())
        told[key[0]] = {name: entry.value for name, entry in event.metadata.items() if name != "snapshot"}
    assert told == {
        "raw": {"rows": 24, "appended": 24, "corrections": 0},
        "clean": {"rows": 1},
    }


def test_a_long_gap_at_the_turn_stays(home: Home, readings: Path) -> None:
    lines = ["날짜,지점,평균기온", "2020-12-29,108,1", "2021-01-02,108,5", "2021-02-01,108,9", "2021-02-06,108,9"]
    (readings / "days.csv").write_text("\n".join(lines), encoding="utf-8")
    home.materialise(BY_YEAR, "2020", "2021")
    found = home.rows("SELECT observed_on, mean_temperature_c FROM lake.clean.asos_daily ORDER BY 1")
    assert [(str(day), value) for day, value in found] == [
        ("2020-12-29", 1.0),
        ("2020-12-30", 2.0),
        ("2020-12-31", 3.0),
        ("2021-01-01", 4.0),
        ("2021-01-02", 5.0),
        ("2021-02-01", 9.0),
        ("2021-02-06", 9.0),
    ]
