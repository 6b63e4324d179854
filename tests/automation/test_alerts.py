"""The sensors that tell people, tick by tick, with a webhook that keeps what it is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sensor_ticks import Sensors
from small_world import DAY, HOUR, World, at
from webhook import Webhook, webhook

from weather_assets.sources.failures import Origin, key_refused

ORIGIN = Origin("data_go_kr", "getWthrDataList", "DATA_GO_KR_KEY", "WEATHER_DATA_GO_KR_URL")
REFUSED = key_refused(ORIGIN, "the key is not registered")


@pytest.fixture
def told(world: World) -> Iterator[Webhook]:
    """The webhook that the settings of the world name."""
    with webhook() as kept:
        settings = world.settings.model_copy(update={"slack_webhook_url": _secret(kept.url)})
        world.settings = settings
        world.resources["readings"] = type(world.resources["readings"])(settings, world.source)
        yield kept


@pytest.fixture
def sensors(world: World) -> Sensors:
    return Sensors(world)


def _secret(url: str) -> Any:
    from pydantic import SecretStr

    return SecretStr(url)


def texts(told: Webhook) -> list[str]:
    """First lines of what was told since the last question."""
    lines = [body["text"].splitlines()[0] for body in told.received]
    told.received.clear()
    return lines


def test_a_failed_run_is_told_once_and_its_recovery_too(world: World, told: Webhook, sensors: Sensors) -> None:
    assert sensors.tick("run_failure_alert") == "all is well"
    world.source.failures = [REFUSED]
    run_id = world.run_days("load_raw", 20, 20)
    said = sensors.tick("run_failure_alert")
    assert "load_raw failed" in said
    assert "the key is not registered" in told.received[0]["text"]
    assert f"/runs/{run_id}" in told.received[0]["text"]
    assert texts(told) == [":rotating_light: *load_raw failed*"]
    assert sensors.tick("run_failure_alert") == "nothing new; told before: load_raw failed"
    world.run_days("load_raw", 20, 20)
    sensors.tick("run_failure_alert")
    assert texts(told) == [":white_check_mark: resolved: load_raw failed"]


def test_what_a_dead_webhook_missed_is_told_when_it_answers(world: World, told: Webhook, sensors: Sensors) -> None:
    world.source.failures = [REFUSED]
    world.run_days("load_raw", 20, 20)
    told.status = 500
    said = sensors.tick("run_failure_alert")
    assert said == "1 not delivered and tried again: SLACK_WEBHOOK_URL: HTTP 500"
    told.status = 200
    sensors.tick("run_failure_alert")
    assert texts(told) == [":rotating_light: *load_raw failed*"]


def test_readings_that_stay_away_are_told_until_they_come(world: World, told: Webhook, sensors: Sensors) -> None:
    world.build(18, 20)
    assert sensors.tick("freshness_alert") == "all is well"
    newest = at(20, 12)
    world.now = newest + 37 * HOUR
    assert sensors.tick("freshness_alert") == "all is well"
    world.now += timedelta(minutes=1)
    said = sensors.tick("freshness_alert")
    assert "the newest is of 2021-03-20 12:00 KST; data_go_kr should deliver within 37 h" in said
    assert texts(told) == [":rotating_light: *Seoul (108): no new readings*"]
    world.build(21, 22)
    sensors.tick("freshness_alert")
    assert texts(told) == [":white_check_mark: resolved: Seoul (108): no new readings"]


def test_a_forecast_that_stays_away_is_told(world: World, told: Webhook, sensors: Sensors) -> None:
    world.build(18, 20)
    world.issue(at(20, 10))
    assert sensors.tick("freshness_alert") == "all is well"
    world.now = at(20, 15)
    world.build(20, 20)
    sensors.tick("freshness_alert")
    assert texts(told) == [":rotating_light: *Seoul (108): no new forecast*"]


@pytest.mark.settings(source="csv:somewhere")
def test_nothing_is_due_from_a_folder(world: World, sensors: Sensors) -> None:
    assert sensors.tick("freshness_alert") == "the source is a folder of files: nothing is due"


def test_a_sensor_fault_is_told_while_it_lasts(world: World, told: Webhook, sensors: Sensors) -> None:
    world.source.changed = {(108, at(20, 1) + n * HOUR): "-80.0" for n in range(14)}
    world.now = at(20, 12, 30)
    world.build(18, 20)
    sensors.tick("sensor_fault_alert")
    assert texts(told) == [":rotating_light: *Seoul (108): air temperature has a sensor fault (stuck)*"]
    world.now = at(20, 18)
    world.build(20, 20)
    sensors.tick("sensor_fault_alert")
    assert texts(told) == [":white_check_mark: resolved: Seoul (108): air temperature has a sensor fault (stuck)"]


def test_a_digest_is_sent_once_each_morning(world: World, told: Webhook, sensors: Sensors) -> None:
    world.now = at(20, 6)
    assert sensors.tick("morning_digest") == "the next digest is sent after 07:00 KST"
    world.now = at(20, 7, 5)
    assert sensors.tick("morning_digest") == "there are no readings to write a digest of"
    hours = [at(17) + n * HOUR for n in range(80)]
    world.source.changed = {(108, hour): f"{10 + hour.hour / 10 + (hour.day - 19) / 10:.1f}" for hour in hours}
    world.build(17, 20)
    world.issue(at(18, 23))
    world.run_days("verify", 19, 19)
    world.now = at(20, 8)
    said = sensors.tick("morning_digest")
    assert "newest reading 2021-03-20 06:00 KST; yesterday 0 hours of forecasts issued, 0 sensor faults seen" in said
    # 24 forecasts of 15.0 °C; the readings are 10.0, 10.1 .. 12.3 °C, the one of the hour of issue 12.2 °C.
    assert "air_temperature_c: mean error 3.85" in said
    assert "persistence 1.06 (24 forecasts)" in said
    assert len(texts(told)) == 1
    assert sensors.tick("morning_digest") == "the next digest is sent after 07:00 KST"
    world.now += DAY
    assert "2021-03-21" in str(world.now.date())
    sensors.tick("morning_digest")
    assert texts(told) == [":sunny: *Weather, 2021-03-21*"]
