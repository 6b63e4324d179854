"""Readings from data.go.kr: hourly and daily ASOS up to yesterday, and dust from AirKorea with the same key.

Belongs here: parameters, and which field of an item is which raw column. Does not: envelopes and errors (see
`data_go_kr_reply`), windows (see `fetch_plan`), the air-quality service (see `airkorea`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa
from pydantic import SecretStr

from weather_assets.clock import DAY, HOUR, kst_midnight
from weather_assets.daily_elements import RAW_DAILY_COLUMNS
from weather_assets.elements import RAW_HOURLY_COLUMNS
from weather_assets.sources import airkorea
from weather_assets.sources.data_go_kr_reply import Item, read_page
from weather_assets.sources.failures import TransientFailure
from weather_assets.sources.fetch_plan import (
    DATA_GO_KR_ROWS_PER_CALL,
    DayCall,
    HourCall,
    data_go_kr_days,
    data_go_kr_hours,
)
from weather_assets.sources.fetching import Fetch, fetch_answers, service_usage, tables_of
from weather_assets.sources.http import Access, Reply, Service, ServiceClient
from weather_assets.sources.protocol import (
    RAW_DAILY_SCHEMA,
    RAW_HOURLY_SCHEMA,
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

Window = TypeVar("Window", HourCall, DayCall)

DATA_GO_KR_URL = "https://apis.data.go.kr/1360000"
DATA_GO_KR_DAILY_CALLS = 10_000
HOURLY_ENDPOINT = "AsosHourlyInfoService/getWthrDataList"
DAILY_ENDPOINT = "AsosDalyInfoService/getWthrDataList"


def _field_of(column: str) -> str:
    """The service's field of a raw column: hr3_fhsc -> hr3Fhsc, ta_qc -> taQcflg."""
    first, *rest = column.split("_")
    return first + "".join("Qcflg" if word == "qc" else word.capitalize() for word in rest)


_HOURLY_FIELDS = {column: _field_of(column) for column in RAW_HOURLY_COLUMNS}
_DAILY_FIELDS = {column: _field_of(column) for column in RAW_DAILY_COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataGoKrSource:
    """Readings from data.go.kr. Without `airkorea_sites` of a station there is no dust for it."""

    key: SecretStr
    url: str = DATA_GO_KR_URL
    daily_calls: int = DATA_GO_KR_DAILY_CALLS
    airkorea_url: str = airkorea.AIRKOREA_URL
    airkorea_daily_calls: int = airkorea.AIRKOREA_DAILY_CALLS
    airkorea_sites: Mapping[int, str] = field(default_factory=lambda: airkorea.SITES)
    access: Access = field(default_factory=Access)

    @property
    def name(self) -> str:
        """The provider."""
        return "data_go_kr"

    @property
    def simulated(self) -> bool:
        """These are observations."""
        return False

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """One table per call: up to 999 hours of one station, of days complete at the service. See ReadingsSource."""
        return tables_of(self.answers(Series.ASOS_HOURLY, whole(station_ids, start, end)))

    def asos_daily(self, station_ids: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        """One table per call: up to 999 days of one station, never today. See ReadingsSource."""
        wanted = whole(station_ids, kst_midnight(start), kst_midnight(end))
        return tables_of(self.answers(Series.ASOS_DAILY, wanted))

    def pm10_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """Dust of the last three months at most, from the AirKorea site of each station. See ReadingsSource."""
        return tables_of(self.answers(Series.PM10_HOURLY, whole(station_ids, start, end)))

    def answers(self, series: Series, wanted: Sequence[Stretch], observe: Observer | None = None) -> Iterator[Answer]:
        """One answer per call. See CountedSource."""
        station_ids = stations_of(wanted)
        return fetch_answers(self._fetch(series, wanted), self.access, station_ids, observe)

    def usage(self) -> Sequence[Usage]:
        """Today's calls of data.go.kr and of AirKorea, which are counted apart."""
        return [service_usage(service, self.access) for service in (self._service(), self._airkorea())]

    def _fetch(self, series: Series, wanted: Sequence[Stretch]) -> Fetch[Any]:
        now = self.access.now()
        if series is Series.ASOS_HOURLY:
            return Fetch(self._service(), data_go_kr_hours(wanted, now), _fetch_hours)
        if series is Series.ASOS_DAILY:
            return Fetch(self._service(), data_go_kr_days(wanted, now), _fetch_days)
        calls = airkorea.plan(self.airkorea_sites, wanted, now)
        return Fetch(self._airkorea(), calls, airkorea.fetch_dust)

    def _airkorea(self) -> Service:
        return airkorea.service(self.key, self.airkorea_url, self.airkorea_daily_calls)

    def _service(self) -> Service:
        return Service(
            provider=self.name,
            base_url=self.url,
            key=self.key,
            key_parameter="serviceKey",
            daily_calls=self.daily_calls,
            key_setting="DATA_GO_KR_KEY",
            url_setting="WEATHER_DATA_GO_KR_URL",
            calls_setting="WEATHER_DATA_GO_KR_DAILY_CALLS",
        )


def _fetch_hours(client: ServiceClient, call: HourCall) -> pa.Table:
    span = {
        "dateCd": "HR",
        "startDt": stamp(call.first, "%Y%m%d"),
        "startHh": stamp(call.first, "%H"),
        "endDt": stamp(call.last, "%Y%m%d"),
        "endHh": stamp(call.last, "%H"),
    }
    rows, total = _fetch_rows(client, HOURLY_ENDPOINT, call.station_id, span, _hourly_row)
    if total > DATA_GO_KR_ROWS_PER_CALL and call.first < call.last:
        return _in_halves(client, call, HOUR, _fetch_hours)
    return raw_table(RAW_HOURLY_SCHEMA, (row for row in rows if call.first <= row.time <= call.last))


def _fetch_days(client: ServiceClient, call: DayCall) -> pa.Table:
    span = {"dateCd": "DAY", "startDt": f"{call.first:%Y%m%d}", "endDt": f"{call.last:%Y%m%d}"}
    rows, total = _fetch_rows(client, DAILY_ENDPOINT, call.station_id, span, _daily_row)
    if total > DATA_GO_KR_ROWS_PER_CALL and call.first < call.last:
        return _in_halves(client, call, DAY, _fetch_days)
    return raw_table(RAW_DAILY_SCHEMA, (row for row in rows if call.first <= row.time <= call.last))


def _in_halves(
    client: ServiceClient, call: Window, step: timedelta, fetch: Callable[[ServiceClient, Window], pa.Table]
) -> pa.Table:
    """The two halves of a window that holds more rows than one reply, as when the service doubles rows.

    A second page would do only while the service's count stands still: else rows slip from one page to the other.
    """
    middle = call.first + (call.last - call.first) // step // 2 * step
    halves = replace(call, last=middle), replace(call, first=middle + step)
    return pa.concat_tables([fetch(client, half) for half in halves])


def _fetch_rows(
    client: ServiceClient,
    endpoint: str,
    station_id: int | None,
    span: Mapping[str, str],
    read: Callable[[Item], RawRow],
) -> tuple[list[RawRow], int]:
    """Rows of the first page, which holds a planned window whole, and how many rows the service has for the window."""
    parameters = {
        "pageNo": "1",
        "numOfRows": str(DATA_GO_KR_ROWS_PER_CALL),
        "dataType": "JSON",
        "dataCd": "ASOS",
        "stnIds": str(station_id),
        **span,
    }
    return client.get(endpoint, parameters, partial(_read_rows, station_id, read))


def _read_rows(station_id: int | None, read: Callable[[Item], RawRow], reply: Reply) -> tuple[list[RawRow], int]:
    found = read_page(reply, 1, DATA_GO_KR_ROWS_PER_CALL)
    rows = read_rows(reply.origin, found.items, read)
    if any(row.station_id != station_id for row in rows):
        raise TransientFailure(reply.origin, f"rows of another station came where {station_id} was asked for")
    return rows, found.total


def _hourly_row(item: Item) -> RawRow:
    return RawRow(int(item["stnId"]), read_instant(item["tm"]), _texts(item, _HOURLY_FIELDS))


def _daily_row(item: Item) -> RawRow:
    return RawRow(int(item["stnId"]), read_day(item["tm"]), _texts(item, _DAILY_FIELDS))


def _texts(item: Item, fields: Mapping[str, str]) -> dict[str, str | None]:
    """Values by raw column. The service sends text; a number would be as good."""
    sent = {column: item.get(name) for column, name in fields.items()}
    return {column: None if value is None else str(value).strip() for column, value in sent.items()}
