"""The test applied to the lake: clean readings of stations x weeks in, rows of monitor.drift out."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from weather_assets.clock import kst_midnight
from weather_assets.lake.lake import Lake
from weather_assets.monitoring.drift.report import METHOD, Judgement, judge
from weather_assets.monitoring.drift.samples import daily_sql, first_day_needed, samples
from weather_assets.tables import DRIFT

Write = Callable[[str, bytes], str]
"""Keeps a file of a name and tells where."""

WEEK = timedelta(days=7)


def keep_drift(lake: Lake, station_ids: Sequence[int], weeks: Sequence[date], write: Write) -> pd.DataFrame:
    """Judge the weeks (Mondays, in order), put the rows in the lake and return them.

    A report is written for the last of the weeks and for every week with a drift.
    """
    daily = lake.query(daily_sql(station_ids, first_day_needed(weeks[0]), weeks[-1] + WEEK - timedelta(days=1))).df()
    rows = [
        row
        for station_id, of_station in daily.groupby("station_id", sort=True)
        for week in weeks
        for row in _rows(int(str(station_id)), of_station, week, write, is_last=week == weeks[-1])
    ]
    frame = pd.DataFrame(rows, columns=_SCHEMA.names)
    with lake.registered("drift_found", pa.Table.from_pandas(frame, schema=_SCHEMA, preserve_index=False)):
        start, end = kst_midnight(weeks[0]), kst_midnight(weeks[-1] + WEEK)
        lake.replace_window(DRIFT, "FROM drift_found", station_ids, start, end)
    return frame


def _rows(
    station_id: int, daily: pd.DataFrame, week: date, write: Write, *, is_last: bool
) -> Iterator[tuple[object, ...]]:
    judgement = judge(samples(daily.set_index("day"), week))
    uri = _report(judgement, station_id, week, write) if is_last or judgement.any_drifted else None
    for element, score in judgement.scores.items():
        yield station_id, week, element, judgement.drifted(element), score, METHOD, uri


def _report(judgement: Judgement, station_id: int, week: date, write: Write) -> str | None:
    html = judgement.html()
    return write(f"monitoring/drift/{station_id}/{week}.html", html) if html else None


_SCHEMA = pa.schema(
    {
        "station_id": pa.int32(),
        "week": pa.date32(),
        "element": pa.string(),
        "drifted": pa.bool_(),
        "score": pa.float64(),
        "method": pa.string(),
        "report_uri": pa.string(),
    }
)
