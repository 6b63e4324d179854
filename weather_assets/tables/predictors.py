"""Features: one row per station and hour, or morning, of issue."""

from weather_assets.features.daily import DAILY_FEATURE_NAMES
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.lake.contracts import Column, TableContract
from weather_assets.tables.columns import ISSUED_AT, STATION

FEATURES_HOURLY = TableContract(
    schema="features",
    name="hourly",
    key=("station_id", "issued_at"),
    time_column="issued_at",
    columns=(
        STATION,
        ISSUED_AT,
        *(Column(name, "FLOAT", "Feature; its name says which") for name in HOURLY_FEATURES.feature_names()),
    ),
)

FEATURES_DAILY = TableContract(
    schema="features",
    name="daily",
    key=("station_id", "issued_at"),
    time_column="issued_at",
    columns=(
        STATION,
        Column("issued_at", "TIMESTAMPTZ", "05:10 KST: hour of the newest reading + 10 min"),
        *(Column(name, "FLOAT", "Feature; its name says which") for name in DAILY_FEATURE_NAMES),
    ),
)
