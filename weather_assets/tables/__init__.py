"""The platform's tables, one declaration each; the names are those of the Dagster assets.

Belongs here: names, types, keys and descriptions of columns. Does not: how a table is filled.
"""

from weather_assets.lake.contracts import TableContract
from weather_assets.tables.bookkeeping import ABSENCES, BUILDS, CLIMATE_LIMITS
from weather_assets.tables.forecasts import FORECAST_DAILY, FORECAST_HOURLY, FORECAST_OUTLOOK, FORECAST_RAIN
from weather_assets.tables.predictors import FEATURES_DAILY, FEATURES_HOURLY
from weather_assets.tables.readings import (
    CLEAN_ASOS_DAILY,
    CLEAN_ASOS_HOURLY,
    CLEAN_PM10_DAILY,
    RAW_ASOS_DAILY,
    RAW_ASOS_HOURLY,
    RAW_PM10_HOURLY,
    REJECTIONS,
)
from weather_assets.tables.scores import EVALUATION, PROMOTION, VERIFICATION, VERIFICATION_DAILY, VERIFICATION_RAIN
from weather_assets.tables.watching import DATA_QUALITY, DRIFT, SENSOR_FAULTS

CONTRACTS: tuple[TableContract, ...] = (
    RAW_ASOS_HOURLY,
    CLEAN_ASOS_HOURLY,
    RAW_ASOS_DAILY,
    CLEAN_ASOS_DAILY,
    RAW_PM10_HOURLY,
    CLEAN_PM10_DAILY,
    FEATURES_HOURLY,
    FEATURES_DAILY,
    FORECAST_HOURLY,
    FORECAST_DAILY,
    FORECAST_RAIN,
    FORECAST_OUTLOOK,
    DATA_QUALITY,
    VERIFICATION,
    VERIFICATION_DAILY,
    VERIFICATION_RAIN,
    SENSOR_FAULTS,
    DRIFT,
)
"""The tables of the graph; each is an asset of the same name."""

REPORTS: tuple[TableContract, ...] = (EVALUATION, PROMOTION)
"""Tables of what was found out about the models, each an asset of the same name that is not partitioned by time."""

ALL_TABLES: tuple[TableContract, ...] = (*CONTRACTS, *REPORTS, REJECTIONS, BUILDS, CLIMATE_LIMITS, ABSENCES)

__all__ = [
    "ABSENCES",
    "ALL_TABLES",
    "BUILDS",
    "CLEAN_ASOS_DAILY",
    "CLEAN_ASOS_HOURLY",
    "CLEAN_PM10_DAILY",
    "CLIMATE_LIMITS",
    "CONTRACTS",
    "DATA_QUALITY",
    "DRIFT",
    "EVALUATION",
    "FEATURES_DAILY",
    "FEATURES_HOURLY",
    "FORECAST_DAILY",
    "FORECAST_HOURLY",
    "FORECAST_OUTLOOK",
    "FORECAST_RAIN",
    "PROMOTION",
    "RAW_ASOS_DAILY",
    "RAW_ASOS_HOURLY",
    "RAW_PM10_HOURLY",
    "REJECTIONS",
    "REPORTS",
    "SENSOR_FAULTS",
    "VERIFICATION",
    "VERIFICATION_DAILY",
    "VERIFICATION_RAIN",
]
