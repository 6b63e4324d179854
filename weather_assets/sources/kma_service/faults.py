"""Faults on demand: what can go wrong, on which calls, and how often.

Belongs here: the choice of the faults that act on a call. Does not: what a fault does to a reply (`fault_replies`,
and the wire formats for those that alter rows).
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from weather_assets.errors import UsageError
from weather_assets.sources.kma_service.exchange import Call


class FaultKind(StrEnum):
    """What goes wrong. `code` of a Fault is meant where a kind says so."""

    SERVICE_ERROR = "service_error"
    """data.go.kr, AirKorea: error `code` in the service's own envelope (JSON or XML as asked), HTTP 200."""
    GATEWAY_XML = "gateway_xml"
    """data.go.kr, AirKorea: error `code` in the gateway's XML, whatever format was asked."""
    GATEWAY_JSON = "gateway_json"
    """The JSON variant of the gateway's envelope."""
    PLAIN_TEXT_500 = "plain_text_500"
    """The text "Unexpected errors" with HTTP 500."""
    HUB_ERROR = "hub_error"
    """Hub: JSON error with status `code` (401, 403, 404, 5xx); `http_status` 200 hides it behind a success."""
    QUOTA = "quota"
    """The daily quota is used up: 22 at the gateway, 403 with its own message at the hub."""
    HTTP_STATUS = "http_status"
    """An HTML page with `http_status`."""
    HTML = "html"
    """An HTML page (maintenance) with HTTP 200."""
    KEY_ECHO = "key_echo"
    """HTTP 500 whose body repeats the request with its key."""
    EMPTY_BODY = "empty_body"
    """HTTP 200 without a body."""
    SLOW = "slow"
    """The right reply, `delay_s` seconds late."""
    DROPPED = "dropped"
    """The connection is closed without a reply."""
    CUT_OFF = "cut_off"
    """The connection is closed in the middle of the body (Content-Length says more)."""
    TRUNCATED = "truncated"
    """HTTP is right, but the second half of the body is missing: broken JSON, no end mark."""
    WRONG_CHARSET = "wrong_charset"
    """The body in charset `code`; without code: UTF-8 where EUC-KR is due, EUC-KR where UTF-8 is due."""
    MALFORMED_LINE = "malformed_line"
    """The middle row is broken: its time (data.go.kr) or its last fields (hub)."""
    DUPLICATE_ROWS = "duplicate_rows"
    """Every row twice, counted so in totalCount."""
    OUT_OF_ORDER = "out_of_order"
    """Rows latest first."""
    MISSING_ROW = "missing_row"
    """data.go.kr: the page lacks its last row, totalCount still counts it."""
    ITEMS_EMPTY_STRING = "items_empty_string"
    """data.go.kr: `items` is "" and totalCount 0."""
    ITEMS_MISSING = "items_missing"
    """data.go.kr: no `items` at all, totalCount 0."""
    ITEM_AS_DICT = "item_as_dict"
    """data.go.kr: `item` is an object instead of a list on a page of one row."""
    COLUMNS_45 = "columns_45"
    """Hub: the layout of 2020-21, without RN_JUN."""


_ONE_PER_CALL = frozenset(
    {
        FaultKind.SERVICE_ERROR,
        FaultKind.GATEWAY_XML,
        FaultKind.GATEWAY_JSON,
        FaultKind.PLAIN_TEXT_500,
        FaultKind.HUB_ERROR,
        FaultKind.QUOTA,
        FaultKind.HTTP_STATUS,
        FaultKind.HTML,
        FaultKind.KEY_ECHO,
        FaultKind.EMPTY_BODY,
        FaultKind.DROPPED,
    }
)
"""Faults that leave nothing of the right reply."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault and the calls it acts on.

    It acts on calls of `endpoint` (None = all) for which `when` holds, after `after` of them have passed, each with
    `probability`, `times` times (None = always). Of the faults that leave nothing of the right reply one acts on a
    call and the next in the list waits for a later call; all others act together.
    """

    kind: FaultKind
    endpoint: str | None = None
    times: int | None = 1
    probability: float = 1.0
    after: int = 0
    code: str = ""
    http_status: int | None = None
    delay_s: float = 0.0
    when: Callable[[Call], bool] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Accept the kind's plain name."""
        if self.kind not in set(FaultKind):
            message = f"'{self.kind}' is not a kind of fault; use one of {', '.join(FaultKind)}"
            raise UsageError(message)
        object.__setattr__(self, "kind", FaultKind(self.kind))


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    acted: int = 0


class FaultPlan:
    """The faults in force. Deterministic for a sequence of calls; safe for threads."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()
        self._random = random.Random(0)  # noqa: S311  # chance in a test, not a secret

    def add(self, fault: Fault) -> None:
        """Put one more fault in force."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """No faults any more."""
        with self._lock:
            self._armed.clear()

    def take(self, call: Call) -> list[Fault]:
        """The faults that act on this call; each is counted as used."""
        with self._lock:
            taken: list[Fault] = []
            for armed in self._armed:
                is_free = armed.fault.kind not in _ONE_PER_CALL or _ONE_PER_CALL.isdisjoint(f.kind for f in taken)
                if self._acts(armed, call, is_free=is_free):
                    taken.append(armed.fault)
            return taken

    def _acts(self, armed: _Armed, call: Call, *, is_free: bool) -> bool:
        fault = armed.fault
        if fault.endpoint not in {None, call.endpoint} or (fault.when is not None and not fault.when(call)):
            return False
        armed.seen += 1
        used_up = fault.times is not None and armed.acted >= fault.times
        if armed.seen <= fault.after or used_up or not is_free or self._random.random() >= fault.probability:
            return False
        armed.acted += 1
        return True
