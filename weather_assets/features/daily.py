"""The features of features.daily: what is known at 05:00 KST of the days before, and of the hours up to then.

Look-ahead is impossible by construction: daily series are shifted by LAG or seen through frames that end one row before
the day of issue, on a completed grid of days, and the hourly features are those of a row issued by then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.elements import Flag
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import GRAIN

ISSUE_HOUR = 5
"""KST hour whose reading a daily forecast starts from: the first commuters get up, and yesterday is complete."""

ISSUE_MINUTE = ISSUE_HOUR * 60 + int(PUBLICATION_DELAY.total_seconds() // 60)
"""Minute of the KST day at which it is issued."""

# A forecast of the day does not wait for a single lost reading.
_OLDEST_HOUR = ISSUE_HOUR - 2


@dataclass(frozen=True)
class DailySeries:
    """One series of daily values, a column of `relation`, with a flag beside it where it is flagged.

    Features are its values of `lags_d` days before the day of issue and its means over the `means_d` days before it.
    """

    name: str
    relation: Literal["temperatures", "dust"]
    flagged: bool
    lags_d: tuple[int, ...]
    means_d: tuple[int, ...] = ()

    def feature_names(self) -> list[str]:
        """Return the names of the features, in column order."""
        return [*(lag_name(self.name, days) for days in self.lags_d), *(f"{self.name}_mean_{n}d" for n in self.means_d)]


def lag_name(name: str, days: int) -> str:
    """Return the name of the feature with a series' value of some days before the day of issue."""
    return f"{name}_lag_{days}d"


DAILY_SERIES = (
    DailySeries("mean_temperature_c", "temperatures", flagged=True, lags_d=(1, 2, 3), means_d=(3, 7, 30)),
    DailySeries("max_temperature_c", "temperatures", flagged=True, lags_d=(1, 2, 3), means_d=(3, 7, 30)),
    DailySeries("min_temperature_c", "temperatures", flagged=True, lags_d=(1, 2, 3), means_d=(3, 7, 30)),
    DailySeries("mean_pm10_ugm3", "dust", flagged=False, lags_d=(1, 2, 3), means_d=(3, 7, 30)),
    DailySeries("max_pm10_ugm3", "dust", flagged=False, lags_d=(1,)),
    DailySeries("min_pm10_ugm3", "dust", flagged=False, lags_d=(1,)),
)

# The hour of issue is always the same.
_CONSTANT = {name for cycle in HOURLY_FEATURES.cycles if cycle.name == "hour_of_day" for name in cycle.feature_names()}
HOURLY_PART = tuple(name for name in HOURLY_FEATURES.feature_names() if name not in _CONSTANT)

DAILY_FEATURE_NAMES = (*HOURLY_PART, *(name for series in DAILY_SERIES for name in series.feature_names()))

LOOKBACK_DAYS = max(days for series in DAILY_SERIES for days in (*series.lags_d, *series.means_d))
"""Days before the day of issue whose daily values are needed for complete features."""


def daily_features_sql(hourly: str, temperatures: str, dust: str, first: date, last: date) -> str:
    """Write the query of the features issued on the KST days first..last.

    `hourly` has the columns of features.hourly, `temperatures` those of clean.asos_daily and `dust` those of
    clean.pm10_daily; the daily ones should reach LOOKBACK_DAYS before `first`. Columns of the result: station_id,
    issued_at (05:10 KST), then one FLOAT per feature, NULL where unknown. A day without a usable row of `hourly` from
    03:10 to 05:10 gives no row.
    """
    since = first - timedelta(days=LOOKBACK_DAYS)
    return f"""
WITH started AS (
    SELECT CAST(issued_at AS DATE) AS day, {_comma(("station_id", *HOURLY_PART))} FROM {hourly}
    WHERE CAST(issued_at AS DATE) BETWEEN DATE '{first}' AND DATE '{last}'
      AND hour(timezone('Asia/Seoul', issued_at)) BETWEEN {_OLDEST_HOUR} AND {ISSUE_HOUR}
    QUALIFY row_number() OVER (PARTITION BY station_id, day ORDER BY issued_at DESC) = 1
), days AS (
    SELECT station_id, unnest(generate_series(DATE '{since}', DATE '{last}', INTERVAL 1 DAY))::DATE AS day
    FROM (SELECT DISTINCT station_id FROM started)
), temperatures AS (FROM {temperatures}), dust AS (FROM {dust}), series AS (
    SELECT days.station_id, days.day, {_comma(_value_sql(series) for series in DAILY_SERIES)}
    FROM days
    LEFT JOIN temperatures ON temperatures.station_id = days.station_id AND temperatures.observed_on = days.day
    LEFT JOIN dust ON dust.station_id = days.station_id AND dust.observed_on = days.day
), past AS (
    SELECT station_id, day, {_comma(column for series in DAILY_SERIES for column in _past_sql(series))}
    FROM series
    WINDOW daily AS (PARTITION BY station_id ORDER BY day),
        {_comma(_window_sql(days) for days in _means())}
)
SELECT station_id, CAST(day AS TIMESTAMPTZ) + INTERVAL {ISSUE_MINUTE} MINUTE AS issued_at,
    {_comma(DAILY_FEATURE_NAMES)}
FROM started JOIN past USING (station_id, day)"""


def _comma(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _value_sql(series: DailySeries) -> str:
    value = f"{series.relation}.{series.name}"
    trusted = f"CASE WHEN {value}_flag = '{Flag.OK}' THEN {value} END" if series.flagged else value
    # Sums of multiples of the grain are exact in whatever order they are added (see features/sql.py).
    return f"round({trusted} * {GRAIN}) / {GRAIN} AS {series.name}"


def _past_sql(series: DailySeries) -> Iterable[str]:
    for days in series.lags_d:
        yield f"(lag({series.name}, {days}) OVER daily)::FLOAT AS {lag_name(series.name, days)}"
    for days in series.means_d:
        yield f"(avg({series.name}) OVER last_{days}d)::FLOAT AS {series.name}_mean_{days}d"


def _means() -> list[int]:
    return sorted({days for series in DAILY_SERIES for days in series.means_d})


def _window_sql(days: int) -> str:
    frame = f"ROWS BETWEEN {days} PRECEDING AND 1 PRECEDING"
    return f"last_{days}d AS (PARTITION BY station_id ORDER BY day {frame})"
