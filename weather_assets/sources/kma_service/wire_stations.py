"""The hub's station list, stn_inf?inf=SFC."""

from weather_assets.sources.kma_service.envelopes import RefusedError
from weather_assets.sources.kma_service.exchange import Call, Reply
from weather_assets.sources.kma_service.readings import Readings
from weather_assets.sources.kma_service.wire_hub import text_reply, wanted_stations
from weather_assets.stations import Station, station

_HEADER = (
    "# STN_ID           LON          LAT STN_SP     HT HT_PA HT_TA HT_WD HT_RN STN_AD STN_KO STN_EN FCT_ID LAW_ID B",
    "#     ID         (deg)        (deg)            (m)   (m)   (m)   (m)   (m)     --",
)
_UNKNOWN = "-99"


def answer_stations(call: Call, readings: Readings) -> Reply:
    """The stations that the service has, with their Korean names; only inf=SFC is served."""
    if call.parameters.get("inf") != "SFC":
        raise RefusedError("400", "inf 값이 올바르지 않습니다.")
    wanted = wanted_stations(call, readings.station_ids)
    return text_reply(call, _HEADER, [_line(station(number)) for number in wanted if number in readings.station_ids])


def _line(place: Station) -> str:
    longitude, latitude = _number(place.longitude_deg, 8), _number(place.latitude_deg, 8)
    name_en = place.name_en.replace(" ", "_")
    heights = f"{_number(place.elevation_m, 2):>6}" + f" {_UNKNOWN:>5}" * 4
    return (
        f"{place.station_id:>8} {longitude:>13} {latitude:>12} {'11':>6} {heights}"
        f" {place.station_id:>6} {place.name_ko} {name_en} - - -"
    )


def _number(value: float | None, decimals: int) -> str:
    return _UNKNOWN if value is None else f"{value:.{decimals}f}"
