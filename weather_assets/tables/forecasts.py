"""Forecasts as they were issued, and what they mean for a day."""

from weather_assets.lake.contracts import Column, TableContract
from weather_assets.outlook.comfort import PARTS as COMFORT_PARTS
from weather_assets.tables.columns import (
    BLOCK_KEY,
    BLOCK_ROLE_KEY,
    DAILY_FORECAST_KEY,
    DAILY_ROLE_KEY,
    FORECAST_KEY,
    ISSUED_AT,
    QUANTILES,
    ROLE_KEY,
    STATION,
    VERSION,
)

FORECAST_HOURLY = TableContract(
    schema="forecast",
    name="hourly",
    key=ROLE_KEY,
    time_column="issued_at",
    columns=(
        *FORECAST_KEY,
        *QUANTILES,
        *VERSION,
        Column("climatology", "DOUBLE", "The model's climatology at valid_at"),
        Column("quantiles", "FLOAT[]", "Quantiles at levels 0.05, 0.10 .. 0.95"),
    ),
)

FORECAST_OUTLOOK = TableContract(
    schema="forecast",
    name="outlook",
    key=("station_id", "issued_at", "valid_on", "period"),
    time_column="issued_at",
    columns=(
        STATION,
        ISSUED_AT,
        Column("valid_on", "DATE", "KST day"),
        Column("period", "VARCHAR", "morning (07-09 KST) or evening (18-20 KST)"),
        Column(
            "comfort_score",
            "DOUBLE",
            "Commute comfort 0 to 100, mean over what the forecast holds possible",
            limits=(0, 100),
        ),
        Column("comfort_low", "DOUBLE", "Score that is exceeded 9 times in 10"),
        Column("comfort_high", "DOUBLE", "Score that is exceeded once in 10"),
        Column("comfort_grade", "VARCHAR", "bad < 40 <= poor < 60 <= fair < 80 <= good"),
        Column("feels_like_c", "DOUBLE", "Feels-like temperature of the period (KMA's formulas), median"),
        Column("feels_like_low_c", "DOUBLE", "Its 10 % quantile"),
        Column("feels_like_high_c", "DOUBLE", "Its 90 % quantile"),
        Column("air_temperature_c", "DOUBLE", "Mean of the period's median air temperatures"),
        Column("relative_humidity_pct", "DOUBLE", "Mean of the period's median humidities"),
        Column("wind_speed_ms", "DOUBLE", "Mean of the last 7 days at these hours: wind is not forecast"),
        Column("discomfort_index", "DOUBLE", "0.72 (T + Tw) + 40.6"),
        Column("rain_probability", "DOUBLE", "Highest of the 3-hour blocks that overlap the period; NULL: no forecast"),
        Column("mean_pm10_ugm3", "DOUBLE", "Median forecast of the day's mean PM10; NULL: no forecast"),
        Column("pm10_grade", "VARCHAR", "good, moderate, bad or very_bad"),
        Column("plant_alert", "BOOLEAN", "Whether the day reaches 30 °C or falls to 30 % humidity"),
        Column("alerts", "VARCHAR", "heat_advisory, heat_warning, cold_advisory, cold_warning; comma-separated"),
        *(Column(f"lost_{part}", "DOUBLE", f"Points that {part} costs, mean") for part in COMFORT_PARTS),
        Column("reason_ko", "VARCHAR", "What costs points, heaviest first, in Korean"),
        Column("reason_en", "VARCHAR", "The same in English"),
    ),
)

FORECAST_DAILY = TableContract(
    schema="forecast",
    name="daily",
    key=DAILY_ROLE_KEY,
    time_column="issued_at",
    columns=(
        *DAILY_FORECAST_KEY,
        *QUANTILES,
        *VERSION,
        Column("persistence", "DOUBLE", "The newest day known when it was issued: the day before it"),
        Column("climatology", "DOUBLE", "The model's climatology of valid_on"),
        Column("quantiles", "FLOAT[]", "Quantiles at levels 0.05, 0.10 .. 0.95"),
    ),
)

FORECAST_RAIN = TableContract(
    schema="forecast",
    name="rain",
    key=BLOCK_ROLE_KEY,
    time_column="issued_at",
    columns=(
        *BLOCK_KEY,
        Column("probability", "DOUBLE", "Probability of at least 0.1 mm in the block, 0 to 1", limits=(0, 1)),
        *VERSION,
        Column("persistence", "DOUBLE", "Share of such blocks that were wet after rain, or none, in the last 3 h"),
        Column("climatology", "DOUBLE", "Share of such blocks that were wet, by month and time of day"),
    ),
)
