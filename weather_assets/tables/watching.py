"""What is found out about the readings themselves: sensor faults, drift, quality by day."""

from weather_assets.lake.contracts import Column, TableContract
from weather_assets.tables.columns import OBSERVED_ON, STATION

SENSOR_FAULTS = TableContract(
    schema="monitor",
    name="sensor_faults",
    key=("station_id", "observed_on", "element", "fault"),
    time_column="observed_on",
    columns=(
        STATION,
        Column("observed_on", "DATE", "KST day on which the fault was seen; a lasting fault has a row on each"),
        Column("element", "VARCHAR", "Element of clean.asos_hourly"),
        Column("fault", "VARCHAR", "stuck, bias, unit, zero_coded, clock or gap"),
        Column("began_at", "TIMESTAMPTZ", "First hour of the fault, as known at the end of the day"),
        Column("detected_at", "TIMESTAMPTZ", "Hour whose reading made it plain"),
        Column("ended_at", "TIMESTAMPTZ", "First hour in order again; NULL where it lasts at the end of the day"),
        Column("evidence", "VARCHAR", "What was seen, in words"),
    ),
)

DRIFT = TableContract(
    schema="monitor",
    name="drift",
    key=("station_id", "week", "element"),
    time_column="week",
    columns=(
        STATION,
        Column("week", "DATE", "Monday of the KST week at whose end it was judged"),
        Column("element", "VARCHAR", "Element of clean.asos_hourly"),
        Column("drifted", "BOOLEAN", "The decision: this season differs from those of the reference years"),
        Column("score", "DOUBLE", "What the decision compares with its threshold"),
        Column("method", "VARCHAR", "Test and threshold, in words"),
        Column("report_uri", "VARCHAR", "The HTML report of the week, in the artifact store"),
    ),
)

DATA_QUALITY = TableContract(
    schema="monitor",
    name="data_quality",
    key=("station_id", "observed_on", "element"),
    time_column="observed_on",
    columns=(
        STATION,
        OBSERVED_ON,
        Column("element", "VARCHAR", "Column of clean.asos_hourly"),
        Column("hours", "INTEGER", "Hours of the day up to its newest reading at which the element is reported"),
        Column("missing", "INTEGER", "Hours of these without a reading", limits=(0, 24)),
        Column("flagged", "INTEGER", "Hours of these whose reading was rejected, see clean.rejections"),
    ),
)
