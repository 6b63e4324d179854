"""Dust (PM10) of the last three months from AirKorea, a service that the key of data.go.kr opens too.

Belongs here: which site stands for a station, how far back each question reaches, what an item holds. Does not:
envelopes and errors, which are those of `data_go_kr_reply`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from types import MappingProxyType

import pyarrow as pa
from pydantic import SecretStr

from weather_assets.clock import HOUR
from weather_assets.sources.data_go_kr_reply import Item, read_page
from weather_assets.sources.http import Reply, Service, ServiceClient
from weather_assets.sources.protocol import RAW_PM10_SCHEMA, Stretch, stations_of
from weather_assets.sources.raw_table import RawRow, raw_table, read_rows
from weather_assets.sources.stamps import read_instant

AIRKOREA_URL = "https://apis.data.go.kr/B552584/ArpltnInforInqireSvc"
AIRKOREA_DAILY_CALLS = 500
ENDPOINT = "getMsrstnAcctoRltmMesureDnsty"

SITES: Mapping[int, str] = MappingProxyType({108: "중구"})
"""ASOS station -> the AirKorea site nearest to it. Seoul's is about 1 km away."""

_ROWS_PER_CALL = 999
# What one question can reach back to, shortest first.
_TERMS = (("DAILY", timedelta(hours=23)), ("MONTH", timedelta(days=30)), ("3MONTH", timedelta(days=90)))


@dataclass(frozen=True, slots=True)
class DustCall:
    """One question for the readings of a site up to now, of which start <= observed_at < end are wanted."""

    station_id: int
    site: str
    term: str
    start: datetime
    end: datetime

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and past-the-end instant of what is wanted."""
        return self.start, self.end


def service(key: SecretStr, base_url: str, daily_calls: int) -> Service:
    """AirKorea as a user knows it."""
    return Service(
        provider="airkorea",
        base_url=base_url,
        key=key,
        key_parameter="serviceKey",
        daily_calls=daily_calls,
        key_setting="DATA_GO_KR_KEY",
        url_setting="WEATHER_AIRKOREA_URL",
        calls_setting="WEATHER_AIRKOREA_DAILY_CALLS",
    )


def plan(sites: Mapping[int, str], wanted: Sequence[Stretch], now: datetime) -> list[DustCall]:
    """One call per station that has a site, with the shortest term that reaches its first hour; none for older ones."""
    longest_name, longest = _TERMS[-1]
    earliest = (now - longest).replace(minute=0, second=0, microsecond=0) + HOUR
    calls = []
    for station_id in stations_of(wanted):
        of_station = [stretch for stretch in wanted if stretch.station_id == station_id]
        start = max(earliest, min(stretch.start for stretch in of_station))
        end = min(max(stretch.end for stretch in of_station), now)
        if station_id in sites and start < end:
            term = next((name for name, reach in _TERMS if start >= now - reach), longest_name)
            calls.append(DustCall(station_id, sites[station_id], term, start, end))
    return calls


def fetch_dust(client: ServiceClient, call: DustCall) -> pa.Table:
    """The hours of one call as RAW_PM10_SCHEMA."""
    rows: list[RawRow] = []
    for page in count(1):
        parameters = {
            "pageNo": str(page),
            "numOfRows": str(_ROWS_PER_CALL),
            "returnType": "json",
            "stationName": call.site,
            "dataTerm": call.term,
            "ver": "1.3",
        }
        found, total = client.get(ENDPOINT, parameters, partial(_read_page, page, call.station_id))
        rows += found
        if page * _ROWS_PER_CALL >= total:
            break
    return raw_table(RAW_PM10_SCHEMA, (row for row in rows if call.start <= row.time < call.end))


def _read_page(page: int, station_id: int, reply: Reply) -> tuple[list[RawRow], int]:
    found = read_page(reply, page, _ROWS_PER_CALL)
    return read_rows(reply.origin, found.items, partial(_dust_row, station_id)), found.total


def _dust_row(station_id: int, item: Item) -> RawRow:
    texts = {"pm10": item["pm10Value"], "pm10_qc": item.get("pm10Flag")}
    return RawRow(station_id, read_instant(item["dataTime"]), texts)
