"""Answers about drift and health, made from the lake and the registry."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from weather_assets.api.problems import Problem
from weather_assets.api.replies import Check, Drift, DriftRow, ModelVersion
from weather_assets.clock import KST
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake
from weather_assets.monitoring.lateness import FORECAST_AFTER_READING, allowed_reading_age
from weather_assets.tables import CLEAN_ASOS_HOURLY, FORECAST_HOURLY


def drift(lake: Lake) -> Drift:
    """The rows of the newest week in monitor.drift; raises Problem (404) where no week was judged yet."""
    rows = _newest_week(lake) if lake.has("monitor.drift") else []
    if not rows:
        raise Problem(404, "no-drift", "no week was judged yet; the weekly run of monitor/drift does it")
    names = DriftRow.model_fields
    return Drift(rows=[DriftRow.model_validate(dict(zip(names, row, strict=True))) for row in rows])


def _newest_week(lake: Lake) -> list[tuple[object, ...]]:
    return lake.query(
        "SELECT station_id, CAST(week AS VARCHAR), element, drifted, score, method FROM lake.monitor.drift "
        "WHERE week = (SELECT max(week) FROM lake.monitor.drift) ORDER BY station_id, element"
    ).fetchall()


def lake_checks(lake: Lake, at: datetime, source: str, station_ids: Sequence[int]) -> Iterator[Check]:
    """Whether readings and forecasts are there, and whether they are as fresh as the source lets them be.

    Only the stations of the settings are expected to send something, as `weather doctor` has it.
    """
    allowed = allowed_reading_age(source)
    simulated = lake.is_simulated()
    kind = "no readings yet" if simulated is None else "simulated readings" if simulated else "real readings"
    yield Check(subject="lake", ok=simulated is not None, text=f"{kind}, snapshot {lake.snapshot()}")
    yield from _reading_checks(lake, at, allowed, station_ids)
    yield from _forecast_checks(lake, at, allowed)


def _reading_checks(lake: Lake, at: datetime, allowed: timedelta | None, station_ids: Sequence[int]) -> Iterator[Check]:
    held = dict(
        lake.query(
            f"SELECT station_id, max(observed_at) FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )
    for station_id in station_ids:
        newest = held.pop(station_id, None)
        said = f"newest of {newest.astimezone(KST):%Y-%m-%d %H:%M} KST" if newest else "never loaded"
        is_fresh = allowed is None or (newest is not None and at - newest <= allowed)
        yield Check(subject="readings", ok=is_fresh, text=f"station {station_id}: {said}")
    if held:
        others = ", ".join(map(str, held))
        yield Check(subject="readings", ok=True, text=f"also held, not among WEATHER_STATIONS: {others}")


def _forecast_checks(lake: Lake, at: datetime, allowed: timedelta | None) -> Iterator[Check]:
    issues = dict(
        lake.query(
            f"SELECT target, max(issued_at) FROM lake.{FORECAST_HOURLY.qualified_name} "
            "WHERE role = 'champion' AND kind = 'live' GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )
    if not issues:
        yield Check(subject="forecast", ok=False, text="none was issued yet; weather backfill issues one")
    for target, newest in issues.items():
        text = f"{target}: issued {newest.astimezone(KST):%Y-%m-%d %H:%M} KST"
        is_fresh = allowed is None or at - newest <= allowed + FORECAST_AFTER_READING
        yield Check(subject="forecast", ok=is_fresh, text=text)


def champion_checks(champions: list[ModelVersion]) -> Iterator[Check]:
    """Whether every target has a champion."""
    of = {version.target: version.version for version in champions}
    for target in TARGETS:
        text = f"version {of[target]}" if target in of else f"none; weather train --target {target}"
        yield Check(subject="champion", ok=target in of, text=f"{target}: {text}")
