"""A small source in memory, a running service and a way to ask it over HTTP."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from weather_assets.errors import UsageError
from weather_assets.sources.kma_service import KmaService
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA

KEY = "abc+/=key=="
ZONE = timezone(timedelta(hours=9))

TableRow = Mapping[str, Any]


@dataclass
class MemorySource:
    """Rows given by a test; stations 108 and 129 are known."""

    hours: list[TableRow] = field(default_factory=list)
    days: list[TableRow] = field(default_factory=list)
    dust: list[TableRow] = field(default_factory=list)
    questions: int = 0
    name: str = "kma_csv"
    simulated: bool = False

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        if set(station_ids) - {108, 129}:
            raise UsageError("no such station here")
        self.questions += 1
        yield _selection(self.hours, RAW_HOURLY_SCHEMA, station_ids, start, end)

    def asos_daily(self, station_ids: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        yield _selection(self.days, RAW_DAILY_SCHEMA, station_ids, start, end)

    def pm10_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        yield _selection(self.dust, RAW_PM10_SCHEMA, station_ids, start, end)


def _selection(rows: list[TableRow], schema: pa.Schema, station_ids: Sequence[int], start: date, end: date) -> pa.Table:
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    times = table.column(1)
    inside = pc.and_(pc.greater_equal(times, pa.scalar(start, times.type)), pc.less(times, pa.scalar(end, times.type)))
    return table.filter(pc.and_(inside, pc.is_in(table.column(0), value_set=pa.array(station_ids, pa.int32()))))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def items(self) -> list[dict[str, str]]:
        items: list[dict[str, str]] = self.json["response"]["body"]["items"]["item"]
        return items

    @property
    def code(self) -> str:
        code: str = self.json["response"]["header"]["resultCode"]
        return code

    @property
    def text(self) -> str:
        return self.body.decode("cp949")

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if not line.startswith("#")]


Ask = Callable[..., Answer]


@pytest.fixture
def ask() -> Ask:
    """GET a URL with parameters, whatever the HTTP status."""

    def get(url: str, **parameters: object) -> Answer:
        request = f"{url}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
                return Answer(reply.status, reply.headers["Content-Type"], reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers["Content-Type"], error.read())

    return get


def hour(observed_at: datetime, station_id: int = 108, **texts: str) -> TableRow:
    return {"station_id": station_id, "observed_at": observed_at.astimezone(UTC), **texts}


@pytest.fixture
def source() -> MemorySource:
    """Three days from 2021-06-01: every hour of Seoul with its number as temperature; Seosan at noon only."""
    start = datetime(2021, 6, 1, tzinfo=ZONE)
    times = [start + timedelta(hours=number) for number in range(72)]
    seoul = [hour(time, ta=f"{number}.5", hm="50") for number, time in enumerate(times)]
    seosan = [hour(time, 129, ta="-9") for time in times if time.hour == 12]
    return MemorySource(hours=[*seoul, *seosan])


NOW = datetime(2021, 6, 3, 15, 12, tzinfo=ZONE)


@pytest.fixture
def service(source: MemorySource) -> Iterator[KmaService]:
    """The service at 15:12 on the third day."""
    with KmaService(source, key=KEY, now=NOW) as running:
        yield running


@pytest.fixture
def hourly(service: KmaService, ask: Ask) -> Callable[..., Answer]:
    """Ask the hourly service of data.go.kr for the first two days of Seoul, with changes."""
    usual: dict[str, object] = {
        "serviceKey": KEY, "pageNo": 1, "numOfRows": 999, "dataType": "JSON", "dataCd": "ASOS", "dateCd": "HR",
        "startDt": "20210601", "startHh": "00", "endDt": "20210602", "endHh": "23", "stnIds": "108",
    }  # fmt: skip
    url = f"{service.data_go_kr_url}/AsosHourlyInfoService/getWthrDataList"
    return lambda **changes: ask(url, **usual | changes)


@pytest.fixture
def daily(service: KmaService, ask: Ask) -> Callable[..., Answer]:
    """Ask the daily service of data.go.kr for the first two days of Seoul, with changes."""
    usual: dict[str, object] = {
        "serviceKey": KEY, "pageNo": 1, "numOfRows": 999, "dataType": "JSON", "dataCd": "ASOS", "dateCd": "DAY",
        "startDt": "20210601", "endDt": "20210602", "stnIds": "108",
    }  # fmt: skip
    url = f"{service.data_go_kr_url}/AsosDalyInfoService/getWthrDataList"
    return lambda **changes: ask(url, **usual | changes)


@pytest.fixture
def hub(service: KmaService, ask: Ask) -> Callable[..., Answer]:
    """Ask an endpoint of the hub by its name."""
    return lambda name, **parameters: ask(f"{service.hub_url}/{name}.php", **{"authKey": KEY} | parameters)
