"""What the platform notes for itself: what days were built from, what was asked in vain, fitted limits."""

from weather_assets.lake.contracts import Column, TableContract
from weather_assets.tables.columns import STATION

BUILDS = TableContract(
    schema="meta",
    name="builds",
    key=("table_name", "station_id", "day"),
    time_column="day",
    columns=(
        Column("table_name", "VARCHAR", "Table that was built"),
        STATION,
        Column("day", "DATE", "KST day that was built"),
        Column("raw_rows", "BIGINT", "Rows of raw.asos_hourly it was built from: of its day and those looked back on"),
        Column("is_complete", "BOOLEAN", "Whether the day was over, and its last reading out, when it was built"),
    ),
)
"""What each day was built from. Raw tables only grow, so another number of rows means other readings."""

ABSENCES = TableContract(
    schema="meta",
    name="absences",
    key=("table_name", "source", "station_id", "begins_at", "asked_at"),
    time_column="begins_at",
    columns=(
        Column("table_name", "VARCHAR", "Raw table whose readings were asked for"),
        Column("source", "VARCHAR", "Provider that was asked"),
        STATION,
        Column("begins_at", "TIMESTAMPTZ", "First reading that did not come"),
        Column("ends_at", "TIMESTAMPTZ", "End of the stretch without a reading, not included"),
        Column("asked_at", "TIMESTAMPTZ", "When the answer came"),
        Column("is_empty", "BOOLEAN", "Whether the whole answer held no reading of the station"),
    ),
)
"""Readings of past days that a provider was asked for and did not have: no backfill asks for them for ever."""

CLIMATE_LIMITS = TableContract(
    schema="meta",
    name="climate_limits",
    key=("station_id", "valid_from", "month", "element"),
    time_column="valid_from",
    columns=(
        STATION,
        Column("valid_from", "DATE", "1 January of the year that the limits are for"),
        Column("month", "INTEGER", "Month, 1 to 12"),
        Column("element", "VARCHAR", "Column of clean.asos_hourly"),
        Column("low", "DOUBLE", "Least plausible value"),
        Column("high", "DOUBLE", "Largest plausible value"),
        Column("values_seen", "BIGINT", "Values of the month in the years before that they were fitted on"),
    ),
)
"""Limits of the climatological gap. Fitted once, on the years before, and kept: later readings change no decision."""
