"""The service as one object: keys, faults, its clock, and the record of what was asked."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.sources.kma_service.changes import Correction, LateReading
from weather_assets.sources.kma_service.connections import Delivery, Server, handler_for
from weather_assets.sources.kma_service.endpoints import ENDPOINT_NAMES, ENDPOINTS, ROOTS, Endpoint
from weather_assets.sources.kma_service.envelopes import RefusedError, gateway_xml, hub_error, service_error
from weather_assets.sources.kma_service.exchange import AIR_KOREA, DATA_GO_KR, HUB, Call, Reply
from weather_assets.sources.kma_service.fault_replies import altered, reply_instead
from weather_assets.sources.kma_service.faults import Fault, FaultKind, FaultPlan
from weather_assets.sources.kma_service.readings import Readings
from weather_assets.sources.protocol import ReadingsSource
from weather_assets.stations import STATIONS

_KEY_NAMES = frozenset({"serviceKey", "ServiceKey", "authKey"})
_UNAUTHORISED, _NOT_FOUND = 401, 404


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it came, without its key, and the kinds of fault that acted on it."""

    endpoint: str
    parameters: Mapping[str, str]
    faults: tuple[FaultKind, ...]


class KmaService:
    """The services on 127.0.0.1, from entering the context to leaving it.

    `now` is the service's present time: an instant, or a function for a clock that runs. `port` 0 takes a free one.
    Raises UsageError for an unknown endpoint in a fault, and the source's when it has none of the stations.
    """

    def __init__(
        self,
        source: ReadingsSource,
        *,
        key: str = "local-key",
        now: datetime | Callable[[], datetime] = clock.now,
        faults: Iterable[Fault] = (),
        corrections: Iterable[Correction] = (),
        late: Iterable[LateReading] = (),
        station_ids: Sequence[int] = tuple(STATIONS),
        port: int = 0,
    ) -> None:
        self._readings = Readings(source, station_ids)
        self._readings.corrections.extend(corrections)
        self._readings.late.extend(late)
        self._key = key
        self._now = now
        self._plan = FaultPlan()
        for fault in faults:
            self.inject(fault)
        self._port = port
        self._server: Server | None = None
        self.requests: list[RecordedRequest] = []

    def __enter__(self) -> Self:
        """Listen and answer, in threads; raises OSError where the port is taken."""
        self._server = Server(("127.0.0.1", self._port), handler_for(self._deliver))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True, name="kma-service").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and close every connection. Raises the first error of the service itself, if it had one."""
        server, self._server = self._running(), None
        server.shutdown()
        server.server_close()
        server.close_connections()
        if server.failures and error is None:
            raise server.failures[0]

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._running().server_port}"

    @property
    def data_go_kr_url(self) -> str:
        """Stands for https://apis.data.go.kr/1360000."""
        return self.url + ROOTS[DATA_GO_KR]

    @property
    def airkorea_url(self) -> str:
        """Stands for https://apis.data.go.kr/B552584/ArpltnInforInqireSvc."""
        return self.url + ROOTS[AIR_KOREA]

    @property
    def hub_url(self) -> str:
        """Stands for https://apihub.kma.go.kr/api/typ01/url."""
        return self.url + ROOTS[HUB]

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return self._running().opened

    def calls(self, endpoint: str | None = None) -> int:
        """How many requests came, in all or to one endpoint."""
        return sum(endpoint in {None, request.endpoint} for request in self.requests)

    def inject(self, fault: Fault) -> None:
        """Put a fault in force."""
        if fault.endpoint is not None and fault.endpoint not in ENDPOINT_NAMES:
            message = f"'{fault.endpoint}' is not an endpoint of the service; use one of {', '.join(ENDPOINT_NAMES)}"
            raise UsageError(message)
        self._plan.add(fault)

    def clear_faults(self) -> None:
        """No faults any more."""
        self._plan.clear()

    def correct(self, correction: Correction) -> None:
        """Give a value that another replaces from some time on."""
        self._readings.corrections.append(correction)

    def withhold(self, late: LateReading) -> None:
        """Hold a reading back until some time."""
        self._readings.late.append(late)

    def set_now(self, now: datetime | Callable[[], datetime]) -> None:
        """Set the service's present time."""
        self._now = now

    def _running(self) -> Server:
        if self._server is None:
            message = "the local KMA service runs only inside its context; use `with KmaService(...) as service:`"
            raise RuntimeError(message)
        return self._server

    def _deliver(self, request_line: str) -> Delivery:
        """What goes out for a path with its query; a slow fault waits here."""
        split = urlsplit(request_line)
        given = dict(parse_qsl(split.query, keep_blank_values=True))
        keys = [given.pop(name) for name in _KEY_NAMES & given.keys()]
        endpoint = ENDPOINTS.get(split.path)
        if endpoint is None:
            self.requests.append(RecordedRequest(split.path, given, ()))
            return Delivery(
                hub_error(_NOT_FOUND) if split.path.startswith(ROOTS[HUB]) else gateway_xml("12", _NOT_FOUND)
            )
        now = self._now() if callable(self._now) else self._now
        call = Call(endpoint.provider, endpoint.name, given, now)
        faults = self._plan.take(call)
        kinds = tuple(fault.kind for fault in faults)
        self.requests.append(RecordedRequest(endpoint.name, given, kinds))
        time.sleep(sum(fault.delay_s for fault in faults))
        if FaultKind.DROPPED in kinds:
            return Delivery(None)
        call = replace(call, disturbances=frozenset(kinds))
        reply = reply_instead(call, faults, request_line) or self._answer(call, endpoint, keys)
        return Delivery(altered(call, faults, reply), cut_off=FaultKind.CUT_OFF in kinds)

    def _answer(self, call: Call, endpoint: Endpoint, keys: Sequence[str]) -> Reply:
        is_hub = call.provider == HUB
        if self._key not in keys:
            return hub_error(_UNAUTHORISED) if is_hub else gateway_xml("30")
        try:
            return endpoint.answer(call, self._readings)
        except RefusedError as refused:
            if is_hub:
                return hub_error(int(refused.code), refused.message)
            return service_error(call, refused.code, refused.message)
