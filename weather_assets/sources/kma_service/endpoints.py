"""Which path of which provider answers what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from weather_assets.sources.kma_service import (
    wire_air_korea,
    wire_data_go_kr,
    wire_hub_daily,
    wire_hub_hourly,
    wire_pm10,
    wire_stations,
)
from weather_assets.sources.kma_service.exchange import AIR_KOREA, DATA_GO_KR, HUB, Call, Reply
from weather_assets.sources.kma_service.readings import Readings

ROOTS: Mapping[str, str] = MappingProxyType(
    {DATA_GO_KR: "/1360000", AIR_KOREA: "/B552584/ArpltnInforInqireSvc", HUB: "/api/typ01/url"}
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider's endpoint: the name that faults and records use, and what answers. Raises RefusedError."""

    provider: str
    name: str
    answer: Callable[[Call, Readings], Reply]


_DATA_GO_KR = {
    "AsosHourlyInfoService": wire_data_go_kr.answer_hourly,
    "AsosDalyInfoService": wire_data_go_kr.answer_daily,
}
_AIR_KOREA = {
    "getMsrstnAcctoRltmMesureDnsty": wire_air_korea.answer_site,
    "getCtprvnRltmMesureDnsty": wire_air_korea.answer_province,
}
_HUB = {
    "kma_sfctm2": wire_hub_hourly.answer_one_time,
    "kma_sfctm3": wire_hub_hourly.answer_period,
    "kma_sfcdd": wire_hub_daily.answer_one_day,
    "kma_sfcdd3": wire_hub_daily.answer_period,
    "kma_pm10": wire_pm10.answer_five_minutes,
    "dst_pm10_hr": wire_pm10.answer_hour_statistics,
    "stn_inf": wire_stations.answer_stations,
}

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        f"{ROOTS[DATA_GO_KR]}/{name}/getWthrDataList": Endpoint(DATA_GO_KR, name, _DATA_GO_KR[name])
        for name in _DATA_GO_KR
    }
    | {f"{ROOTS[AIR_KOREA]}/{name}": Endpoint(AIR_KOREA, name, _AIR_KOREA[name]) for name in _AIR_KOREA}
    | {f"{ROOTS[HUB]}/{name}.php": Endpoint(HUB, name, _HUB[name]) for name in _HUB}
)
"""By path, without host and query."""

ENDPOINT_NAMES = tuple(endpoint.name for endpoint in ENDPOINTS.values())
