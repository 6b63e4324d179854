"""Whole hours since 1970-01-01 UTC, the integer clock that the models count leads with."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.clock import STAMP_OFFSET_H

Hours = NDArray[np.int64]
Floats = NDArray[np.float64]

_DAYS_PER_YEAR = 365.2425


def hours_of(times: "pd.Series[pd.Timestamp]") -> Hours:
    """Return the hour that each aware time lies in (09:10 lies in that of 09:00); shape as given."""
    if times.dt.tz is None:
        raise ValueError(f"the times of column '{times.name}' have no time zone; give timezone-aware instants")
    utc = times.dt.tz_convert("UTC").dt.tz_localize(None)
    return utc.to_numpy().astype("datetime64[h]").astype(np.int64)


def times_of(hours: Hours) -> pd.DatetimeIndex:
    """Return the UTC instants (microseconds) at which the hours begin."""
    return pd.DatetimeIndex(hours.astype("datetime64[h]").astype("datetime64[us]")).tz_localize("UTC")


def hour_of_day(hours: Hours) -> NDArray[np.int64]:
    """Return the KST hour of the day, 0-23."""
    return (hours + STAMP_OFFSET_H) % 24


def season_angle(hours: Hours) -> Floats:
    """Return the angle of the year in radians: 0 at the KST start of January, a full turn per mean year."""
    local = (hours + STAMP_OFFSET_H).astype("datetime64[h]")
    since_new_year = (local - local.astype("datetime64[Y]").astype("datetime64[h]")).astype(np.float64)
    return np.asarray(2 * np.pi * since_new_year / (24 * _DAYS_PER_YEAR))


def day_angle(hours: Hours) -> Floats:
    """Return the angle of the KST day in radians, 0 at midnight."""
    return 2 * np.pi * hour_of_day(hours) / 24
