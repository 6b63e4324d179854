"""What forecasts were worth: scored ones, evaluations of models, decisions on them."""

from weather_assets.lake.contracts import Column, TableContract
from weather_assets.tables.columns import (
    BLOCK_KEY,
    BLOCK_ROLE_KEY,
    DAILY_FORECAST_KEY,
    DAILY_ROLE_KEY,
    FORECAST_KEY,
    QUANTILES,
    ROLE_KEY,
    STATION,
    VERSION,
)

VERIFICATION = TableContract(
    schema="monitor",
    name="verification",
    key=ROLE_KEY,
    time_column="valid_at",
    columns=(
        *FORECAST_KEY,
        *VERSION,
        *QUANTILES,
        Column("observed", "DOUBLE", "The reading, flag ok only"),
        Column("persistence", "DOUBLE", "The reading of the hour of issue"),
        Column("climatology", "DOUBLE", "The model's climatology at valid_at"),
        Column("absolute_error", "DOUBLE", "abs(p50 - observed)"),
        Column("crps", "DOUBLE", "Twice the mean pinball loss over 19 levels"),
    ),
)

VERIFICATION_DAILY = TableContract(
    schema="monitor",
    name="verification_daily",
    key=DAILY_ROLE_KEY,
    time_column="valid_on",
    columns=(
        *DAILY_FORECAST_KEY,
        *VERSION,
        *QUANTILES,
        Column("observed", "DOUBLE", "The day's value, flag ok only"),
        Column("persistence", "DOUBLE", "The newest day known when it was issued"),
        Column("climatology", "DOUBLE", "The model's climatology of valid_on"),
        Column("absolute_error", "DOUBLE", "abs(p50 - observed)"),
        Column("crps", "DOUBLE", "Twice the mean pinball loss over 19 levels"),
    ),
)

VERIFICATION_RAIN = TableContract(
    schema="monitor",
    name="verification_rain",
    key=BLOCK_ROLE_KEY,
    time_column="valid_to",
    columns=(
        *BLOCK_KEY,
        *VERSION,
        Column("probability", "DOUBLE", "Probability that was forecast"),
        Column("observed", "DOUBLE", "1 where the block had at least 0.1 mm, else 0"),
        Column("persistence", "DOUBLE", "Probability by the state of the last 3 h"),
        Column("climatology", "DOUBLE", "Probability by month and time of day"),
        Column("brier", "DOUBLE", "(probability - observed)²"),
    ),
)

PROMOTION = TableContract(
    schema="monitor",
    name="promotion",
    key=("target", "decided_at"),
    time_column="decided_at",
    columns=(
        Column("target", "VARCHAR", "What is forecast, with its unit"),
        Column("decided_at", "TIMESTAMPTZ", "When the decision was made"),
        Column("decision", "VARCHAR", "promote, retire, wait, challenge, replace, broken, none, or by hand"),
        Column("reason", "VARCHAR", "Why, in words"),
        Column("champion", "INTEGER", "Version that was champion"),
        Column("challenger", "INTEGER", "Version that was, or became, challenger"),
        Column("blocks", "INTEGER", "Blocks of two days in which both were scored on the same forecasts"),
        Column("mean_gain", "DOUBLE", "Mean of champion's less challenger's score, as a share of the usual score"),
        Column("e_value", "DOUBLE", "Most evidence for the challenger; 20 decides"),
        Column("e_value_against", "DOUBLE", "Most evidence against it; 20 decides"),
    ),
)

EVALUATION = TableContract(
    schema="models",
    name="evaluation",
    key=("target", "station_id", "month", "lead"),
    time_column="month",
    columns=(
        Column("target", "VARCHAR", "What is forecast, with its unit"),
        STATION,
        Column("month", "DATE", "First day of the KST month that the forecasts were for"),
        Column("lead", "INTEGER", "Lead in the unit of the target: hours, or days of daily ones"),
        Column("n", "INTEGER", "Forecasts with a reading, the same ones for model and baselines"),
        Column("rmse", "DOUBLE", "Root mean square error of the mean (of a probability: root of the Brier score)"),
        Column("mae", "DOUBLE", "Mean absolute error of the median"),
        Column("bias", "DOUBLE", "Mean of forecast less reading"),
        Column("crps", "DOUBLE", "Twice the mean pinball loss over 19 levels (of a probability: its Brier score)"),
        Column("coverage_50", "DOUBLE", "Share of readings from p25 to p75; NULL of probabilities"),
        Column("coverage_80", "DOUBLE", "Share of readings from p10 to p90; NULL of probabilities"),
        Column("rmse_persistence", "DOUBLE", "RMSE of persistence"),
        Column("rmse_climatology", "DOUBLE", "RMSE of the climatology"),
        Column("rmse_ridge", "DOUBLE", "RMSE of the ridge regression; NULL where there is none"),
        Column("trained_through", "TIMESTAMPTZ", "End of training of the last model that was scored"),
    ),
)
