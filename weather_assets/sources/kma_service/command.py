"""The service as a command: faults written as text, and a run until Ctrl-C."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from types import MappingProxyType

from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.sources.kma_service.faults import Fault
from weather_assets.sources.kma_service.server import KmaService
from weather_assets.sources.protocol import ReadingsSource

_ALWAYS = "always"
_READERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "endpoint": str,
        "code": str,
        "times": lambda text: None if text == _ALWAYS else int(text),
        "after": int,
        "probability": float,
        "delay_s": float,
        "http_status": int,
    }
)


def parse_fault(text: str) -> Fault:
    """A fault from text such as `quota:endpoint=kma_sfctm3,after=100,times=always`; raises UsageError if it is none."""
    kind, _, rest = text.partition(":")
    details: dict[str, object] = {}
    for part in filter(None, rest.split(",")):
        name, _, value = part.partition("=")
        try:
            details[name] = _READERS[name](value)
        except (KeyError, ValueError):
            known = ", ".join(_READERS)
            message = f"fault '{text}': '{part}' is not understood; write name=value with a name of {known}"
            raise UsageError(message) from None
    return Fault(kind, **details)  # type: ignore[arg-type]  # Fault itself refuses an unknown kind


def run_service(
    source: ReadingsSource,
    *,
    port: int,
    key: str,
    announce: Callable[[str], None],
    faults: Sequence[str] = (),
    starts_at: datetime | None = None,
) -> None:
    """Serve until Ctrl-C. `announce` gets lines for the user; the clock starts at `starts_at` (None = the present).

    Raises UsageError for a fault that is not understood and for a port that is taken.
    """
    offset = starts_at - clock.now() if starts_at else timedelta()
    chosen = [parse_fault(text) for text in faults]
    service = KmaService(source, key=key, now=lambda: clock.now() + offset, faults=chosen, port=port)
    with ExitStack() as stack:
        try:
            stack.enter_context(service)
        except OSError as error:
            message = f"port {port} cannot be used ({error.strerror}); choose another with --port"
            raise UsageError(message) from None
        announce(f"data.go.kr  {service.data_go_kr_url}")
        announce(f"AirKorea    {service.airkorea_url}")
        announce(f"KMA API hub {service.hub_url}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            announce(f"{service.calls()} requests answered")
