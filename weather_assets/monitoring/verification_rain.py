"""Scoring probabilities of rain against what came: one SQL query from forecasts and clean readings to Brier scores."""

from weather_assets.forecasting.rain.blocks import wet_blocks_sql
from weather_assets.forecasting.targets import targets_of


def verification_rain_sql(forecasts: str, clean: str) -> str:
    """Query for monitor.verification_rain: the rows of `forecasts` (forecast.rain) whose block was observed.

    `clean` is a query of clean.asos_hourly that reaches back three hours before the first block's end.
    """
    return " UNION ALL ".join(
        f"""
SELECT f.target, f.station_id, f.issued_at, f.valid_from, f.valid_to, f.lead_hours, f.model_version, f.role, f.kind,
    f.probability, o.value AS observed, f.persistence, f.climatology,
    (f.probability - o.value) ** 2 AS brier
FROM ({forecasts}) AS f
JOIN ({wet_blocks_sql(f"({clean})", target.element)}) AS o
    ON o.station_id = f.station_id AND o.observed_at = f.valid_to
WHERE f.target = '{target.name}'"""
        for target in targets_of("rain").values()
    )
