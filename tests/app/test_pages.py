"""Every page on lakes in every state: what it says, and that it never breaks."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from shown_app import NEWEST, Run, lake_of, text
from shown_lake import put_days, put_forecast, put_monitors, put_outlook, put_rain, put_readings, put_scores

from weather_assets import clock

PAGES = ("today", "forecast", "plants", "map", "trust", "data", "operations")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose lake has two stations: readings, forecasts, outlook, rain, days and scores."""
    home = tmp_path_factory.mktemp("made") / "home"
    with lake_of(home) as lake:
        for station_id in (108, 159):
            put_readings(lake, station_id, NEWEST)
            put_forecast(lake, station_id, NEWEST, spread=10.0)
            put_rain(lake, station_id, NEWEST, 0.5)
            put_days(lake, station_id, NEWEST)
            put_outlook(lake, station_id, NEWEST)
            put_scores(lake, station_id, NEWEST, error=1.0, rival=3.0)
    return home


@pytest.fixture
def full(made: Path, home: Path) -> Path:
    """A copy of it, to be shown and spoilt."""
    return Path(shutil.copytree(made, home))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose real lake has readings and nothing else."""
    home = tmp_path_factory.mktemp("bare") / "home"
    with lake_of(home, simulated=False) as lake:
        put_readings(lake, 108, NEWEST)
    return home


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_a_full_lake(page: str, full: Path, run: Run) -> None:
    app = run(page)
    assert not app.exception
    said = text(app)
    assert "These readings are simulated" in said
    assert "Nothing in forecast" not in said
    assert app.session_state["station"] == 108


def test_without_a_lake_it_says_what_to_do(home: Path, run: Run) -> None:
    app = run("forecast")
    assert not app.exception
    assert "cannot be read" in text(app)
    assert "weather demo" in text(app)


def test_an_empty_lake_asks_for_readings(home: Path, run: Run) -> None:
    with lake_of(home):
        pass
    app = run()
    assert not app.exception
    assert "no readings yet" in text(app)
    assert "weather backfill" in text(app)


@pytest.mark.parametrize("page", PAGES)
def test_readings_alone_are_shown_with_what_is_missing(page: str, bare: Path, home: Path, run: Run) -> None:
    shutil.copytree(bare, home)
    app = run(page)
    assert not app.exception
    said = text(app)
    assert "simulated" not in said
    assert "Korea Meteorological Administration" in said
    if page not in ("map", "operations"):
        assert "Nothing in " in said


def test_an_older_lake_that_lacks_tables_is_shown(full: Path, run: Run) -> None:
    with lake_of(full) as lake:
        for table in (
            "forecast.rain",
            "forecast.daily",
            "forecast.outlook",
            "monitor.verification",
            "clean.rejections",
        ):
            lake.connection.execute(f"DROP TABLE lake.{table}")
    assert [page for page in PAGES if run(page).exception] == []


def test_a_broken_lake_is_told_and_mended_by_reloading(full: Path, run: Run) -> None:
    catalog = full / "catalog.sqlite"
    kept = catalog.read_bytes()
    for beside in full.glob("catalog.sqlite-*"):
        beside.unlink()
    catalog.write_bytes(b"this is no database" * 100)
    app = run()
    assert not app.exception
    assert "weather doctor" in text(app)
    catalog.write_bytes(kept)
    assert "commute" in text(run())


def test_lost_table_files_are_told(full: Path, run: Run) -> None:
    for file in (full / "data").rglob("*.parquet"):
        file.unlink()
    app = run("forecast")
    assert not app.exception
    assert "cannot be read" in text(app)


def test_old_readings_are_told_to_be_old(full: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not the weather of now" not in text(run())
    monkeypatch.setattr(clock, "now", lambda: NEWEST + timedelta(days=1400))
    said = text(run())
    assert "1,400 days ago" in said
    assert "is not the weather of now" in said
    assert "Mon 1 Mar 2021 morning" in said
    assert "Today" not in said.replace('<h1 class="w-hidden">Today', "")


def test_numbers_are_the_lakes(full: Path, run: Run) -> None:
    said = text(run())
    # 80 % of 7 to 15 °C. With 2 m/s, 7 °C feel like 13.12 + 0.6215 * 7 - (11.37 - 0.3965 * 7) * 7.2 ** 0.16 = 5.7.
    assert "Feels like 11 °C" in said
    assert "8 times in 10 between 6 and 15 °C" in said
    assert "Chance of rain 50 %" in said
    with lake_of(full) as lake:
        query = "SELECT comfort_score, comfort_low, comfort_high FROM lake.forecast.outlook WHERE station_id = 108"
        score, low, high = lake.query(f"{query} ORDER BY valid_on, period DESC LIMIT 1").fetchall()[0]
    assert f'<div class="w-big">{score:.0f}' in said
    assert f"8 times in 10 between {low:.0f} and {high:.0f} points" in said
    days = text(run("forecast"))
    assert "Highest 14 °C · 8 times in 10 between 10 and 18 °C" in days
    assert "90 µg/m³ · 8 times in 10 between 86 and 94 µg/m³" in days


def test_the_score_against_rivals_is_told_also_when_it_loses(home: Path, run: Run) -> None:
    with lake_of(home) as lake:
        put_readings(lake, 108, NEWEST)
        put_scores(lake, 108, NEWEST, error=2.0, rival=1.5)
    said = text(run("trust"))
    assert '<div class="w-big">2.0 <small>°C' in said
    assert "Same as now 1.5 · Usual for the date 1.5 °C" in said
    assert "lost at: Same as now 48, Usual for the date 48" in said
    # 11 + 2 = 13 lies on the edge of the 80 % band and outside the 50 % band.
    assert "The 80 % band held 100 % of the readings, the 50 % band 0 %" in said


def test_the_address_chooses_and_remembers(full: Path, run: Run) -> None:
    app = run("forecast", station="159", lang="ko")
    assert app.session_state["station"] == 159
    assert app.query_params == {"station": "159", "lang": "ko"}
    assert "부산 (159)" in text(app)
    other = run("forecast", station="999", lang="xx")
    assert not other.exception
    assert other.session_state["station"] == 108


def test_choosing_a_station_changes_what_is_shown(full: Path, run: Run) -> None:
    app = run()
    app.selectbox(key="station").select(159).run()
    assert "Busan (159)" in text(app)


def test_a_new_snapshot_is_seen_at_the_next_question(full: Path, run: Run) -> None:
    assert "11.0 °C" in text(run())
    with lake_of(full) as lake:
        lake.connection.execute("UPDATE lake.clean.asos_hourly SET air_temperature_c = 12.5 WHERE station_id = 108")
    assert "12.5 °C" in text(run())


def test_data_and_drift_tell_what_the_monitors_found(home: Path, run: Run, tmp_path: Path) -> None:
    report = tmp_path / "week.html"
    report.write_text("<html><body>the weekly report</body></html>")
    with lake_of(home) as lake:
        put_readings(lake, 108, NEWEST)
        put_monitors(lake, 108, NEWEST, report)
    app = run("data")
    assert not app.exception
    said = text(app)
    # 24 hours: 2 missing, 1 rejected.
    assert "Of the 24 values expected in the last 30 days, 87.5 % are sound" in said
    assert "<td>99</td><td>spike · 80 °C above its neighbours</td>" in said
    assert "stuck · 30 equal values" in said
    assert "drifted: Air temperature" in said
    assert "the weekly report" not in str(app.main)
    app.toggle(key="drift_report").set_value(True).run()
    assert not app.exception
    assert "the weekly report" in str([element.proto for element in app.get("iframe")])


def test_own_limits_raise_the_plant_alert(full: Path, run: Run) -> None:
    app = run("plants")
    assert "Fine weather for plants" in text(app)
    app.number_input(key="plants_hot").set_value(10.0).run()
    assert "Hard hours for plants ahead" in text(app)
    assert "Hot from Today 06:00" in text(app)


def test_what_matters_to_a_person_changes_the_score(full: Path, run: Run) -> None:
    app = run()
    before = text(app)
    app.slider(key="weight_rain").set_value(0.0).run()
    after = text(app)
    assert "<td>-15</td>" in before
    assert "<td>-15</td>" not in after
    assert "<td>0</td>" in after
