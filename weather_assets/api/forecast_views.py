"""Answers about forecasts, made from the lake. Each raises Problem (404) where nothing is forecast."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict

from weather_assets.api.problems import no_forecast
from weather_assets.api.replies import (
    Commute,
    DailyForecast,
    Day,
    HourlyForecast,
    Latest,
    Now,
    Outlook,
    Place,
    Quantity,
    Rain,
    Result,
    Sentence,
    TableState,
    in_kst,
    place,
)
from weather_assets.clock import DAY, KST, kst_date, kst_midnight
from weather_assets.forecasting.dataset import stations_of
from weather_assets.forecasting.targets import TARGETS, Target
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import condition_sql
from weather_assets.outlook.commute import PERIODS
from weather_assets.publication.latest import latest_document
from weather_assets.publication.newest import DAILY, HOURLY, OUTLOOK, RAIN, Issued, Row, newest
from weather_assets.publication.words import Words, quantity_words, rain_words
from weather_assets.tables import CONTRACTS

_DAYS_AHEAD = 3


class _ForPlace(TypedDict):
    place: Place
    simulated: bool


def now(lake: Lake, station_id: int, at: datetime) -> Now:
    """What is forecast for the hour that follows an instant."""
    rows = [row for row in _newest(lake, HOURLY, station_id, at) if row["valid_at"] > at]
    if not rows:
        raise no_forecast(f"the newest forecast of station {station_id} ends before {_said(at)}; weather up renews it")
    valid_at = min(row["valid_at"] for row in rows)
    quantities = [_quantity(row) for row in rows if row["valid_at"] == valid_at]
    return Now(**_for_place(lake, station_id), valid_at=in_kst(valid_at), quantities=quantities)


def commute(lake: Lake, station_id: int, at: datetime, period: str) -> Commute:
    """The next morning or evening whose last hour is still ahead, hour by hour, and its outlook where there is one."""
    rows = _newest(lake, HOURLY, station_id, at)
    days = [kst_date(at) + number * DAY for number in range(_DAYS_AHEAD)]
    for day in days:
        hours = [kst_midnight(day) + timedelta(hours=hour) for hour in PERIODS[period]]
        chosen = [row for row in rows if row["valid_at"] in hours]
        if hours[-1] > at and chosen:
            outlooks = [row for row in newest(lake, OUTLOOK, at, [station_id]) if _is(row, day, period)]
            return Commute(
                **_for_place(lake, station_id),
                period=period,
                valid_on=day,
                hours=[_quantity(row) for row in chosen],
                outlook=_outlook(outlooks[0]) if outlooks else None,
            )
    raise no_forecast(f"the next {period} after {_said(at)} is not forecast for station {station_id}; weather up helps")


def hourly(lake: Lake, station_id: int, at: datetime) -> HourlyForecast:
    """Every lead of the forecast that stood at an instant, and the rain."""
    quantities = [_quantity(row) for row in _newest(lake, HOURLY, station_id, at)]
    rain = [_rain(row) for row in newest(lake, RAIN, at, [station_id])]
    return HourlyForecast(**_for_place(lake, station_id), quantities=quantities, rain=rain)


def daily(lake: Lake, station_id: int, at: datetime) -> DailyForecast:
    """The days of the forecast that stood at an instant."""
    days = [_day(row) for row in _newest(lake, DAILY, station_id, at)]
    return DailyForecast(**_for_place(lake, station_id), days=days)


def result(lake: Lake, station_id: int, at: datetime) -> Result:
    """What the KST day of an instant has brought of each table, and the outlooks that stand."""
    _known(lake, station_id)
    day = kst_date(at)
    tables = (table for table in CONTRACTS if "station_id" in table.column_names and lake.has(table.qualified_name))
    states = [_state(lake, table, station_id, day) for table in tables]
    outlooks = [_outlook(row) for row in newest(lake, OUTLOOK, at, [station_id])]
    return Result(**_for_place(lake, station_id), day=day, tables=states, outlooks=outlooks)


def latest(lake: Lake, at: datetime) -> Latest:
    """The newest forecasts of every station."""
    return Latest.model_validate(latest_document(lake, at))


def _newest(lake: Lake, issued: Issued, station_id: int, at: datetime) -> Sequence[Row]:
    rows = newest(lake, issued, at, [station_id])
    if not rows:
        _known(lake, station_id)
        when = f"in the two days up to {_said(at)}"
        raise no_forecast(f"no {issued.table} of station {station_id} was issued {when}; weather why {_asset(issued)}")
    return rows


def _known(lake: Lake, station_id: int) -> None:
    stations = stations_of(lake)
    if station_id not in stations:
        listed = ", ".join(map(str, stations)) or "none yet"
        raise no_forecast(f"no readings of station {station_id}; the lake has {listed}; load it with weather backfill")


def _quantity(row: Row) -> Quantity:
    target = TARGETS[row["target"]]
    times = {name: in_kst(row[name]) for name in ("issued_at", "valid_at")}
    return Quantity.model_validate({**row, **times, "unit": target.unit, "words": _words(target, row)})


def _day(row: Row) -> Day:
    target = TARGETS[row["target"]]
    return Day.model_validate(
        {**row, "issued_at": in_kst(row["issued_at"]), "unit": target.unit, "words": _words(target, row)}
    )


def _words(target: Target, row: Row) -> Sentence:
    return _sentence(quantity_words(target.label_ko, target.label_en, target.unit, row))


def _rain(row: Row) -> Rain:
    times = {name: in_kst(row[name]) for name in ("issued_at", "valid_from", "valid_to")}
    return Rain.model_validate({**row, **times, "words": _sentence(rain_words(row["probability"]))})


def _outlook(row: Row) -> Outlook:
    words = row["reason_ko"], row["reason_en"]
    reason = Sentence(ko=words[0], en=words[1]) if all(words) else None
    return Outlook.model_validate({**row, "issued_at": in_kst(row["issued_at"]), "reason": reason})


def _sentence(words: Words) -> Sentence:
    return Sentence(ko=words.ko, en=words.en)


def _state(lake: Lake, table: TableContract, station_id: int, day: date) -> TableState:
    start = kst_midnight(day)
    condition = condition_sql(table, [station_id], start, start + DAY)
    row = lake.first_row(
        f"SELECT count(*), max({table.time_column}) FROM lake.{table.qualified_name} WHERE {condition}"
    )
    count, newest_at = row or (0, None)
    return TableState(
        table=table.qualified_name,
        rows=count,
        newest=in_kst(newest_at) if isinstance(newest_at, datetime) else newest_at,
    )


def _is(row: Row, day: date, period: str) -> bool:
    return bool(row["valid_on"] == day and row["period"] == period)


def _for_place(lake: Lake, station_id: int) -> _ForPlace:
    return {"place": place(station_id), "simulated": bool(lake.is_simulated())}


def _said(at: datetime) -> str:
    return f"{at.astimezone(KST):%Y-%m-%d %H:%M} KST"


def _asset(issued: Issued) -> str:
    return f"{issued.table.replace('.', '/')} says why"
