"""Scoring forecasts against the readings that came: one SQL query from forecasts and clean readings to scores."""

from collections.abc import Mapping

from weather_assets.elements import Flag
from weather_assets.forecasting.targets import Target

LEVEL_STEP = 0.05
"""The 19 stored quantiles are those of levels 0.05, 0.10 .. 0.95."""


def verification_sql(forecasts: str, clean: str, targets: Mapping[str, Target]) -> str:
    """Query for monitor.verification: the rows of `forecasts` whose reading is there and trusted (flag ok).

    `clean` must reach back to the hour of issue of each forecast: the reading of that hour is the persistence forecast.
    CRPS is twice the mean pinball loss over the stored levels (Gneiting & Ranjan 2011).
    """
    return f"""
WITH observed AS ({_observed_sql(clean, targets)})
SELECT f.target, f.station_id, f.issued_at, f.valid_at, f.lead_hours, f.model_version, f.role, f.kind,
    f.p10, f.p25, f.p50, f.p75, f.p90,
    o.value AS observed, p.value AS persistence, f.climatology,
    abs(f.p50 - o.value) AS absolute_error,
    {crps_sql("f.quantiles", "o.value")} AS crps
FROM ({forecasts}) AS f
JOIN observed AS o ON o.target = f.target AND o.station_id = f.station_id AND o.observed_at = f.valid_at
LEFT JOIN observed AS p
    ON p.target = f.target AND p.station_id = f.station_id AND p.observed_at = date_trunc('hour', f.issued_at)"""


def _observed_sql(clean: str, targets: Mapping[str, Target]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{target.name}' AS target, station_id, observed_at, {target.element} AS value "
        f"FROM ({clean}) WHERE {target.element}_flag = '{Flag.OK}'"
        for target in targets.values()
    )


def crps_sql(quantiles: str, observed: str) -> str:
    """Pinball loss of level a: (y - q) a where y >= q, else (y - q)(a - 1); list positions count from 1."""
    loss = f"({observed} - q) * (i * {LEVEL_STEP} - CASE WHEN {observed} < q THEN 1 ELSE 0 END)"
    return f"2 * list_avg(list_transform({quantiles}, lambda q, i: {loss}))"
