"""All detectors on stations x days: one row per station, day, element and fault, as it was known at the day's end."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.forecasting.hours import times_of
from weather_assets.monitoring.faults import instruments, step
from weather_assets.monitoring.faults.bias import contradictions
from weather_assets.monitoring.faults.clock_shift import clock_shift
from weather_assets.monitoring.faults.gap import gaps
from weather_assets.monitoring.faults.neighbours import moved_away
from weather_assets.monitoring.faults.series import StationHours
from weather_assets.monitoring.faults.signal import Episode, Signal, episodes
from weather_assets.monitoring.faults.stuck import stuck
from weather_assets.monitoring.faults.units import wrong_units
from weather_assets.monitoring.faults.zero_coding import zero_coded

LOOKBACK_DAYS = 30
"""Days of readings before the first day that the detectors want; a fault is dated back as far as that."""

ELEMENTS = (
    "air_temperature_c",
    "relative_humidity_pct",
    "dew_point_c",
    "vapor_pressure_hpa",
    "station_pressure_hpa",
    "sea_level_pressure_hpa",
    "wind_speed_ms",
    "ground_temperature_c",
    "solar_radiation_mj_m2",
)
"""What the detectors read: values as received, in our units, also those that quality control takes out."""

HISTORY_ELEMENTS, HISTORY_DAYS = instruments.ELEMENTS, LOOKBACK_DAYS + step.HISTORY_DAYS
"""What the search for steps reads, and from how many days before the first day."""

COLUMNS = ("station_id", "observed_on", "element", "fault", "began_at", "detected_at", "ended_at", "evidence")


def signals(station: StationHours, all_stations: Sequence[StationHours]) -> Iterator[Signal]:
    """Every detector's word on a station; what is plainly of another unit or zero-coded is not judged again."""
    yield from gaps(station)
    plain = _plain(station)
    yield from plain
    station = _without(station, plain)
    yield from stuck(station)
    yield from contradictions(station)
    yield from clock_shift(station)
    yield from moved_away(station, all_stations)


def steps(histories: Sequence[StationHours], since_hour: int) -> Iterator[tuple[StationHours, Signal]]:
    """Thermometers that stepped, by the long histories of stations; what is plainly wrong takes no part in them."""
    sound = [_without(history, _plain(history)) for history in histories]
    for history in sound:
        for signal in step.stepped(history, sound, since_hour):
            yield history, signal


def _plain(station: StationHours) -> list[Signal]:
    return [*wrong_units(station), *zero_coded(station)]


def _without(station: StationHours, plain: Sequence[Signal]) -> StationHours:
    for signal in plain:
        station = station.without(signal.element, signal.seen)
    return station


def find_faults(
    stations: Sequence[StationHours], first: date, last: date, histories: Sequence[StationHours] = ()
) -> pd.DataFrame:
    """Rows of monitor.sensor_faults for the KST days first..last; a fault has a row on each day that it is seen.

    `stations` are readings from LOOKBACK_DAYS before `first`, `histories` those of the same stations and of
    HISTORY_ELEMENTS from HISTORY_DAYS before it; without them no steps are looked for.

    `ended_at` is the first hour of the day that was in order again, None where the fault lasts at the end of the day.
    What a row says rests on readings up to the end of its day, so a day by itself gives the rows it gives among others.
    """
    since_hour = int(np.datetime64(first, "h").astype(np.int64)) - STAMP_OFFSET_H - LOOKBACK_DAYS * 24
    told = [(station, signal) for station in stations for signal in signals(station, stations)]
    rows = [
        row
        for station, signal in (*told, *steps(histories, since_hour))
        for episode in episodes(signal)
        for row in _rows(station, signal, episode, first, last)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    times = {name: pd.to_datetime(frame[name], utc=True) for name in ("began_at", "detected_at", "ended_at")}
    # Two units may explain one value, two detectors see one bias: the first that was seen stands.
    return frame.assign(**times).drop_duplicates(["station_id", "observed_on", "element", "fault"])


def _rows(
    station: StationHours, signal: Signal, episode: Episode, first: date, last: date
) -> Iterator[tuple[object, ...]]:
    day_of = (station.hours + STAMP_OFFSET_H) // 24
    earliest = np.datetime64(first).astype(np.int64)
    seen = np.flatnonzero(signal.seen[: episode.last_seen + 1])
    for day in np.unique(day_of[seen[seen >= episode.detected]]):
        if not earliest <= day <= np.datetime64(last).astype(np.int64):
            continue
        end = int(np.searchsorted(day_of, day, side="right")) - 1
        last_seen = int(seen[seen <= end][-1])
        oldest = int(np.searchsorted(day_of, day - LOOKBACK_DAYS))
        yield (
            station.station_id,
            np.datetime64(int(day), "D").astype(date),
            signal.element,
            str(signal.fault),
            _instant(station, max(episode.began, oldest)),
            _instant(station, max(episode.detected, oldest)),
            None if last_seen == end else _instant(station, last_seen + 1),
            signal.evidence(last_seen),
        )


def _instant(station: StationHours, place: int) -> datetime:
    return times_of(station.hours[[place]])[0].to_pydatetime()
