"""How old the newest reading of a source may be: one rule for alerts, health, `weather doctor` and Prometheus."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from weather_assets.clock import HOUR

# Data.go.kr delivers a day on the next morning: at 11:00 the newest reading may be 35 hours old.
_DELIVERED_WITHIN: Mapping[str, timedelta] = MappingProxyType({"data_go_kr": 37 * HOUR})
_OTHERWISE_WITHIN = 3 * HOUR

FORECAST_AFTER_READING = 2 * HOUR
"""How far the newest live forecast may lie behind the newest reading; rules.yml (ForecastStale) allows as much."""


def allowed_reading_age(source: str) -> timedelta | None:
    """Age of the newest reading that WEATHER_SOURCE explains; None for a folder of files, of which nothing is due."""
    return None if source.startswith("csv:") else _DELIVERED_WITHIN.get(source, _OTHERWISE_WITHIN)
