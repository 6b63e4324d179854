"""The KMA API hub (typ01) as it answers: parameters and text bodies that all its endpoints share."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from weather_assets.clock import STAMP_ZONE
from weather_assets.sources.kma_service.envelopes import TEXT_TYPE, RefusedError
from weather_assets.sources.kma_service.exchange import Call, Reply, parse_stamp
from weather_assets.sources.kma_service.faults import FaultKind
from weather_assets.sources.kma_service.readings import HUB_DELAY

HUB_CHARSET = "cp949"
START_MARK = "#START7777"
END_MARK = "#7777END"
_FIELDS_CUT = 5


def wanted_stations(call: Call, all_stations: Sequence[int]) -> tuple[int, ...]:
    """Parameter `stn`: absent or 0 = all, else numbers joined by colons; raises RefusedError for anything else."""
    text = call.parameters.get("stn") or "0"
    parts = text.split(":")
    if not all(part.isdecimal() for part in parts):
        raise RefusedError("400", "stn 값이 올바르지 않습니다.")
    return tuple(all_stations) if text == "0" else tuple(dict.fromkeys(int(part) for part in parts))


def wanted_time(call: Call, name: str) -> datetime | None:
    """A parameter as YYYYMMDDHHmm or YYYYMMDD; None where it is absent."""
    text = call.parameters.get(name, "")
    if not text:
        return None
    instant = parse_stamp(text, "%Y%m%d%H%M") or parse_stamp(text, "%Y%m%d")
    if instant is None:
        raise RefusedError("400", f"{name} 값이 올바르지 않습니다.")
    return instant


def latest_hour(call: Call) -> datetime:
    """The latest hour that the hub has: what it answers where no time is asked."""
    return (call.now - HUB_DELAY).astimezone(STAMP_ZONE).replace(minute=0, second=0, microsecond=0)


def wants_help(call: Call) -> bool:
    """Whether the list of columns is to come first."""
    return call.parameters.get("help") == "1"


def numbered(names: Iterable[str], meanings: Iterable[str]) -> list[str]:
    """The lines that help=1 puts before the header."""
    pairs = enumerate(zip(names, meanings, strict=True), start=1)
    return [f"# {number:>2}. {name:<14}: {meaning}" for number, (name, meaning) in pairs]


def text_reply(call: Call, header: Iterable[str], lines: Sequence[str]) -> Reply:
    """Start mark, comments, data lines, end mark, in the hub's charset."""
    if FaultKind.MALFORMED_LINE in call.disturbances and lines:
        middle = len(lines) // 2
        cut = " ".join(lines[middle].split()[:-_FIELDS_CUT])
        lines = [*lines[:middle], cut, *lines[middle + 1 :]]
    body = "\n".join([START_MARK, *header, *lines, END_MARK, ""])
    return Reply(body.encode(HUB_CHARSET), TEXT_TYPE)
