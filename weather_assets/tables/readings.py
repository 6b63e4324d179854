"""Readings: raw as received, clean as trusted, and what was rejected on the way."""

from collections.abc import Iterator, Sequence

from weather_assets.daily_elements import DAILY_ELEMENTS, DAILY_TEMPERATURES
from weather_assets.elements import BY_NAME, ELEMENTS, OBSERVED, RAW_HOURLY_COLUMNS, TEXT_ELEMENTS
from weather_assets.lake.contracts import Column, TableContract
from weather_assets.tables.columns import OBSERVED_AT, OBSERVED_ON, RECEIVED, STATION

_ELEMENT_OF_CODE = {element.code: element for element in OBSERVED}


def _raw_column(code: str) -> Column:
    element = _ELEMENT_OF_CODE[code.removesuffix("_qc")]
    what = "KMA's own quality flag of" if code.endswith("_qc") else "As received, in the provider's unit:"
    return Column(code, "VARCHAR", f"{what} {element.label_en.lower()}")


def _clean_columns() -> Sequence[Column]:
    columns: list[Column] = []
    for element in ELEMENTS:
        described = f"{element.label_en} in {element.unit}; NULL where not trusted"
        columns.append(Column(element.name, "DOUBLE", described, limits=element.limits))
        columns.append(Column(f"{element.name}_flag", "VARCHAR", f"Quality flag of {element.label_en.lower()}"))
        if element.name == "precipitation_mm":
            columns.append(Column("precipitation_period_h", "INTEGER", "Hours the precipitation total covers: 1 or 3"))
    columns.extend(Column(element.name, "VARCHAR", f"{element.label_en} (KMA code)") for element in TEXT_ELEMENTS)
    return columns


def _daily_columns() -> Iterator[Column]:
    for element in DAILY_TEMPERATURES:
        described = f"{element.label_en} in °C; NULL where not trusted, see the flag"
        yield Column(element.name, "DOUBLE", described, limits=BY_NAME["air_temperature_c"].limits)
        yield Column(f"{element.name}_flag", "VARCHAR", f"Quality flag of {element.label_en.lower()}")


RAW_ASOS_HOURLY = TableContract(
    schema="raw",
    name="asos_hourly",
    key=("station_id", "observed_at", "fetched_at"),
    time_column="observed_at",
    columns=(
        STATION,
        OBSERVED_AT,
        *(_raw_column(code) for code in RAW_HOURLY_COLUMNS),
        *RECEIVED,
    ),
)

CLEAN_ASOS_HOURLY = TableContract(
    schema="clean",
    name="asos_hourly",
    key=("station_id", "observed_at"),
    time_column="observed_at",
    columns=(STATION, OBSERVED_AT, *_clean_columns()),
)

REJECTIONS = TableContract(
    schema="clean",
    name="rejections",
    key=("station_id", "observed_at", "element"),
    time_column="observed_at",
    columns=(
        STATION,
        OBSERVED_AT,
        Column("element", "VARCHAR", "Column of clean.asos_hourly whose value was rejected"),
        Column("value", "DOUBLE", "What was received, in our unit; NULL where it is no number"),
        Column("flag", "VARCHAR", "Quality flag that it got"),
        Column("test", "VARCHAR", "Test that it failed, the first of them"),
        Column("pass", "VARCHAR", "causal: by hours up to it; later: a correction made with the hours after it"),
        Column("reason", "VARCHAR", "What the test saw"),
    ),
)
"""Written together with clean.asos_hourly: every value that was received and judged wrong."""

RAW_ASOS_DAILY = TableContract(
    schema="raw",
    name="asos_daily",
    key=("station_id", "observed_on", "fetched_at"),
    time_column="observed_on",
    columns=(
        STATION,
        OBSERVED_ON,
        *(Column(element.code, "VARCHAR", f"As received: {element.portal_header}") for element in DAILY_ELEMENTS),
        *RECEIVED,
    ),
)

CLEAN_ASOS_DAILY = TableContract(
    schema="clean",
    name="asos_daily",
    key=("station_id", "observed_on"),
    time_column="observed_on",
    columns=(STATION, OBSERVED_ON, *_daily_columns()),
)

RAW_PM10_HOURLY = TableContract(
    schema="raw",
    name="pm10_hourly",
    key=("station_id", "observed_at", "fetched_at"),
    time_column="observed_at",
    columns=(
        STATION,
        OBSERVED_AT,
        Column("pm10", "VARCHAR", "Mean of PM10 over the hour, as received, in µg/m³"),
        Column("pm10_qc", "VARCHAR", "The provider's own flag or remark"),
        *RECEIVED,
    ),
)

CLEAN_PM10_DAILY = TableContract(
    schema="clean",
    name="pm10_daily",
    key=("station_id", "observed_on"),
    time_column="observed_on",
    columns=(
        STATION,
        OBSERVED_ON,
        Column("mean_pm10_ugm3", "DOUBLE", "Mean of the day's hours; NULL where too few count"),
        Column("max_pm10_ugm3", "DOUBLE", "Highest of the day's hours; NULL where too few count"),
        Column("min_pm10_ugm3", "DOUBLE", "Lowest of the day's hours; NULL where too few count"),
        Column("hours", "INTEGER", "Hours of the day that count, 0 to 24", limits=(0, 24)),
    ),
)
