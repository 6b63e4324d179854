"""Loads from a service that break off, are started again, meet holes, new stations and corrections."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from local_services import Rows, load, rows, service_settings

from weather_assets import clock
from weather_assets.clock import DAY, HOUR, KST
from weather_assets.settings import Settings
from weather_assets.sources.failures import QuotaExceeded
from weather_assets.sources.kma_service import Correction, Fault, FaultKind, KmaService, LateReading
from weather_assets.sources.simulator import SimulatorSource

KEY = "h1dden+/ke=y=="
FIRST, LAST = date(2021, 1, 1), date(2021, 9, 1)
"""244 days, 5,856 hours: 6 calls of 999 hours."""

CALLS = 6
ALL = "SELECT station_id, observed_at, ta, hm, rn FROM raw.asos_hourly ORDER BY 1, 2"


class Observed(SimulatorSource):
    """Invented readings that pass for observations, which is what a service has."""

    @property
    def simulated(self) -> bool:
        return False


@pytest.fixture
def service() -> Iterator[KmaService]:
    with KmaService(Observed(), key=KEY) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, service: KmaService) -> Settings:
    return service_settings(tmp_path / "home", service, "data_go_kr")


def expected(*station_ids: int, first: date = FIRST, last: date = LAST) -> Rows:
    """What a provider without faults has."""
    start, end = clock.kst_midnight(first), clock.kst_midnight(last + DAY)
    tables = SimulatorSource().asos_hourly(station_ids, start, end)
    found = [
        (row["station_id"], row["observed_at"], _number(row["ta"]), _number(row["hm"]), _number(row["rn"]))
        for table in tables
        for row in table.select(["station_id", "observed_at", "ta", "hm", "rn"]).to_pylist()
    ]
    return sorted(found, key=lambda row: row[:2])


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def held(settings: Settings) -> Rows:
    return [(s, t.astimezone(UTC), *map(_number, values)) for s, t, *values in rows(settings, ALL)]


def windows(service: KmaService) -> list[tuple[str, str]]:
    """Station and first hour of each call."""
    return [
        (request.parameters["stnIds"], request.parameters["startDt"] + request.parameters["startHh"])
        for request in service.requests
    ]


def test_a_spent_quota_keeps_what_came_and_the_next_start_asks_for_the_rest(
    settings: Settings, service: KmaService
) -> None:
    service.inject(Fault(FaultKind.QUOTA, after=4, times=None))
    with pytest.raises(QuotaExceeded):
        load(settings, FIRST, LAST)
    assert set(held(settings)) <= set(expected(108))
    assert 4 * 999 * 0.99 < len(held(settings)) <= 4 * 999
    service.clear_faults()
    before = service.calls()
    said = load(settings, FIRST, LAST)
    assert service.calls() - before == CALLS - 4
    assert said["calls_today"] == f"data_go_kr {service.calls()} of 10,000"
    assert held(settings) == expected(108)


@pytest.mark.slow
def test_a_killed_load_goes_on_where_it_was(settings: Settings, service: KmaService) -> None:
    service.inject(Fault(FaultKind.SLOW, delay_s=0.4, times=None))
    first, last = FIRST, date(2022, 12, 31)
    code = (
        "from datetime import date; from weather_assets.settings import Settings; "
        "from local_services import load; load(Settings(_env_file=None), date(2021, 1, 1), date(2022, 12, 31))"
    )
    variables = {
        "WEATHER_HOME": str(settings.home), "WEATHER_SOURCE": "data_go_kr", "DATA_GO_KR_KEY": KEY,
        "WEATHER_DATA_GO_KR_URL": service.data_go_kr_url,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **variables}) as process:
        while service.calls() < 12 and process.poll() is None:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    service.clear_faults()
    kept, before = len(held(settings)), service.calls()
    assert 0 < kept < len(expected(108, last=last))
    load(settings, first, last)
    again = windows(service)[before:]
    assert len(again) == -(-(730 * 24 - kept) // 999)
    assert held(settings) == expected(108, last=last)


def test_what_the_provider_does_not_have_is_asked_for_once(settings: Settings, service: KmaService) -> None:
    never = clock.kst_midnight(date(2100, 1, 1))
    for hour in (datetime(2021, 2, 3, 4, tzinfo=KST), datetime(2021, 5, 6, 7, tzinfo=KST)):
        service.withhold(LateReading(108, hour, since=never))
    load(settings, FIRST, LAST)
    load(settings, FIRST, LAST)
    assert service.calls() == CALLS
    lacking = rows(settings, "SELECT begins_at, ends_at, is_empty FROM meta.absences ORDER BY 1")
    assert (datetime(2021, 2, 3, 4, tzinfo=KST), datetime(2021, 2, 3, 5, tzinfo=KST), False) in lacking


def test_readings_that_come_late_are_seen_by_a_refetch(settings: Settings, service: KmaService) -> None:
    service.withhold(LateReading(108, datetime(2021, 2, 3, 4, tzinfo=KST), since=clock.kst_midnight(date(2100, 1, 1))))
    load(settings, FIRST, date(2021, 2, 10))
    service._readings.late.clear()
    service.correct(Correction(108, datetime(2021, 2, 4, 9, tzinfo=KST), "ta", "-33.3", since=datetime.now(UTC) - DAY))
    said = load(settings, FIRST, date(2021, 2, 10), again=True)
    assert (said["appended"], said["corrections"]) == (2, 1)


def test_an_empty_answer_is_not_believed_before_it_was_given_on_two_days(
    settings: Settings, service: KmaService, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=KST)
    monkeypatch.setattr(clock, "now", lambda: now)
    service.inject(Fault(FaultKind.ITEMS_EMPTY_STRING, times=None))
    day = date(2021, 1, 5)
    for hours, calls in ((0, 1), (2, 2), (24, 3), (26, 3)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: now + hours * HOUR)
        load(settings, day, day)
        assert service.calls() == calls
    service.clear_faults()
    assert load(settings, day, day, again=True)["appended"] == 24


def test_an_empty_answer_that_was_a_fault_heals_with_the_next_load(settings: Settings, service: KmaService) -> None:
    service.inject(Fault(FaultKind.ITEMS_MISSING, after=2))
    load(settings, FIRST, LAST)
    load(settings, FIRST, LAST)
    assert service.calls() == CALLS + 1
    assert held(settings) == expected(108)


def test_a_new_station_is_loaded_alone_and_one_taken_out_keeps_its_rows(
    settings: Settings, service: KmaService
) -> None:
    load(settings, FIRST, date(2021, 1, 31))
    load(settings.model_copy(update={"stations": (108, 159)}), FIRST, date(2021, 1, 31))
    assert [station for station, _ in windows(service)] == ["108", "159"]
    load(settings.model_copy(update={"stations": (159,)}), FIRST, date(2021, 2, 1))
    assert windows(service)[2:] == [("159", "2021020100")]
    assert held(settings)[-1][:2] == (159, datetime(2021, 2, 1, 14, tzinfo=UTC))
    assert [row for row in held(settings) if row[0] == 108] == expected(108, last=date(2021, 1, 31))


def test_days_between_are_fetched_with_the_fewest_calls(settings: Settings, service: KmaService) -> None:
    for day in (3, 10, 24):
        load(settings, date(2021, 3, day), date(2021, 3, day))
    before = service.calls()
    load(settings, date(2021, 3, 1), date(2021, 3, 31))
    assert service.calls() == before + 1
    assert held(settings) == expected(108, first=date(2021, 3, 1), last=date(2021, 3, 31))


def test_the_hub_is_asked_for_the_newest_hour_only(
    tmp_path: Path, service: KmaService, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = service_settings(tmp_path / "home", service, "kma_api_hub", (108, 159))
    today = date(2021, 7, 1)
    for hour in (9, 10):
        now = datetime(2021, 7, 1, hour, 12, tzinfo=KST)
        service.set_now(now)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        load(settings, today, today)
    assert [request.endpoint for request in service.requests] == ["kma_sfctm3", "kma_sfctm2"]
    assert service.requests[-1].parameters["tm"] == "202107011000"


def test_data_go_kr_is_asked_once_for_yesterday_however_often_the_cycle_runs(
    settings: Settings, service: KmaService, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_at = []
    for hour in (0, 1, 9, 10, 11, 23):
        now = datetime(2021, 7, 2, hour, 12, tzinfo=KST)
        service.set_now(now)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        before = service.calls()
        load(settings, date(2021, 7, 1), date(2021, 7, 2))
        asked_at += [hour] * (service.calls() - before)
    assert asked_at == [10]
    assert held(settings) == expected(108, first=date(2021, 7, 1), last=date(2021, 7, 1))
