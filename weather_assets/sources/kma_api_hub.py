"""Readings from the KMA API hub: hourly ASOS up to the current hour, daily ASOS, hourly dust.

Belongs here: endpoints, parameters, and which column is which raw column. Does not: marks and errors (see `hub_reply`),
windows (see `fetch_plan`), sentinels and units, which stay as received (see `elements`).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import pyarrow as pa
from pydantic import SecretStr

from weather_assets.clock import kst_midnight
from weather_assets.daily_elements import DAILY_ELEMENTS
from weather_assets.elements import ELEMENTS, TEXT_ELEMENTS, Element, TextElement
from weather_assets.sources.fetch_plan import DayCall, HourCall, hub_days, hub_dust_hours, hub_hours
from weather_assets.sources.fetching import Fetch, fetch_answers, service_usage, tables_of
from weather_assets.sources.http import Access, Reply, Service, ServiceClient
from weather_assets.sources.hub_columns import DAILY_COLUMNS, hourly_columns
from weather_assets.sources.hub_reply import fields, read_text
from weather_assets.sources.protocol import (
    RAW_DAILY_SCHEMA,
    RAW_HOURLY_SCHEMA,
    RAW_PM10_SCHEMA,
    Answer,
    Observer,
    Series,
    Stretch,
    Usage,
    stations_of,
    whole,
)
from weather_assets.sources.raw_table import RawRow, raw_table, read_rows
from weather_assets.sources.stamps import read_day, read_instant, stamp

KMA_API_HUB_URL = "https://apihub.kma.go.kr/api/typ01/url"
KMA_API_HUB_DAILY_CALLS = 10_000
HOUR_ENDPOINT = "kma_sfctm2.php"
HOURS_ENDPOINT = "kma_sfctm3.php"
DAYS_ENDPOINT = "kma_sfcdd3.php"
DUST_ENDPOINT = "dst_pm10_hr.php"

_OBSERVED: tuple[Element | TextElement, ...] = (*ELEMENTS, *TEXT_ELEMENTS)
_HOURLY_CODES = {element.code: element.hub_code for element in _OBSERVED}
_DAILY_CODES = {element.code: element.hub_code for element in DAILY_ELEMENTS if element.hub_code is not None}
# The number of readings is glued to the mean, at times with a blank: 14(12), 78( 1).
_DUST_LINE = re.compile(r"(?P<time>\S+)\s+(?P<organisation>\S+)\s+(?P<station>\d+)\s+(?P<mean>-?[\d.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class KmaApiHubSource:
    """Readings from the KMA API hub."""

    key: SecretStr
    url: str = KMA_API_HUB_URL
    daily_calls: int = KMA_API_HUB_DAILY_CALLS
    access: Access = field(default_factory=Access)

    @property
    def name(self) -> str:
        """The provider."""
        return "kma_api_hub"

    @property
    def simulated(self) -> bool:
        """These are observations."""
        return False

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """One table per call: 31 days of one station, 10 days of all, or one hour. See ReadingsSource."""
        return tables_of(self.answers(Series.ASOS_HOURLY, whole(station_ids, start, end)))

    def asos_daily(self, station_ids: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        """One table per call: 31 days, of one station or of all that are asked. See ReadingsSource."""
        wanted = whole(station_ids, kst_midnight(start), kst_midnight(end))
        return tables_of(self.answers(Series.ASOS_DAILY, wanted))

    def pm10_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """One table per call, which is one hour. See ReadingsSource."""
        return tables_of(self.answers(Series.PM10_HOURLY, whole(station_ids, start, end)))

    def answers(self, series: Series, wanted: Sequence[Stretch], observe: Observer | None = None) -> Iterator[Answer]:
        """One answer per call. See CountedSource."""
        plan, make = _PLANS[series]
        station_ids = stations_of(wanted)
        calls = plan(wanted, self.access.now())
        fetch = Fetch(self._service(), calls, partial(make, frozenset(station_ids)))
        return fetch_answers(fetch, self.access, station_ids, observe)

    def usage(self) -> Sequence[Usage]:
        """Today's calls of the hub."""
        return [service_usage(self._service(), self.access)]

    def _service(self) -> Service:
        return Service(
            provider=self.name,
            base_url=self.url,
            key=self.key,
            key_parameter="authKey",
            daily_calls=self.daily_calls,
            key_setting="KMA_API_HUB_KEY",
            url_setting="WEATHER_KMA_API_HUB_URL",
            calls_setting="WEATHER_KMA_API_HUB_DAILY_CALLS",
        )


def _fetch_hours(wanted: Collection[int], client: ServiceClient, call: HourCall) -> pa.Table:
    first, last = stamp(call.first, "%Y%m%d%H%M"), stamp(call.last, "%Y%m%d%H%M")
    if call.first == call.last:
        endpoint, span = HOUR_ENDPOINT, {"tm": first}
    else:
        endpoint, span = HOURS_ENDPOINT, {"tm1": first, "tm2": last}
    rows = client.get(endpoint, {**span, **_station(call)}, _read_hours)
    return raw_table(RAW_HOURLY_SCHEMA, _asked(rows, wanted, call))


def _fetch_days(wanted: Collection[int], client: ServiceClient, call: DayCall) -> pa.Table:
    span = {"tm1": f"{call.first:%Y%m%d}", "tm2": f"{call.last:%Y%m%d}"}
    rows = client.get(DAYS_ENDPOINT, {**span, **_station(call)}, _read_days)
    return raw_table(RAW_DAILY_SCHEMA, _asked(rows, wanted, call))


def _fetch_dust(wanted: Collection[int], client: ServiceClient, call: HourCall) -> pa.Table:
    parameters = {"tm": stamp(call.first, "%Y%m%d%H%M"), "org": "'kma'", "mode": "1", **_station(call)}
    rows = client.get(DUST_ENDPOINT, parameters, _read_dust)
    return raw_table(RAW_PM10_SCHEMA, _asked(rows, wanted, call))


def _station(call: HourCall | DayCall) -> dict[str, str]:
    return {"stn": str(call.station_id or 0), "help": "0"}


def _asked(rows: Sequence[RawRow], wanted: Collection[int], call: HourCall | DayCall) -> Iterator[RawRow]:
    """A reply for all stations holds more of them than were asked for."""
    return (row for row in rows if row.station_id in wanted and call.first <= row.time <= call.last)


def _read_hours(reply: Reply) -> list[RawRow]:
    text = read_text(reply)
    read = partial(_positional_row, hourly_columns(text), _HOURLY_CODES, read_instant)
    return read_rows(reply.origin, text.lines, read)


def _read_days(reply: Reply) -> list[RawRow]:
    read = partial(_positional_row, DAILY_COLUMNS, _DAILY_CODES, read_day)
    return read_rows(reply.origin, read_text(reply).lines, read)


def _positional_row(
    columns: Sequence[str], codes: Mapping[str, str], read_time: Callable[[str], date], line: str
) -> RawRow:
    """The values of a line; a ValueError where it has not as many as there are columns."""
    values = dict(zip(columns, fields(line), strict=True))
    texts = {code: values.get(hub_code) for code, hub_code in codes.items()}
    return RawRow(int(values["STN"]), read_time(values["TM"]), texts)


def _read_dust(reply: Reply) -> list[RawRow]:
    # Rows of other countries and organisations come along and share station numbers with KMA's.
    matches = [_DUST_LINE.match(line) for line in read_text(reply).lines]
    return read_rows(reply.origin, (m for m in matches if m is None or m["organisation"] == "kma"), _dust_row)


def _dust_row(match: re.Match[str] | None) -> RawRow:
    if match is None:
        raise ValueError("not a line of dust")
    return RawRow(int(match["station"]), read_instant(match["time"]), {"pm10": match["mean"]})


_PLANS: Mapping[Series, tuple[Callable[..., Sequence[Any]], Callable[..., pa.Table]]] = {
    Series.ASOS_HOURLY: (hub_hours, _fetch_hours),
    Series.ASOS_DAILY: (hub_days, _fetch_days),
    Series.PM10_HOURLY: (hub_dust_hours, _fetch_dust),
}
"""Which calls to plan for a series, and how one is made."""
