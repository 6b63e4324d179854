"""One call to the service and its reply, and the few rules of text and time that all wire formats share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from weather_assets.clock import STAMP_ZONE

DATA_GO_KR = "data_go_kr"
AIR_KOREA = "air_korea"
HUB = "hub"


@dataclass(frozen=True, slots=True)
class Call:
    """A request: which endpoint of which provider, its parameters without the key, and the service's present time.

    `disturbances` holds the kinds of fault that alter the content of the reply.
    """

    provider: str
    endpoint: str
    parameters: Mapping[str, str]
    now: datetime
    disturbances: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP."""

    body: bytes
    content_type: str
    status: int = 200


def parse_stamp(text: str, form: str) -> datetime | None:
    """The instant of a text such as 20210131 (form %Y%m%d) in standard time; None if it is no such text."""
    try:
        instant = datetime.strptime(text, form).replace(tzinfo=STAMP_ZONE)
    except ValueError:
        return None
    # strptime accepts 2021131 for 20210131; the services do not.
    return instant if instant.strftime(form) == text else None


@lru_cache(maxsize=200_000)
def number_text(text: str, decimals: int) -> str:
    """A number as the services write it: leading zero, at least `decimals` decimals, no digit lost (.9 -> 0.9).

    A text that is no number is passed on as it is.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    places = -int(number.normalize().as_tuple().exponent)
    return f"{number:.{max(decimals, places)}f}"


@lru_cache(maxsize=10_000)
def tens_text(text: str) -> str:
    """Degrees as tens of degrees (290 -> 29). A direction between the tens keeps a decimal: nothing is lost."""
    try:
        tens = Decimal(text) / 10
    except InvalidOperation:
        return text
    return number_text(str(tens), 0)
