"""The morning's digest: newest reading, forecasts issued, yesterday's scores, what is wrong."""

from collections.abc import Sequence
from datetime import datetime

from weather_assets.clock import DAY, kst_date, kst_midnight
from weather_assets.forecasting.issue import LIVE
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import condition_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY, FORECAST_HOURLY, SENSOR_FAULTS, VERIFICATION


def digest(lake: Lake, station_ids: Sequence[int], now: datetime) -> str | None:
    """A few lines on the night and on yesterday; None where there are no readings at all."""
    today = kst_midnight(kst_date(now))
    newest = lake.query(
        f"SELECT strftime(max(observed_at), '%Y-%m-%d %H:%M') FROM lake.{CLEAN_ASOS_HOURLY.qualified_name} "
        "WHERE list_contains(?, station_id)",
        [list(station_ids)],
    ).fetchall()[0][0]
    if newest is None:
        return None
    issued = _count(
        lake,
        f"count(DISTINCT issued_at) FROM lake.{FORECAST_HOURLY.qualified_name} "
        f"WHERE kind = '{LIVE}' AND {condition_sql(FORECAST_HOURLY, station_ids, today - DAY, today)}",
    )
    faults = _count(
        lake,
        f"count(*) FROM lake.{SENSOR_FAULTS.qualified_name} "
        f"WHERE {condition_sql(SENSOR_FAULTS, station_ids, today - DAY, today)}",
    )
    return "\n".join(
        [
            f"newest reading {newest} KST; yesterday {issued} hours of forecasts issued, {faults} sensor faults seen",
            *_scores(lake, condition_sql(VERIFICATION, station_ids, today - DAY, today)),
        ]
    )


def _count(lake: Lake, what: str) -> int:
    return int(lake.query(f"SELECT {what}").fetchall()[0][0])


def _scores(lake: Lake, condition: str) -> list[str]:
    """Yesterday's champion beside persistence, a line per target."""
    rows = lake.query(
        f"SELECT target, avg(absolute_error), avg(crps), avg(abs(persistence - observed)), count(*) "
        f"FROM lake.{VERIFICATION.qualified_name} "
        f"WHERE kind = '{LIVE}' AND role = '{CHAMPION}' AND {condition} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [
        f"{target}: mean error {error:.2f}, CRPS {crps:.2f}, persistence {persistence:.2f} ({n} forecasts)"
        for target, error, crps, persistence, n in rows
        if persistence is not None
    ] or ["no live forecast was verified yesterday"]
