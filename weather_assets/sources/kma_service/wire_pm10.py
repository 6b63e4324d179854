"""The hub's dust endpoints kma_pm10 (5-minute values) and dst_pm10_hr (statistics of an hour).

The source's mean of hour h is told as twelve equal 5-minute values from h - 55 min to h, so that their mean is the
source's value. Which hour they really belong to is not documented.
"""

from datetime import datetime, timedelta

from weather_assets.clock import DAY, HOUR
from weather_assets.sources.kma_service.envelopes import RefusedError
from weather_assets.sources.kma_service.exchange import Call, Reply, number_text
from weather_assets.sources.kma_service.readings import HUB_DELAY, Readings, Span
from weather_assets.sources.kma_service.rows import Row, disturbed, rows_of
from weather_assets.sources.kma_service.wire_hub import latest_hour, text_reply, wanted_stations, wanted_time

_STEP = timedelta(minutes=5)
_STEPS_PER_HOUR = 12
_FOREIGN_ROW = "{time:%Y.%m.%d.%H:%M}   cma  52203     78( 1)     78     78"
_OWN_ORGANISATION = "'kma'"


def answer_five_minutes(call: Call, readings: Readings) -> Reply:
    """kma_pm10: 5-minute values from tm1 to tm2, both included, at most a day."""
    stations = wanted_stations(call, readings.station_ids)
    latest = latest_hour(call)
    start, last = wanted_time(call, "tm1") or latest, wanted_time(call, "tm2") or latest
    if last < start or last - start > DAY:
        raise RefusedError("400", "조회 기간이 올바르지 않습니다.")
    table = disturbed(readings.dust(stations, Span(start, last + HOUR, call.now, HUB_DELAY)), call)
    rows = [row for row in rows_of(table) if row.text("pm10")]
    lines = [_line(row, time) for row in rows for time in _steps(row.time) if start <= time <= last]
    return text_reply(call, ["# YYMMDDHHMI,   STN, PM10,  FLAG,MQC"], lines)


def _steps(hour: datetime) -> list[datetime]:
    return [hour - step * _STEP for step in reversed(range(_STEPS_PER_HOUR))]


def _line(row: Row, time: datetime) -> str:
    return f"{time:%Y%m%d%H%M},{row.station_id:>6},{number_text(row.text('pm10'), 0):>5},000000,,="


def answer_hour_statistics(call: Call, readings: Readings) -> Reply:
    """dst_pm10_hr: one hour; with rows of other organisations too unless org='kma' (with the quotes) is asked."""
    organisation = call.parameters.get("org", "")
    if organisation not in {"", _OWN_ORGANISATION}:
        raise RefusedError("400", "org 값이 올바르지 않습니다.")
    stations = wanted_stations(call, readings.station_ids)
    time = wanted_time(call, "tm") or latest_hour(call)
    table = disturbed(readings.dust(stations, Span(time, time + _STEP, call.now, HUB_DELAY)), call)
    lines = [_statistics(row) for row in rows_of(table) if row.text("pm10")]
    foreign = [] if organisation else [_FOREIGN_ROW.format(time=time)]
    return text_reply(call, [], [*lines, *foreign])


def _statistics(row: Row) -> str:
    value = number_text(row.text("pm10"), 0)
    count = f"({_STEPS_PER_HOUR:>2})"
    return f"{row.time:%Y.%m.%d.%H:%M}   kma {row.station_id:>6} {value:>6}{count} {value:>6} {value:>6}"
