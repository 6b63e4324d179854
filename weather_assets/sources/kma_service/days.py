"""Daily values from hourly ones, for sources that have none.

A day has the hours 00:00 to 23:00 of standard time, and every hour that is there counts. Only what 24 hourly readings
can tell is derived: no gusts, no evaporation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa

from weather_assets.clock import STAMP_ZONE

_KEYS = ["station_id", "observed_on"]


@dataclass(frozen=True, slots=True)
class _Statistic:
    """A daily column: the statistic of an hourly element, with its decimals on the wire."""

    column: str
    code: str
    how: str
    decimals: int = 1


_MEANS_AND_SUMS = (
    _Statistic("avg_ta", "ta", "mean"),
    _Statistic("sum_rn", "rn", "sum"),
    _Statistic("avg_ws", "ws", "mean"),
    _Statistic("avg_td", "td", "mean"),
    _Statistic("avg_rhm", "hm", "mean"),
    _Statistic("avg_pv", "pv", "mean"),
    _Statistic("avg_pa", "pa", "mean"),
    _Statistic("avg_ps", "ps", "mean"),
    _Statistic("sum_ss_hr", "ss", "sum"),
    _Statistic("sum_gsr", "icsr", "sum", 2),
    _Statistic("avg_tca", "dc10_tca", "mean"),
    _Statistic("avg_lmac", "dc10_lmcs_ca", "mean"),
    _Statistic("avg_ts", "ts", "mean"),
    _Statistic("avg_cm5_te", "m005_te", "mean"),
    _Statistic("avg_cm10_te", "m01_te", "mean"),
    _Statistic("avg_cm20_te", "m02_te", "mean"),
    _Statistic("avg_cm30_te", "m03_te", "mean"),
)
_EXTREMES = (
    _Statistic("min_ta", "ta", "min"),
    _Statistic("max_ta", "ta", "max"),
    _Statistic("hr1_max_rn", "rn", "max"),
    _Statistic("max_ws", "ws", "max"),
    _Statistic("min_rhm", "hm", "min", 0),
    _Statistic("max_ps", "ps", "max"),
    _Statistic("min_ps", "ps", "min"),
    _Statistic("hr1_max_icsr", "icsr", "max", 2),
    _Statistic("dd_mes", "dsnw", "max"),
)
"""Each comes with `<column>_hrmt`, the time (HHMM) of its first hour."""

_CODES = sorted({statistic.code for statistic in (*_MEANS_AND_SUMS, *_EXTREMES)})


def derive_days(hours: pa.Table) -> pa.Table:
    """Daily rows (station_id, observed_on, text columns) of hourly rows; a value without any hour is null."""
    frame = hours.select(["station_id", "observed_at", "wd", *_CODES]).to_pandas()
    stamps = frame["observed_at"].dt.tz_convert(STAMP_ZONE)
    frame["observed_on"] = stamps.dt.date
    frame["hrmt"] = stamps.dt.strftime("%H%M")
    frame[_CODES] = frame[_CODES].apply(pd.to_numeric, errors="coerce")
    days = frame[_KEYS].drop_duplicates().set_index(_KEYS)
    for statistic in _MEANS_AND_SUMS:
        known = frame.dropna(subset=[statistic.code])
        days[statistic.column] = known.groupby(_KEYS)[statistic.code].agg(statistic.how).map(_writer(statistic))
    for statistic in _EXTREMES:
        _add_extreme(days, frame.dropna(subset=[statistic.code]), statistic)
    return _table(days.sort_index(level=["observed_on", "station_id"]).reset_index())


def _add_extreme(days: pd.DataFrame, known: pd.DataFrame, statistic: _Statistic) -> None:
    """The value of the day's first most extreme hour, its time and, for wind, its direction."""
    ordered = known.sort_values(statistic.code, ascending=statistic.how == "min", kind="stable")
    first = ordered.drop_duplicates(_KEYS).set_index(_KEYS)
    days[statistic.column] = first[statistic.code].map(_writer(statistic))
    days[f"{statistic.column}_hrmt"] = first["hrmt"]
    if statistic.column == "max_ws":
        days["max_ws_wd"] = first["wd"]


def _writer(statistic: _Statistic) -> Callable[[float], str]:
    return lambda value: f"{value:.{statistic.decimals}f}"


def _table(days: pd.DataFrame) -> pa.Table:
    texts = {name: pa.array(days[name], pa.string(), from_pandas=True) for name in days.columns if name not in _KEYS}
    dates: list[date] = days["observed_on"].tolist()
    return pa.table(
        {
            "station_id": pa.array(days["station_id"], pa.int32()),
            "observed_on": pa.array(dates, pa.date32()),
            **texts,
        }
    )
