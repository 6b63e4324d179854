"""/metrics: the values of the gauges, worked out by hand from the small lake, and the signals of the API itself."""

import re
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from dagster import DagsterRunStatus
from dagster._core.test_utils import create_run_for_test
from fastapi.testclient import TestClient
from forecast_lake import DAY, NEWEST, issue
from prometheus_client.parser import text_string_to_metric_families

from weather_assets.api.app import build_app
from weather_assets.automation.instance import open_instance
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

AIR = {"target": "air_temperature_c", "lead_group": "1-6 h"}


@pytest.fixture
def value(client):
    """Read one sample."""

    def of(name: str, **labels: str) -> float | None:
        samples = [
            sample
            for family in text_string_to_metric_families(client.get("/metrics").text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        return samples[0].value if samples else None

    return of


def test_gauges_say_what_the_lake_holds(value, filled):
    assert value("weather_up", part="lake") == 1
    assert value("weather_reading_observed_timestamp_seconds", station="108") == NEWEST.timestamp()
    assert value("weather_station_loaded", station="108") == 1
    issued = NEWEST.timestamp() + 600
    assert value("weather_forecast_issued_timestamp_seconds", station="129", target=AIR["target"]) == issued
    assert value("weather_raw_rows", table="raw.asos_hourly") == 2 * 49
    assert value("weather_correction_rows", table="raw.asos_hourly") == 2
    assert value("weather_forecast_rmse", **AIR) == pytest.approx(2.0)
    # Errors of 2 against persistence's 4: a quarter of the squared error is left.
    assert value("weather_forecast_skill_ratio", **AIR) == pytest.approx(0.75)
    assert value("weather_forecast_coverage_ratio", **AIR) == pytest.approx(0.8)
    assert value("weather_forecast_scored", **AIR) == 20
    assert value("weather_drift_score", station="108", element="wind_speed_ms") == pytest.approx(0.4)
    assert value("weather_sensor_fault_open", station="108", element="wind_speed_ms", fault="stuck") == 1
    size = sum(path.stat().st_size for path in filled.home.rglob("*.parquet"))
    assert value("weather_lake_bytes") == pytest.approx(size, rel=0.5)
    assert value("weather_source_calls_allowed", provider="airkorea") == 500
    assert value("process_resident_memory_bytes") > 1e7


@pytest.mark.parametrize(
    ("source", "hours_allowed", "hours_old", "is_fresh"),
    [
        ("kma_api_hub", 3, 3, True),
        ("kma_api_hub", 3, 4, False),
        ("data_go_kr", 37, 35, True),
        ("data_go_kr", 37, 38, False),
        ("csv:files", None, 900, True),
    ],
)
def test_health_and_the_exported_limit_follow_the_source(filled, set_clock, source, hours_allowed, hours_old, is_fresh):
    set_clock(NEWEST + timedelta(hours=hours_old))
    with TestClient(build_app(filled.model_copy(update={"source": source, "stations": (108, 129)}))) as client:
        checks = client.get("/health").json()["checks"]
        scraped = re.findall(r"^weather_reading_allowed_age_seconds (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert {check["ok"] for check in checks if check["subject"] == "readings"} == {is_fresh}
    assert [float(age) for age in scraped] == ([] if hours_allowed is None else [hours_allowed * 3600])


def test_a_station_that_is_not_among_the_settings_alarms_nobody(filled, set_clock, value):
    set_clock(NEWEST + timedelta(hours=1))
    with open_lake(filled) as lake:
        lake.query("DELETE FROM lake.clean.asos_hourly WHERE station_id = 129 AND observed_at > ?", [NEWEST - DAY])
    assert value("weather_reading_observed_timestamp_seconds", station="129") is None
    assert value("weather_sensor_fault_open", station="129") is None
    assert readings(filled) == [
        (True, "station 108: newest of 2026-03-10 12:00 KST"),
        (True, "also held, not among WEATHER_STATIONS: 129"),
    ]
    both = filled.model_copy(update={"stations": (108, 129)})
    assert readings(both)[1] == (False, "station 129: newest of 2026-03-09 12:00 KST")
    with TestClient(build_app(both)) as client:
        scraped = client.get("/metrics").text
    assert 'weather_reading_observed_timestamp_seconds{station="129"}' in scraped
    assert 'weather_sensor_fault_open{element="wind_speed_ms",fault="stuck",station="129"}' in scraped


@pytest.mark.parametrize(("source", "ok"), [("kma_api_hub", False), ("csv:files", True)])
def test_a_station_that_was_never_loaded_is_told(filled, set_clock, source, ok):
    set_clock(NEWEST)
    chosen = filled.model_copy(update={"stations": (90,), "source": source})
    assert readings(chosen)[0] == (ok, "station 90: never loaded")
    with TestClient(build_app(chosen)) as client:
        scraped = client.get("/metrics").text
    assert 'weather_station_loaded{station="90"} 0.0' in scraped
    assert "weather_reading_observed_timestamp_seconds{" not in scraped


def readings(settings: Settings) -> list[tuple[bool, str]]:
    """What /health says of them."""
    with TestClient(build_app(settings)) as client:
        checks = client.get("/health").json()["checks"]
    return [(check["ok"], check["text"]) for check in checks if check["subject"] == "readings"]


def test_requests_are_counted_by_route_and_status(client, value):
    client.get("/predict/now")
    client.get("/predict/now?station=999")
    client.get("/models/air_temperature_c/history")
    client.get("/some/scan?of=names")
    assert value("weather_api_requests_total", route="/predict/now", status="200") == 1
    assert value("weather_api_requests_total", route="/predict/now", status="404") == 1
    assert value("weather_api_requests_total", route="/models/{target}/history", status="200") == 1
    assert value("weather_api_requests_total", route="none", status="404") == 1
    assert value("weather_api_request_seconds_count", route="/predict/now") == 2
    # The scrape itself.
    assert value("weather_api_requests_in_progress") == 1


def test_a_part_that_does_not_answer_does_not_blind_the_rest(client, value, filled):
    (filled.home / "catalog.sqlite").rename(filled.home / "elsewhere")
    assert value("weather_up", part="lake") == 0
    assert value("weather_up", part="home") == 1
    assert value("weather_reading_observed_timestamp_seconds", station="108") is None
    (filled.home / "elsewhere").rename(filled.home / "catalog.sqlite")
    assert value("weather_up", part="lake") == 1


def test_a_lake_that_is_slow_is_told_as_it_was(client, value, filled, monkeypatch):
    """Else the scrape would be given up, and nothing at all be known."""
    assert value("weather_lake_snapshot") is not None
    before = value("weather_lake_snapshot")
    with open_lake(filled) as lake:
        issue(lake, NEWEST.replace(hour=4))
    monkeypatch.setattr("weather_assets.api.platform_metrics.LONGEST_S", -1.0)
    sleep(1.1)
    assert value("weather_lake_snapshot") == before
    monkeypatch.setattr("weather_assets.api.platform_metrics.LONGEST_S", 5.0)
    assert value("weather_lake_snapshot") > before


def test_runs_of_the_home(client, value, filled, set_clock, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", "restored afterwards")
    with open_instance(filled.home) as instance:
        for status in (DagsterRunStatus.FAILURE, DagsterRunStatus.FAILURE, DagsterRunStatus.NOT_STARTED):
            create_run_for_test(instance, job_name="hourly_cycle", status=status)
    set_clock(datetime.now(UTC))
    assert value("weather_runs_last_day", job="hourly_cycle", status="failure") == 2
    assert value("weather_runs_waiting") == 1
