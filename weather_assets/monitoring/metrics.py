"""Gauges of the platform, computed from the lake by few queries.

Belongs here: what is measured, by name. Does not: how often it is asked for, what else is measured (see `api`).
Moments are exported as seconds since 1970, so that a value holds for its snapshot and Prometheus works out the age.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily

from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import is_correction_sql
from weather_assets.lake.windows import stations_sql
from weather_assets.tables import RAW_ASOS_DAILY, RAW_ASOS_HOURLY, RAW_PM10_HOURLY

SCORED_DAYS, QUALITY_DAYS = 30, 7
LEAD_GROUPS = {"1-6 h": (1, 6), "7-24 h": (7, 24), "25-48 h": (25, 48)}
_RAW = (RAW_ASOS_HOURLY, RAW_ASOS_DAILY, RAW_PM10_HOURLY)


@dataclass(frozen=True, slots=True)
class LakeGauge:
    """A gauge by name, and what it says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class LakeQuery:
    """Gauges of one query: a row per set of labels, the labels as text in order and then a value for each gauge.

    `{stations}` stands for those that the settings name: what the lake holds besides is not expected to go on.
    """

    labels: tuple[str, ...]
    tables: tuple[str, ...]
    sql: str
    gauges: tuple[LakeGauge, ...]


def _raw_sql() -> str:
    return " UNION ALL ".join(
        f"SELECT '{table.qualified_name}', count(*), count(*) FILTER ({is_correction_sql(table)}) "
        f"FROM lake.{table.qualified_name}"
        for table in _RAW
    )


def _scores_sql() -> str:
    """Scores of the champion's forecasts that met their reading in the SCORED_DAYS before the newest such."""
    groups = " ".join(
        f"WHEN lead_hours BETWEEN {first} AND {last} THEN '{name}'" for name, (first, last) in LEAD_GROUPS.items()
    )
    return (
        f"SELECT target, CASE {groups} END AS lead_group, sqrt(avg((p50 - observed) ** 2)), "
        "1 - avg((p50 - observed) ** 2) / nullif(avg((persistence - observed) ** 2), 0), "
        "avg((observed BETWEEN p10 AND p90)::INTEGER), count(*) FROM lake.monitor.verification "
        f"WHERE role = 'champion' AND kind = 'live' AND valid_at > "
        f"(SELECT max(valid_at) - INTERVAL {SCORED_DAYS} DAY FROM lake.monitor.verification) GROUP BY 1, 2"
    )


LAKE_QUERIES = (
    LakeQuery(
        ("station",),
        ("clean.asos_hourly",),
        "SELECT station_id, epoch(newest), (newest IS NOT NULL)::INTEGER "
        "FROM (SELECT unnest([{stations}]) AS station_id) LEFT JOIN "
        "(SELECT station_id, max(observed_at) AS newest FROM lake.clean.asos_hourly "
        "WHERE station_id IN ({stations}) GROUP BY 1) USING (station_id) WHERE station_id IS NOT NULL",
        (
            LakeGauge("weather_reading_observed_timestamp_seconds", "Hour of the newest clean reading"),
            LakeGauge("weather_station_loaded", "0 for a station of the settings that never had a clean reading"),
        ),
    ),
    LakeQuery(
        ("target", "station"),
        ("forecast.hourly",),
        "SELECT target, station_id, epoch(max(issued_at)) FROM lake.forecast.hourly "
        "WHERE role = 'champion' AND kind = 'live' GROUP BY 1, 2",
        (
            LakeGauge(
                "weather_forecast_issued_timestamp_seconds", "When the champion's newest live forecast was issued"
            ),
        ),
    ),
    LakeQuery(
        ("table",),
        tuple(table.qualified_name for table in _RAW),
        _raw_sql(),
        (
            LakeGauge("weather_raw_rows", "Rows ever received"),
            LakeGauge("weather_correction_rows", "Rows received that corrected an earlier one"),
        ),
    ),
    LakeQuery(
        ("element",),
        ("monitor.data_quality",),
        "SELECT element, sum(flagged) / sum(hours) FROM lake.monitor.data_quality WHERE observed_on > "
        f"(SELECT max(observed_on) - {QUALITY_DAYS} FROM lake.monitor.data_quality) GROUP BY 1 HAVING sum(hours) > 0",
        (
            LakeGauge(
                "weather_flagged_ratio",
                f"Share of the values of the last {QUALITY_DAYS} days that were not trusted",
            ),
        ),
    ),
    LakeQuery(
        ("target", "lead_group"),
        ("monitor.verification",),
        _scores_sql(),
        (
            LakeGauge(
                "weather_forecast_rmse",
                f"RMSE of the median over the last {SCORED_DAYS} scored days, in the target's unit",
            ),
            LakeGauge(
                "weather_forecast_skill_ratio", "Share of the squared error of persistence that is saved, same days"
            ),
            LakeGauge(
                "weather_forecast_coverage_ratio", "Share of readings within p10 to p90, same days; 0.8 is right"
            ),
            LakeGauge("weather_forecast_scored", "Forecasts behind these scores"),
        ),
    ),
    LakeQuery(
        ("station", "element"),
        ("monitor.drift",),
        "SELECT station_id, element, score, drifted::INTEGER FROM lake.monitor.drift "
        "WHERE week = (SELECT max(week) FROM lake.monitor.drift)",
        (
            LakeGauge("weather_drift_score", "How far the newest judged week lies from what the models learnt from"),
            LakeGauge("weather_drift_detected", "1 where the newest judged week has drifted"),
        ),
    ),
    LakeQuery(
        ("station", "element", "fault"),
        ("monitor.sensor_faults", "clean.asos_hourly"),
        "SELECT station_id, element, fault, 1 FROM lake.monitor.sensor_faults WHERE station_id IN ({stations}) "
        "AND observed_on >= (SELECT CAST(max(observed_at) AS DATE) - 1 FROM lake.clean.asos_hourly "
        "WHERE station_id IN ({stations})) "
        "QUALIFY row_number() OVER (PARTITION BY station_id, element, fault ORDER BY observed_on DESC) = 1 "
        "AND ended_at IS NULL",
        (LakeGauge("weather_sensor_fault_open", "1 for a fault of a sensor that lasts by its newest judgement"),),
    ),
    LakeQuery(
        (),
        (),
        "SELECT sum(file_size_bytes), sum(file_count) FROM ducklake_table_info('lake')",
        (
            LakeGauge("weather_lake_bytes", "Size of the lake's files"),
            LakeGauge("weather_lake_files", "Number of the lake's files"),
        ),
    ),
    LakeQuery(
        (),
        (),
        "SELECT id FROM lake.current_snapshot()",
        (LakeGauge("weather_lake_snapshot", "Number of the newest snapshot"),),
    ),
)
LAKE_GAUGES = tuple(gauge for query in LAKE_QUERIES for gauge in query.gauges)


def query_families(lake: Lake, query: LakeQuery, station_ids: Sequence[int]) -> list[GaugeMetricFamily]:
    """The gauges of a query, none where a table is absent; without rows there are no samples, nor for what is NULL."""
    if not all(lake.has(table) for table in query.tables):
        return []
    families = [GaugeMetricFamily(gauge.name, gauge.text, labels=query.labels) for gauge in query.gauges]
    labelled = len(query.labels)
    for row in lake.query(query.sql.format(stations=stations_sql(station_ids))).fetchall():
        for family, value in zip(families, row[labelled:], strict=True):
            if value is not None:
                family.add_metric([str(label) for label in row[:labelled]], float(value))
    return families
