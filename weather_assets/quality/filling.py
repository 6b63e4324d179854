"""Relative humidity and dew point rebuilt from each other and the temperature, where they are missing or rejected."""

from collections.abc import Mapping
from types import MappingProxyType

from weather_assets.quality.humidity import dew_point_sql, humidity_sql

_TEMPERATURE, _HUMIDITY, _DEW_POINT = "air_temperature_c", "relative_humidity_pct", "dew_point_c"

REBUILT: Mapping[str, tuple[str, tuple[str, str]]] = MappingProxyType(
    {
        _HUMIDITY: (f"round({humidity_sql(_TEMPERATURE, _DEW_POINT)})", (_TEMPERATURE, _DEW_POINT)),
        _DEW_POINT: (f"round({dew_point_sql(_TEMPERATURE, _HUMIDITY)}, 1)", (_TEMPERATURE, _HUMIDITY)),
    }
)
"""By element: the SQL expression that rebuilds it, in the resolution of readings, and what it is rebuilt from."""
