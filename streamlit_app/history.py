"""What the pages on trust, data and operations ask of the lake; kept until a new snapshot lands, as in data.py."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from streamlit_app.data import rows_of
from streamlit_app.store import Version, store
from weather_assets.lake.windows import instant_sql
from weather_assets.tables import ALL_TABLES

_cached = st.cache_data(max_entries=64, show_spinner=False)

LEAD_GROUPS_H = (6, 12, 24, 48)
"""Last lead of each group in which months are scored."""

PRESENT_DAYS = 7
"""A challenger whose forecasts ended longer ago than this is not one any more."""

_SCORES = (
    "count(*) AS n, avg(absolute_error) AS error, avg(abs(persistence - observed)) AS error_persistence, "
    "avg(abs(climatology - observed)) AS error_climatology, avg((observed BETWEEN p10 AND p90)::INT) AS coverage_80, "
    "avg((observed BETWEEN p25 AND p75)::INT) AS coverage_50"
)


def _scored(station_id: int, since: datetime) -> str:
    """Conditions for the champion's scored forecasts that stand beside both baselines."""
    return (
        f"station_id = {station_id} AND role = 'champion' AND valid_at >= {instant_sql(since)} "
        "AND persistence IS NOT NULL AND climatology IS NOT NULL"
    )


@_cached
def scores_by_lead(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """Mean absolute errors and coverage by target, kind and lead_hours of what was valid since an instant."""
    return rows_of(
        version,
        "monitor.verification",
        f"SELECT target, kind, lead_hours, {_SCORES}, min(valid_at) AS first_at, max(valid_at) AS last_at "
        f"FROM lake.monitor.verification WHERE {_scored(station_id, since)} GROUP BY ALL ORDER BY ALL",
    )


@_cached
def scores_by_month(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """The same by target, kind, month (its first day) and lead_group (its last lead)."""
    group = "CASE " + " ".join(f"WHEN lead_hours <= {last} THEN {last}" for last in LEAD_GROUPS_H) + " END"
    return rows_of(
        version,
        "monitor.verification",
        f"SELECT target, kind, date_trunc('month', valid_at)::DATE AS month, {group} AS lead_group, {_SCORES} "
        f"FROM lake.monitor.verification WHERE {_scored(station_id, since)} GROUP BY ALL ORDER BY ALL",
    )


@_cached
def rivals(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """Champion and present challenger on the same hours: target, their versions, n, crps of each.

    A challenger without forecasts of the last days before the newest verified one is retired, and left out.
    """
    newest = f"SELECT max(issued_at) FROM lake.monitor.verification WHERE station_id = {station_id}"
    side = (
        "SELECT target, issued_at, valid_at, kind, model_version, crps FROM lake.monitor.verification "
        f"WHERE station_id = {station_id} AND valid_at >= {instant_sql(since)} AND role = "
    )
    return rows_of(
        version,
        "monitor.verification",
        "SELECT target, a.model_version AS champion, b.model_version AS challenger, count(*) AS n, "
        "avg(a.crps) AS champion_crps, avg(b.crps) AS challenger_crps "
        f"FROM ({side} 'champion') AS a JOIN ({side} 'challenger') AS b USING (target, issued_at, valid_at, kind) "
        f"GROUP BY ALL HAVING max(issued_at) > ({newest}) - INTERVAL {PRESENT_DAYS} DAY ORDER BY ALL",
    )


@_cached
def other_scores(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """Mean errors of the daily targets by lead in days, and Brier scores of rain: target, lead, kind, n, ours, rivals.

    Of each target the kind, live or replay, that has most scores: the two are not mixed.
    """
    span = f"station_id = {station_id} AND role = 'champion'"
    daily = rows_of(
        version,
        "monitor.verification_daily",
        "SELECT target, lead_days AS lead, kind, count(*) AS n, avg(absolute_error) AS error, "
        "avg(abs(persistence - observed)) AS error_persistence, avg(abs(climatology - observed)) AS error_climatology "
        f"FROM lake.monitor.verification_daily WHERE {span} AND valid_on >= {instant_sql(since)}::DATE "
        "GROUP BY ALL ORDER BY ALL",
    )
    rain = rows_of(
        version,
        "monitor.verification_rain",
        "SELECT 'rain' AS target, ceil(lead_hours / 24)::INTEGER AS lead, kind, count(*) AS n, avg(brier) AS error, "
        "avg((persistence - observed) ** 2) AS error_persistence, "
        "avg((climatology - observed) ** 2) AS error_climatology "
        f"FROM lake.monitor.verification_rain WHERE {span} AND valid_to >= {instant_sql(since)} "
        "GROUP BY ALL ORDER BY ALL",
    )
    there = [_of_one_kind(frame) for frame in (daily, rain) if len(frame)]
    return pd.concat(there, ignore_index=True) if there else pd.DataFrame()


def _of_one_kind(scores: pd.DataFrame) -> pd.DataFrame:
    totals = scores.groupby(["target", "kind"])["n"].sum()
    chosen = totals.groupby("target").idxmax()
    return scores[scores.set_index(["target", "kind"]).index.isin(chosen)]


@_cached
def decisions(version: Version) -> pd.DataFrame:
    """The newest decisions on challengers: decided_at, target, decision, reason."""
    return rows_of(
        version,
        "monitor.promotion",
        "SELECT decided_at, target, decision, reason FROM lake.monitor.promotion ORDER BY decided_at DESC LIMIT 10",
    )


@_cached
def quality(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """Hours of each element since a day: element, hours (expected), missing, flagged."""
    return rows_of(
        version,
        "monitor.data_quality",
        "SELECT element, sum(hours)::BIGINT AS hours, sum(missing)::BIGINT AS missing, sum(flagged)::BIGINT AS flagged "
        f"FROM lake.monitor.data_quality WHERE station_id = {station_id} AND observed_on >= {instant_sql(since)}::DATE "
        "GROUP BY ALL ORDER BY element",
    )


@_cached
def rejected(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """The newest readings that were not trusted: observed_at, element, value, flag, reason."""
    return rows_of(
        version,
        "clean.rejections",
        "SELECT observed_at, element, value, flag, reason FROM lake.clean.rejections "
        f"WHERE station_id = {station_id} AND observed_at >= {instant_sql(since)} "
        "ORDER BY observed_at DESC, element LIMIT 50",
    )


@_cached
def drift(version: Version, station_id: int) -> pd.DataFrame:
    """The newest weeks of monitor.drift: week, element, drifted, score, method, report_uri."""
    return rows_of(
        version,
        "monitor.drift",
        f"SELECT week, element, drifted, score, method, report_uri FROM lake.monitor.drift "
        f"WHERE station_id = {station_id} ORDER BY week DESC, element LIMIT 120",
    )


@_cached
def sensor_faults(version: Version, station_id: int, since: datetime) -> pd.DataFrame:
    """Suspected sensor faults seen since a day, each as it was seen last, the newest first."""
    return rows_of(
        version,
        "monitor.sensor_faults",
        "SELECT element, fault, began_at, detected_at, ended_at, evidence FROM lake.monitor.sensor_faults "
        f"WHERE station_id = {station_id} AND observed_on >= {instant_sql(since)}::DATE "
        "QUALIFY observed_on = max(observed_on) OVER (PARTITION BY element, fault, began_at) "
        "ORDER BY detected_at DESC LIMIT 30",
    )


@_cached
def report(version: Version, uri: str) -> str:
    """Text of a report in the artifact store, a folder or S3. Raises LakeError where it cannot be read."""
    found = store(version).rows("SELECT content FROM read_text(?)", [uri.removeprefix("file://")])
    return "" if found.empty else str(found["content"].iloc[0])


@_cached
def freshness(version: Version) -> pd.DataFrame:
    """Every table: its name, whether it is there, and the newest time or day it holds (text, KST)."""
    opened = store(version)
    found = []
    for contract in ALL_TABLES:
        newest = None
        if there := opened.has(contract.qualified_name):
            answer = opened.rows(
                f"SELECT max({contract.time_column})::VARCHAR AS newest FROM lake.{contract.qualified_name}"
            )
            newest = answer["newest"].iloc[0]
        found.append({"table": contract.qualified_name, "is_there": there, "newest": newest})
    return pd.DataFrame(found)


@_cached
def writes(version: Version) -> pd.DataFrame:
    """The newest commits: snapshot_id, snapshot_time, commit_message."""
    return store(version).rows(
        "SELECT snapshot_id, snapshot_time, commit_message FROM lake.snapshots() ORDER BY snapshot_id DESC LIMIT 40"
    )


@_cached
def versions_in_use(version: Version, newest_at: datetime) -> pd.DataFrame:
    """Which model versions issued the newest forecasts: target, role, model_version, kind, issued_at."""
    return rows_of(
        version,
        "forecast.hourly",
        "SELECT DISTINCT target, role, model_version, kind, issued_at FROM lake.forecast.hourly "
        f"WHERE issued_at > {instant_sql(newest_at - timedelta(days=2))} "
        "QUALIFY issued_at = max(issued_at) OVER (PARTITION BY target, role) ORDER BY 1, 2, 4 LIMIT 20",
    )
