"""Columns that several tables share, so that a name means the same wherever it stands."""

from weather_assets.lake.contracts import Column

STATION = Column("station_id", "INTEGER", "KMA station number")

OBSERVED_AT = Column("observed_at", "TIMESTAMPTZ", "Instant of the reading, on the hour")

OBSERVED_ON = Column("observed_on", "DATE", "KST day of the readings")

RECEIVED = (
    Column("source", "VARCHAR", "Provider that delivered the row"),
    Column("fetched_at", "TIMESTAMPTZ", "When the row was received; the newest row of a time counts"),
    Column("available_at", "TIMESTAMPTZ", "From when on a forecast may use the row"),
)

ISSUED_AT = Column("issued_at", "TIMESTAMPTZ", "When the forecast was made: hour of its newest reading + 10 min")

QUANTILES = tuple(Column(f"p{level}", "DOUBLE", f"{level} % quantile") for level in (10, 25, 50, 75, 90))

FORECAST_KEY = (
    Column("target", "VARCHAR", "What is forecast, with its unit"),
    STATION,
    ISSUED_AT,
    Column("valid_at", "TIMESTAMPTZ", "What the forecast is for"),
    Column("lead_hours", "INTEGER", "Hours from the hour of issue to valid_at", limits=(1, 48)),
)

VERSION = (
    Column("model_version", "VARCHAR", "Registered version, or replay-<trained through>"),
    Column("role", "VARCHAR", "champion or challenger"),
    Column("kind", "VARCHAR", "live or replay"),
)

ROLE_KEY = ("target", "station_id", "issued_at", "valid_at", "role", "kind")

DAILY_FORECAST_KEY = (
    Column("target", "VARCHAR", "What is forecast, with its unit"),
    STATION,
    ISSUED_AT,
    Column("valid_on", "DATE", "KST day that the forecast is for"),
    Column("lead_days", "INTEGER", "Days from the day of issue to valid_on"),
)

DAILY_ROLE_KEY = ("target", "station_id", "issued_at", "valid_on", "role", "kind")

BLOCK_KEY = (
    Column("target", "VARCHAR", "rain_probability"),
    STATION,
    ISSUED_AT,
    Column("valid_from", "TIMESTAMPTZ", "Beginning of the 3-hour block"),
    Column("valid_to", "TIMESTAMPTZ", "End of the block, at an hour divisible by 3 KST"),
    Column("lead_hours", "INTEGER", "Hours from the hour of issue to valid_to"),
)

BLOCK_ROLE_KEY = ("target", "station_id", "issued_at", "valid_to", "role", "kind")
