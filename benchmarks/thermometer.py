"""A thermometer that steps, with all that is derived from it, put into real readings; used by watching.py.

It is judged as the platform does it: at the end of each day, from the readings up to then. A step counts as found where
the hour that is named lies within a day of the true one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

import numpy as np

from weather_assets.clock import KST
from weather_assets.monitoring.faults import expected
from weather_assets.monitoring.faults.instruments import Instruments
from weather_assets.monitoring.faults.neighbours import temperatures_of
from weather_assets.monitoring.faults.series import Places, StationHours
from weather_assets.monitoring.faults.signal import episodes
from weather_assets.monitoring.faults.step import JUDGED_DAYS, stepped

PutIn = Callable[[StationHours, int], StationHours]
SIZES_C = (1.5, -1.5, 2.0, -2.0, 3.0)
WITHIN_H, AFTER_H, DAY_H = 168, 240, 24
BEFORE_H = (JUDGED_DAYS + 5) * DAY_H
TEMPERATURE = "air_temperature_c"


def print_steps(
    stations: Sequence[StationHours], biased: Callable[[float], PutIn], first_hour: int, placements: int, seed: int
) -> None:
    """Print how many steps of the first station are found alone and with the others, and what is told without any.

    The hours from `first_hour` on count, to the end of the readings of all; stations reach HISTORY_DAYS before it.
    """
    sets = [stations[:1], stations][: len(stations)]
    print("\n| step of the thermometer | other stations | found within 7 days | median delay h | never in 10 days |")
    print("|---|---|---|---|---|")
    for known in sets:
        places = _placements(known, first_hour, placements, seed)
        with _learnt_once(known):
            for size_c in SIZES_C:
                delays = np.array([_delay(known, biased(size_c), place) for place in places])
                median = np.quantile(delays, 0.5, method="inverted_cdf")
                row = f"{len(known) - 1} | {(delays <= WITHIN_H).mean():.1%} | {median:.0f} | {np.isinf(delays).sum()}"
                print(f"| {size_c:+.1f} °C | {row} |", flush=True)
    print("\n| steps told of in readings as delivered | other stations | began | evidence |\n|---|---|---|---|")
    for known in sets:
        told = list(_told(known, first_hour))
        for began, evidence in told:
            print(f"| | {len(known) - 1} | {datetime.fromtimestamp(began * 3600, UTC).astimezone(KST)} | {evidence} |")
        years = (_last_hour(known) - first_hour) / 8766
        print(f"| {len(told) / years:.2f} a year in {years:.1f} years | {len(known) - 1} | | |")


@contextmanager
def _learnt_once(stations: Sequence[StationHours]) -> Iterator[None]:
    """Within it each month is learnt from the whole readings, once: it rests on those from before any of its faults."""
    learn, readings, nearby_c = (
        expected.learnt_before,
        Instruments(stations[0]),
        temperatures_of(stations[1:], stations[0]),
    )

    @cache
    def once(first_hour: int, nearby: int) -> expected.Learnt | None:
        return learn(readings, list(nearby_c[:nearby]), first_hour)

    expected.learnt_before = lambda _, nearby, first_hour: once(first_hour, len(nearby))
    try:
        yield
    finally:
        expected.learnt_before = learn


def _last_hour(stations: Sequence[StationHours]) -> int:
    return min(int(station.hours[-1]) for station in stations)


def _placements(stations: Sequence[StationHours], first_hour: int, number: int, seed: int) -> Places:
    """Hours of the fault, as places on the axis of the first station."""
    station = stations[0]
    usable = np.flatnonzero(np.isfinite(station[TEMPERATURE]))
    hours = station.hours[usable]
    usable = usable[(hours >= first_hour) & (hours < _last_hour(stations) - AFTER_H)]
    return np.random.default_rng(seed).choice(usable, number, replace=False)


def _delay(stations: Sequence[StationHours], put_in: PutIn, place: int) -> float:
    """Hours until the step is told of, infinite where it is not."""
    hour = int(stations[0].hours[place])
    trial, *others = (_cut(station, hour - BEFORE_H, hour + AFTER_H) for station in stations)
    at = hour - trial.first_hour
    faulty = put_in(trial, at)
    for signal in stepped(faulty, [faulty, *others], int(trial.hours[at])):
        found = np.flatnonzero(signal.seen & (np.abs(signal.began - at) <= DAY_H))
        if found.size:
            return float(found[0] - at + 1)
    return float("inf")


def _cut(station: StationHours, first_hour: int, end_hour: int) -> StationHours:
    """The readings of first_hour <= hour < end_hour."""
    window = slice(max(first_hour - station.first_hour, 0), max(end_hour - station.first_hour, 0))
    values = {name: series[window] for name, series in station.values.items()}
    return StationHours(station.station_id, int(station.hours[window][0]), values)


def _told(stations: Sequence[StationHours], first_hour: int) -> Iterator[tuple[int, str]]:
    """Hour since 1970 and evidence of each step that is told of."""
    end = _last_hour(stations) + 1
    station, *others = (_cut(one, 0, end) for one in stations)
    for signal in stepped(station, [station, *others], first_hour):
        for episode in episodes(signal):
            yield int(station.hours[episode.began]), signal.evidence(episode.detected)
