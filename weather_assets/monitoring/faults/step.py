"""A thermometer that has stepped to another level: the surprise of one hour that the days after it bear out.

A bias that sets in is two things at once: one hour that is off what the hour before and the other instruments lead to,
and days that are off what ground, soil, humidity, sun and wind imply, by the same amount. Weather does one or the
other; both together, as a log-likelihood ratio against "nothing happened", are rare. Student distributions keep one odd
hour or week from deciding alone. A bias that grows slowly, or sets in while the sensor is silent, is not seen.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.expected import FIT_DAYS, UNSETTLED_DAYS, Expected, against_expected
from weather_assets.monitoring.faults.instruments import TEMPERATURE
from weather_assets.monitoring.faults.neighbours import temperatures_of, within
from weather_assets.monitoring.faults.series import NONE, Places, StationHours, back
from weather_assets.monitoring.faults.signal import Fault, Signal

SIZES_C = (1.5, 2.0, 3.0)
"""Steps that are looked for, up and down."""
THRESHOLD, LEAST_CHANGE_C = 6.4, 0.75
"""Log-likelihood ratio, and change of the level, beyond which a step is told of: 5 false ones in Seoul 2012-2017."""
JUDGED_AFTER_DAYS, REFERENCE_DAYS, REMEMBERED_DAYS = 6, 14, 14
"""The level of so many days after a step is compared with so many before it; it is told of up to so many after it."""
LEVEL_ERROR, STEADIEST_C = 0.82, 0.3
"""Error of the level's change in standard deviations of the days before it, to which STEADIEST_C is added in squares
(quiet weeks promise no quiet third): measured on Seoul 2012-2017."""
NEARBY_KM, MOST_NEARBY = 150.0, 3
JUDGED_DAYS = REMEMBERED_DAYS + REFERENCE_DAYS + 1
HISTORY_DAYS = FIT_DAYS + UNSETTLED_DAYS + 31 + JUDGED_DAYS + 3
"""Days of readings before a day that its judgement wants."""
LAST_STAMP_H = 23
"""A day is judged when the reading of this KST hour, its last, is there."""
_RESPONSE = (1.0, -0.2)
"""Share of a step that is a surprise in its first hours: the forecast of the second overshoots what the first began."""
_LEAST_KNOWN = 0.7
_FREEDOM = 5.0


def stepped(station: StationHours, all_stations: Sequence[StationHours], since_hour: int) -> Iterator[Signal]:
    """One signal, which speaks at the last hour of each KST day from `since_hour` on.

    None for a station without a ground thermometer. `station` should reach HISTORY_DAYS before `since_hour`; from less
    than LEAST_FIT_DAYS of readings nothing is said.
    """
    first = max(since_hour - station.first_hour, 0)
    places = np.arange(max(first - JUDGED_DAYS * 24, 0), len(station.hours))
    nearby = within(station, all_stations, NEARBY_KM)[:MOST_NEARBY]
    lone = against_expected(station, (), places)
    if not np.isfinite(lone.level_c).any():
        return
    expected = [lone]
    if nearby:
        expected.insert(0, against_expected(station, list(temperatures_of(nearby, station)), places))
    ratio, change_c = _evidence(expected)
    began = _verdicts(np.where(np.abs(change_c) >= LEAST_CHANGE_C, ratio, np.nan), station, first)
    yield Signal(TEMPERATURE, Fault.BIAS, began, lambda at: _words(change_c[began[at]], len(nearby)))


def _words(change_c: float, nearby: int) -> str:
    stations = f" and {nearby} stations nearby" if nearby > 1 else " and a station nearby" if nearby else ""
    return f"a step of {change_c:+.1f} °C against what the other instruments of the station{stations} imply"


def _evidence(expected: Sequence[Expected]) -> tuple[Floats, Floats]:
    """Return (N,) how much likelier a step at each hour is than none, and by how much the level changed.

    The level is that of the first of `expected` that is known, the onset that of the last.
    """
    change, spread = (np.full(len(expected[0].level_c), np.nan) for _ in range(2))
    for one in expected:
        found, found_spread = _level_change(one.level_c)
        unknown = np.isnan(change)
        change, spread = np.where(unknown, found, change), np.where(unknown, found_spread, spread)
    error = LEVEL_ERROR * np.hypot(spread, STEADIEST_C)
    no_change = _log_density(change / error)
    # A change of the level against the step is no evidence for it, however surprising its hour.
    ratios = [
        np.where(change * size > 0, _onset(expected[-1], size) + _log_density((change - size) / error) - no_change, 0.0)
        for size in (*SIZES_C, *(-size for size in SIZES_C))
    ]
    return np.max(ratios, axis=0), change


def _onset(expected: Expected, size_c: float) -> Floats:
    """Return (N,) how much likelier a step makes the surprises from each hour on; NaN where the first is unknown."""
    ratio = np.zeros(len(expected.surprise_c))
    for hours, share in enumerate(_RESPONSE):
        surprise, scale = back(expected.surprise_c, -hours), back(expected.scale_c, -hours)
        gained = _log_density((surprise - share * size_c) / scale) - _log_density(surprise / scale)
        ratio += np.nan_to_num(gained) if hours else gained
    return ratio


def _level_change(level_c: Floats) -> tuple[Floats, Floats]:
    """Return (N,) the mean of the days from each hour on less that of the days before, and the spread of those."""
    after = np.stack([back(level_c, 1 - 24 * day) for day in range(1, JUDGED_AFTER_DAYS + 1)])
    before = np.stack([back(level_c, 1 + 24 * day) for day in range(REFERENCE_DAYS)])
    mean_after, _ = _moments(after)
    mean_before, spread = _moments(before)
    return mean_after - mean_before, spread


def _moments(days: Floats) -> tuple[Floats, Floats]:
    """Return (N,) mean and standard deviation of days (D, N); NaN where too few are known."""
    known = np.isfinite(days)
    number = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, days, 0).sum(axis=0) / number
    variance = (np.where(known, days - mean, 0) ** 2).sum(axis=0) / number
    enough = known.mean(axis=0) >= _LEAST_KNOWN
    return np.where(enough, mean, np.nan), np.where(enough, np.sqrt(variance), np.nan)


def _log_density(deviations: Floats) -> Floats:
    """Logarithm of the Student density with _FREEDOM degrees of freedom, but for a constant."""
    return -(_FREEDOM + 1) / 2 * np.log1p(deviations**2 / _FREEDOM)


def _verdicts(ratio: Floats, station: StationHours, first: int) -> Places:
    """Return (N,) where the likeliest step began by what was known at the end of a day; NONE elsewhere."""
    began = np.full(len(ratio), NONE)
    day_ends = np.flatnonzero((station.hours + STAMP_OFFSET_H) % 24 == LAST_STAMP_H)
    for end in day_ends[day_ends >= first]:
        oldest = max(end + 1 - REMEMBERED_DAYS * 24, 0)
        candidates = ratio[oldest : max(end + 2 - JUDGED_AFTER_DAYS * 24, 0)]
        if (candidates > THRESHOLD).any():
            began[end] = oldest + int(np.nanargmax(candidates))
    return began
