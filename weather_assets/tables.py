"""The platform's tables, one declaration each; the names are those of the Dagster assets.

Belongs here: names, types, keys and descriptions of columns. Does not: how a table is filled.
"""

from collections.abc import Iterator, Sequence

from weather_assets.daily_elements import DAILY_ELEMENTS, DAILY_TEMPERATURES
from weather_assets.elements import ELEMENTS, OBSERVED, RAW_HOURLY_COLUMNS, TEXT_ELEMENTS
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.lake.contracts import Column, TableContract

_STATION = Column("station_id", "INTEGER", "KMA station number")
_OBSERVED = Column("observed_at", "TIMESTAMPTZ", "Instant of the reading, on the hour")
_OBSERVED_ON = Column("observed_on", "DATE", "KST day of the readings")
_RECEIVED = (
    Column("source", "VARCHAR", "Provider that delivered the row"),
    Column("fetched_at", "TIMESTAMPTZ", "When the row was received; the newest row of a time counts"),
    Column("available_at", "TIMESTAMPTZ", "From when on a forecast may use the row"),
)
_ISSUED = Column("issued_at", "TIMESTAMPTZ", "When the forecast was made: hour of its newest reading + 10 min")
_ELEMENT_OF_CODE = {element.code: element for element in OBSERVED}


def _raw_column(code: str) -> Column:
    element = _ELEMENT_OF_CODE[code.removesuffix("_qc")]
    what = "KMA's own quality flag of" if code.endswith("_qc") else "As received, in the provider's unit:"
    return Column(code, "VARCHAR", f"{what} {element.label_en.lower()}")


def _clean_columns() -> Sequence[Column]:
    columns: list[Column] = []
    for element in ELEMENTS:
        columns.append(Column(element.name, "DOUBLE", f"{element.label_en} in {element.unit}; NULL where not trusted"))
        columns.append(Column(f"{element.name}_flag", "VARCHAR", f"Quality flag of {element.label_en.lower()}"))
        if element.name == "precipitation_mm":
            columns.append(Column("precipitation_period_h", "INTEGER", "Hours the precipitation total covers: 1 or 3"))
    columns.extend(Column(element.name, "VARCHAR", f"{element.label_en} (KMA code)") for element in TEXT_ELEMENTS)
    return columns


def _daily_columns() -> Iterator[Column]:
    for element in DAILY_TEMPERATURES:
        yield Column(element.name, "DOUBLE", f"{element.label_en} in °C; NULL where not trusted, see the flag")
        yield Column(f"{element.name}_flag", "VARCHAR", f"Quality flag of {element.label_en.lower()}")


RAW_ASOS_HOURLY = TableContract(
    schema="raw",
    name="asos_hourly",
    key=("station_id", "observed_at", "fetched_at"),
    time_column="observed_at",
    columns=(
        _STATION,
        _OBSERVED,
        *(_raw_column(code) for code in RAW_HOURLY_COLUMNS),
        *_RECEIVED,
    ),
)

CLEAN_ASOS_HOURLY = TableContract(
    schema="clean",
    name="asos_hourly",
    key=("station_id", "observed_at"),
    time_column="observed_at",
    columns=(_STATION, _OBSERVED, *_clean_columns()),
)

RAW_ASOS_DAILY = TableContract(
    schema="raw",
    name="asos_daily",
    key=("station_id", "observed_on", "fetched_at"),
    time_column="observed_on",
    columns=(
        _STATION,
        _OBSERVED_ON,
        *(Column(element.code, "VARCHAR", f"As received: {element.portal_header}") for element in DAILY_ELEMENTS),
        *_RECEIVED,
    ),
)

CLEAN_ASOS_DAILY = TableContract(
    schema="clean",
    name="asos_daily",
    key=("station_id", "observed_on"),
    time_column="observed_on",
    columns=(_STATION, _OBSERVED_ON, *_daily_columns()),
)

RAW_PM10_HOURLY = TableContract(
    schema="raw",
    name="pm10_hourly",
    key=("station_id", "observed_at", "fetched_at"),
    time_column="observed_at",
    columns=(
        _STATION,
        _OBSERVED,
        Column("pm10", "VARCHAR", "Mean of PM10 over the hour, as received, in µg/m³"),
        Column("pm10_qc", "VARCHAR", "The provider's own flag or remark"),
        *_RECEIVED,
    ),
)

CLEAN_PM10_DAILY = TableContract(
    schema="clean",
    name="pm10_daily",
    key=("station_id", "observed_on"),
    time_column="observed_on",
    columns=(
        _STATION,
        _OBSERVED_ON,
        Column("mean_pm10_ugm3", "DOUBLE", "Mean of the day's hours; NULL where too few count"),
        Column("max_pm10_ugm3", "DOUBLE", "Highest of the day's hours; NULL where too few count"),
        Column("min_pm10_ugm3", "DOUBLE", "Lowest of the day's hours; NULL where too few count"),
        Column("hours", "INTEGER", "Hours of the day that count, 0 to 24"),
    ),
)

FEATURES_HOURLY = TableContract(
    schema="features",
    name="hourly",
    key=("station_id", "issued_at"),
    time_column="issued_at",
    columns=(
        _STATION,
        _ISSUED,
        *(Column(name, "FLOAT", "Feature; its name says which") for name in HOURLY_FEATURES.feature_names()),
    ),
)

_QUANTILES = tuple(Column(f"p{level}", "DOUBLE", f"{level} % quantile") for level in (10, 25, 50, 75, 90))
_FORECAST_KEY = (
    Column("target", "VARCHAR", "What is forecast, with its unit"),
    _STATION,
    _ISSUED,
    Column("valid_at", "TIMESTAMPTZ", "What the forecast is for"),
    Column("lead_hours", "INTEGER", "Hours from the hour of issue to valid_at"),
)
_VERSION = (
    Column("model_version", "VARCHAR", "Registered version, or replay-<trained through>"),
    Column("role", "VARCHAR", "champion or challenger"),
    Column("kind", "VARCHAR", "live or replay"),
)
_ROLE_KEY = ("target", "station_id", "issued_at", "valid_at", "role", "kind")

FORECAST_HOURLY = TableContract(
    schema="forecast",
    name="hourly",
    key=_ROLE_KEY,
    time_column="issued_at",
    columns=(
        *_FORECAST_KEY,
        *_QUANTILES,
        *_VERSION,
        Column("climatology", "DOUBLE", "The model's climatology at valid_at"),
        Column("quantiles", "FLOAT[]", "Quantiles at levels 0.05, 0.10 .. 0.95"),
    ),
)

VERIFICATION = TableContract(
    schema="monitor",
    name="verification",
    key=_ROLE_KEY,
    time_column="valid_at",
    columns=(
        *_FORECAST_KEY,
        *_VERSION,
        *_QUANTILES,
        Column("observed", "DOUBLE", "The reading, flag ok only"),
        Column("persistence", "DOUBLE", "The reading of the hour of issue"),
        Column("climatology", "DOUBLE", "The model's climatology at valid_at"),
        Column("absolute_error", "DOUBLE", "abs(p50 - observed)"),
        Column("crps", "DOUBLE", "Twice the mean pinball loss over 19 levels"),
    ),
)

CONTRACTS: tuple[TableContract, ...] = (
    RAW_ASOS_HOURLY,
    CLEAN_ASOS_HOURLY,
    RAW_ASOS_DAILY,
    CLEAN_ASOS_DAILY,
    RAW_PM10_HOURLY,
    CLEAN_PM10_DAILY,
    FEATURES_HOURLY,
    FORECAST_HOURLY,
    VERIFICATION,
)
"""The tables of the graph; each is an asset of the same name."""

BUILDS = TableContract(
    schema="meta",
    name="builds",
    key=("table_name", "station_id", "day"),
    time_column="day",
    columns=(
        Column("table_name", "VARCHAR", "Table that was built"),
        _STATION,
        Column("day", "DATE", "KST day that was built"),
        Column("raw_rows", "BIGINT", "Rows of raw.asos_hourly it was built from: of its day and those looked back on"),
        Column("is_complete", "BOOLEAN", "Whether the day was over, and its last reading out, when it was built"),
    ),
)
"""What each day was built from. Raw tables only grow, so another number of rows means other readings."""

ALL_TABLES: tuple[TableContract, ...] = (*CONTRACTS, BUILDS)
