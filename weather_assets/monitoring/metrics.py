"""Gauges of the platform, computed from the lake by one query each.

Belongs here: what is measured, by name. Does not: how often it is asked for, what else is measured (see `api`).
Moments are exported as seconds since 1970, so that a value holds for its snapshot and Prometheus works out the age.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily

from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import is_correction_sql
from weather_assets.tables import RAW_ASOS_DAILY, RAW_ASOS_HOURLY, RAW_PM10_HOURLY

SCORED_DAYS, QUALITY_DAYS = 30, 7
LEAD_GROUPS = {"1-6 h": (1, 6), "7-24 h": (7, 24), "25-48 h": (25, 48)}
_RAW = (RAW_ASOS_HOURLY, RAW_ASOS_DAILY, RAW_PM10_HOURLY)


@dataclass(frozen=True, slots=True)
class LakeGauge:
    """A gauge: `sql` gives one row per set of labels, the labels as text in order and then the value."""

    name: str
    text: str
    labels: tuple[str, ...]
    tables: tuple[str, ...]
    sql: str


def _raw_sql(value: str) -> str:
    return " UNION ALL ".join(
        f"SELECT '{table.qualified_name}', {value.format(correction=is_correction_sql(table))} "
        f"FROM lake.{table.qualified_name}"
        for table in _RAW
    )


def _scores_sql(value: str) -> str:
    """Scores of the champion's forecasts that met their reading in the SCORED_DAYS before the newest such."""
    groups = " ".join(
        f"WHEN lead_hours BETWEEN {first} AND {last} THEN '{name}'" for name, (first, last) in LEAD_GROUPS.items()
    )
    return (
        f"SELECT target, CASE {groups} END AS lead_group, {value} FROM lake.monitor.verification "
        f"WHERE role = 'champion' AND kind = 'live' AND valid_at > "
        f"(SELECT max(valid_at) - INTERVAL {SCORED_DAYS} DAY FROM lake.monitor.verification) GROUP BY 1, 2"
    )


_SCORED = ("monitor.verification",)
_SCORE_LABELS = ("target", "lead_group")

LAKE_GAUGES = (
    LakeGauge(
        "weather_reading_observed_timestamp_seconds",
        "Hour of the newest clean reading",
        ("station",),
        ("clean.asos_hourly",),
        "SELECT station_id, epoch(max(observed_at)) FROM lake.clean.asos_hourly GROUP BY 1",
    ),
    LakeGauge(
        "weather_forecast_issued_timestamp_seconds",
        "When the champion's newest live forecast was issued",
        ("target", "station"),
        ("forecast.hourly",),
        "SELECT target, station_id, epoch(max(issued_at)) FROM lake.forecast.hourly "
        "WHERE role = 'champion' AND kind = 'live' GROUP BY 1, 2",
    ),
    LakeGauge(
        "weather_raw_rows",
        "Rows ever received",
        ("table",),
        tuple(table.qualified_name for table in _RAW),
        _raw_sql("count(*)"),
    ),
    LakeGauge(
        "weather_correction_rows",
        "Rows received that corrected an earlier one",
        ("table",),
        tuple(table.qualified_name for table in _RAW),
        _raw_sql("count(*) FILTER ({correction})"),
    ),
    LakeGauge(
        "weather_flagged_ratio",
        f"Share of the values of the last {QUALITY_DAYS} days that were not trusted",
        ("element",),
        ("monitor.data_quality",),
        "SELECT element, sum(flagged) / sum(hours) FROM lake.monitor.data_quality WHERE observed_on > "
        f"(SELECT max(observed_on) - {QUALITY_DAYS} FROM lake.monitor.data_quality) GROUP BY 1 HAVING sum(hours) > 0",
    ),
    LakeGauge(
        "weather_forecast_rmse",
        f"RMSE of the median over the last {SCORED_DAYS} scored days, in the target's unit",
        _SCORE_LABELS,
        _SCORED,
        _scores_sql("sqrt(avg((p50 - observed) ** 2))"),
    ),
    LakeGauge(
        "weather_forecast_skill_ratio",
        "Share of the squared error of persistence that is saved, same days",
        _SCORE_LABELS,
        _SCORED,
        _scores_sql("1 - avg((p50 - observed) ** 2) / nullif(avg((persistence - observed) ** 2), 0)"),
    ),
    LakeGauge(
        "weather_forecast_coverage_ratio",
        "Share of readings within p10 to p90, same days; 0.8 is right",
        _SCORE_LABELS,
        _SCORED,
        _scores_sql("avg((observed BETWEEN p10 AND p90)::INTEGER)"),
    ),
    LakeGauge(
        "weather_forecast_scored",
        "Forecasts behind these scores",
        _SCORE_LABELS,
        _SCORED,
        _scores_sql("count(*)"),
    ),
    LakeGauge(
        "weather_drift_score",
        "How far the newest judged week lies from what the models learnt from",
        ("station", "element"),
        ("monitor.drift",),
        "SELECT station_id, element, score FROM lake.monitor.drift "
        "WHERE week = (SELECT max(week) FROM lake.monitor.drift)",
    ),
    LakeGauge(
        "weather_drift_detected",
        "1 where the newest judged week has drifted",
        ("station", "element"),
        ("monitor.drift",),
        "SELECT station_id, element, drifted::INTEGER FROM lake.monitor.drift "
        "WHERE week = (SELECT max(week) FROM lake.monitor.drift)",
    ),
    LakeGauge(
        "weather_sensor_fault_open",
        "1 for a fault of a sensor that lasts by its newest judgement",
        ("station", "element", "fault"),
        ("monitor.sensor_faults", "clean.asos_hourly"),
        "SELECT station_id, element, fault, 1 FROM lake.monitor.sensor_faults "
        "WHERE observed_on >= (SELECT CAST(max(observed_at) AS DATE) - 1 FROM lake.clean.asos_hourly) "
        "QUALIFY row_number() OVER (PARTITION BY station_id, element, fault ORDER BY observed_on DESC) = 1 "
        "AND ended_at IS NULL",
    ),
    LakeGauge(
        "weather_lake_bytes",
        "Size of the lake's files",
        (),
        (),
        "SELECT sum(file_size_bytes) FROM ducklake_table_info('lake')",
    ),
    LakeGauge(
        "weather_lake_files",
        "Number of the lake's files",
        (),
        (),
        "SELECT sum(file_count) FROM ducklake_table_info('lake')",
    ),
    LakeGauge(
        "weather_lake_snapshot", "Number of the newest snapshot", (), (), "SELECT id FROM lake.current_snapshot()"
    ),
)


def lake_families(lake: Lake) -> Iterator[GaugeMetricFamily]:
    """Every gauge whose tables are there; one without rows has no samples, and neither has a value that is unknown."""
    for gauge in LAKE_GAUGES:
        if not all(lake.has(table) for table in gauge.tables):
            continue
        family = GaugeMetricFamily(gauge.name, gauge.text, labels=gauge.labels)
        for *labels, value in lake.query(gauge.sql).fetchall():
            if value is not None:
                family.add_metric([str(label) for label in labels], float(value))
        yield family
