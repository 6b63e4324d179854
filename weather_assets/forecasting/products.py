"""The tables of each kind of forecast: what it is made from and where it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from weather_assets.forecasting.targets import Kind, Target
from weather_assets.lake.contracts import TableContract
from weather_assets.tables import (
    CLEAN_ASOS_DAILY,
    CLEAN_ASOS_HOURLY,
    CLEAN_PM10_DAILY,
    FEATURES_DAILY,
    FEATURES_HOURLY,
    FORECAST_DAILY,
    FORECAST_HOURLY,
    FORECAST_RAIN,
    RAW_ASOS_DAILY,
    RAW_ASOS_HOURLY,
    RAW_PM10_HOURLY,
)


@dataclass(frozen=True)
class Product:
    """Tables of a kind: `raw` are those that its features and its truth are made of."""

    forecast: TableContract
    features: TableContract
    raw: tuple[TableContract, ...]


PRODUCTS: Mapping[Kind, Product] = {
    "hourly": Product(FORECAST_HOURLY, FEATURES_HOURLY, (RAW_ASOS_HOURLY,)),
    "daily": Product(FORECAST_DAILY, FEATURES_DAILY, (RAW_ASOS_HOURLY, RAW_ASOS_DAILY, RAW_PM10_HOURLY)),
    "rain": Product(FORECAST_RAIN, FEATURES_HOURLY, (RAW_ASOS_HOURLY,)),
}


def truth_of(target: Target) -> TableContract:
    """Return the clean table that holds what a target is scored against."""
    if target.kind != "daily":
        return CLEAN_ASOS_HOURLY
    return CLEAN_PM10_DAILY if target.element in CLEAN_PM10_DAILY.column_names else CLEAN_ASOS_DAILY
