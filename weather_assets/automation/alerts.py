"""Sensors that tell people: failed runs, late readings or forecasts, sensor faults, and a digest each morning.

Each tick compares what is wrong now with what was told (the cursor) and says what has come and what is over. Nothing
waits for a webhook: an alert or digest that cannot be delivered is tried again at the next tick. A decision
(`tell_once`) is said once; where that fails the tick's log keeps it.
"""

import json
from collections.abc import Iterable, Sequence

import dagster as dg

from weather_assets import clock
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.failed_runs import failed_runs
from weather_assets.clock import KST
from weather_assets.monitoring.alerts import conditions
from weather_assets.monitoring.alerts.alert import Alert, Message, messages, told_after
from weather_assets.monitoring.alerts.digest import digest
from weather_assets.monitoring.alerts.webhooks import has_webhook, send
from weather_assets.monitoring.lateness import allowed_reading_age
from weather_assets.settings import Settings

DIGEST_HOUR = 7
MOST_PER_TICK = 10
"""Messages sent in one tick, so that a slow webhook cannot use up its time; the others follow at the next."""

_ON = dg.DefaultSensorStatus.RUNNING


@dg.sensor(minimum_interval_seconds=60, default_status=_ON)
def run_failure_alert(context: dg.SensorEvaluationContext, readings: dg.ResourceParam[Readings]) -> dg.SkipReason:
    """Jobs whose last run failed; over when a later run succeeds."""
    return _tell(context, readings.settings, failed_runs(context.instance, readings.settings.dagster_url))


@dg.sensor(minimum_interval_seconds=300, default_status=_ON)
def freshness_alert(
    context: dg.SensorEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.SkipReason:
    """Stations whose readings or forecasts are late."""
    settings = readings.settings
    if allowed_reading_age(settings.source) is None:
        return dg.SkipReason("the source is a folder of files: nothing is due")
    with lake.reader() as opened:
        late = opened and [
            *conditions.late(opened, readings.station_ids, settings.source, clock.now(), settings.dagster_url)
        ]
    return _tell(context, settings, late or [])


@dg.sensor(minimum_interval_seconds=300, default_status=_ON)
def sensor_fault_alert(
    context: dg.SensorEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.SkipReason:
    """Sensor faults that last."""
    with lake.reader() as opened:
        found = opened and [*conditions.faults(opened, readings.station_ids, readings.settings.dagster_url)]
    return _tell(context, readings.settings, found or [])


@dg.sensor(minimum_interval_seconds=600, default_status=_ON)
def morning_digest(
    context: dg.SensorEvaluationContext, lake: dg.ResourceParam[LakeStore], readings: dg.ResourceParam[Readings]
) -> dg.SkipReason:
    """Once a day, after DIGEST_HOUR: what the night brought, in a few lines."""
    now, settings = clock.now().astimezone(KST), readings.settings
    if now.hour < DIGEST_HOUR or context.cursor == str(now.date()):
        return dg.SkipReason(f"the next digest is sent after {DIGEST_HOUR:02}:00 KST")
    with lake.reader() as opened:
        text = digest(opened, readings.station_ids, now) if opened else None
    if text is None:
        return dg.SkipReason("there are no readings to write a digest of")
    failure = send(
        settings, Message("digest", f"digest:{now.date()}", f"Weather, {now:%Y-%m-%d}", text, _home(settings))
    )
    if failure:
        return dg.SkipReason(f"the digest could not be delivered: {failure}")
    context.update_cursor(str(now.date()))
    return dg.SkipReason(f"digest{_to(settings)}: {text}")


def tell_once(context: dg.SensorEvaluationContext, settings: Settings, message: Message) -> str:
    """Send a message on something decided in this tick; returns words for the tick."""
    failure = send(settings, message)
    if failure:
        context.log.warning(f"not delivered: {failure}")
    return f"{message.title}: {message.text}"


def _tell(context: dg.SensorEvaluationContext, settings: Settings, wrong: Iterable[Alert]) -> dg.SkipReason:
    """Send what has changed since the last tick, and remember what was delivered."""
    told: dict[str, str] = json.loads(context.cursor or "{}")
    changes = messages(told, wrong)[:MOST_PER_TICK]
    failures = {message.key: send(settings, message) for message in changes}
    sent = [message for message in changes if failures[message.key] is None]
    told = told_after(told, sent)
    context.update_cursor(json.dumps(told))
    undelivered = [failure for failure in failures.values() if failure]
    return dg.SkipReason(_words(settings, sent, undelivered, told))


def _words(settings: Settings, sent: Sequence[Message], undelivered: Sequence[str], told: dict[str, str]) -> str:
    said = [f"{message.event}{_to(settings)}: {message.title}: {message.text}" for message in sent]
    failed = [f"{len(undelivered)} not delivered and tried again: {undelivered[0]}"] if undelivered else []
    if said or failed:
        return "; ".join([*said, *failed])
    return f"nothing new; told before: {', '.join(told.values())}" if told else "all is well"


def _to(settings: Settings) -> str:
    return "" if has_webhook(settings) else " (no webhook is set, see SLACK_WEBHOOK_URL)"


def _home(settings: Settings) -> str:
    return f"{settings.dagster_url}/asset-groups"
