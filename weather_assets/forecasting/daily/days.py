"""KST days as whole numbers since 1970-01-01, the integer clock that daily models count leads with."""

import numpy as np
import pandas as pd

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.features.daily import ISSUE_HOUR
from weather_assets.forecasting.hours import Floats, Hours, hours_of
from weather_assets.forecasting.inputs import Integers
from weather_assets.forecasting.series import ObservedSeries

_DAYS_PER_YEAR = 365.2425


def days_of(hours: Hours) -> Integers:
    """Return the KST day that each hour since 1970-01-01 UTC lies in."""
    return (hours + STAMP_OFFSET_H) // 24


def newest_issue(hour: int) -> int:
    """Return the newest hour, up to the given one, that daily forecasts are issued from."""
    day = (hour + STAMP_OFFSET_H - ISSUE_HOUR) // 24
    return day * 24 + ISSUE_HOUR - STAMP_OFFSET_H


def dates_of(days: Integers) -> Integers:
    """Return the days as NumPy dates."""
    return days.astype("datetime64[D]")


def year_angle(days: Integers) -> Floats:
    """Return the angle of the year in radians: 0 on 1 January, a full turn per mean year."""
    dates = dates_of(days)
    since_new_year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64)
    return np.asarray(2 * np.pi * since_new_year / _DAYS_PER_YEAR)


def harmonics(angle: Floats, orders: int) -> Floats:
    """Return (N, 1 + 2 orders): one, then sine and cosine of each order."""
    waves = [wave(order * angle) for order in range(1, orders + 1) for wave in (np.sin, np.cos)]
    return np.stack([np.ones_like(angle), *waves], axis=-1)


def day_series(observations: pd.DataFrame) -> ObservedSeries:
    """Make the axes, in days, of columns station_id, observed_at (first instant of a KST day) and value."""
    known = observations[observations["value"].notna()]
    axes: dict[int, tuple[int, Floats]] = {}
    for station, rows in known.groupby("station_id", sort=True):
        # Korean clocks were up to an hour off UTC+9 in other times; no day begins more than three hours from it.
        days = days_of(hours_of(rows["observed_at"]) + 3)
        first = int(days.min())
        axis = np.full(int(days.max()) - first + 1, np.nan)
        axis[days - first] = rows["value"].to_numpy(dtype=np.float64)
        axes[int(str(station))] = (first, axis)
    return ObservedSeries(axes)
