"""The one HTTP client of all services: kept connections, time-outs, retries, the call budget, and a secret key.

Belongs here: what is true of every service. Does not: formats and error codes, which a reader per service knows.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import unquote

import httpx
from pydantic import SecretStr
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.sources.call_budget import Budget
from weather_assets.sources.failures import Origin, PermanentFailure, QuotaExceeded, TransientFailure

_log = logging.getLogger(__name__)
# Its debug records hold response headers, in which a gateway may repeat the question with the key.
logging.getLogger("httpcore").setLevel(logging.INFO)
Result = TypeVar("Result")

ATTEMPTS = 5
_LONGEST_WAIT_S = 30.0
_LONGEST_WAIT_ON_REQUEST_S = 120.0
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_backoff = wait_exponential_jitter(initial=1.0, max=_LONGEST_WAIT_S, jitter=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, its key, and the settings a user knows it by."""

    provider: str
    base_url: str
    key: SecretStr
    key_parameter: str
    daily_calls: int
    key_setting: str
    url_setting: str
    calls_setting: str

    def origin(self, endpoint: str) -> Origin:
        """What a failure at this endpoint names."""
        return Origin(self.provider, endpoint, self.key_setting, self.url_setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How services are called: the budget shared by all processes, how many calls at once, and the clock."""

    budget: Budget | None = None
    at_once: int = 4
    now: Callable[[], datetime] = lambda: clock.now()  # noqa: PLW0108  # the clock of the call, not of the import
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. The body is kept out of its representation, for a gateway may echo the key."""

    origin: Origin
    status: int
    body: bytes = field(repr=False)
    received_at: datetime
    retry_after_s: float = 0.0

    def text(self) -> str:
        """The body as UTF-8 or else as CP949, whatever the headers say. Only Korean words depend on which it is."""
        try:
            return self.body.decode("utf-8")
        except UnicodeDecodeError:
            return self.body.decode("cp949", errors="replace")


class ServiceClient:
    """Calls to one service. Safe to share between threads; close it, or use it in a `with`."""

    def __init__(self, service: Service, access: Access) -> None:
        """Nothing is sent yet. Raises UsageError for an address that is none."""
        self._service = service
        self._access = access
        self._stopped: PermanentFailure | QuotaExceeded | None = None
        self._client = httpx.Client(
            base_url=_checked_url(service),
            transport=_KeyedTransport(service.key_parameter, service.key, access.at_once),
            timeout=_TIMEOUT,
        )
        self._retrying = Retrying(
            retry=retry_if_exception_type(TransientFailure),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait_s,
            sleep=access.sleep,
            before_sleep=_log_retry,
            retry_error_callback=_give_up,
        )

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, endpoint: str, parameters: Mapping[str, str], read: Callable[[Reply], Result]) -> Result:
        """What `read` makes of the reply; a TransientFailure, of the connection or of `read`, is tried again.

        Raises TransientFailure after the last attempt. A PermanentFailure or QuotaExceeded is raised at once, and
        again by every later call without asking the service.
        """
        try:
            result: Result = self._retrying(self._attempt, endpoint, parameters, read)
        except (PermanentFailure, QuotaExceeded) as failure:
            self._stopped = failure
            raise
        return result

    def _attempt(self, endpoint: str, parameters: Mapping[str, str], read: Callable[[Reply], Result]) -> Result:
        if self._stopped is not None:
            raise self._stopped
        origin = self._service.origin(endpoint)
        self._take_from_budget(origin)
        return read(self._send(origin, parameters))

    def _take_from_budget(self, origin: Origin) -> None:
        service, budget = self._service, self._access.budget
        if budget is not None and not budget.take(service.provider, service.daily_calls):
            problem = f"the {service.daily_calls} calls a day allowed by {service.calls_setting} are used up"
            remedy = f"raise {service.calls_setting} if your account at the service has more"
            raise QuotaExceeded(origin, problem, remedy, at=self._access.now())

    def _send(self, origin: Origin, parameters: Mapping[str, str]) -> Reply:
        try:
            response = self._client.get(origin.endpoint, params=dict(parameters))
        except httpx.TimeoutException:
            problem = "no answer in time"
        except httpx.RequestError as error:
            problem = f"the connection failed ({type(error).__name__})"
        else:
            retry_after_s = _seconds(response.headers.get("Retry-After", ""))
            return Reply(origin, response.status_code, response.content, self._access.now(), retry_after_s)
        # Raised outside the handlers, so that nothing of httpx hangs on it as its context.
        raise TransientFailure(origin, problem, f"check the network and {origin.url_setting}, or try again later")


class _KeyedTransport(httpx.BaseTransport):
    """Adds the key on the way out: the requests that httpx logs, and puts into its exceptions, never hold it."""

    def __init__(self, parameter: str, key: SecretStr, connections: int) -> None:
        # data.go.kr hands out keys both %-escaped and plain; here is the one place that escapes.
        self._key = SecretStr(unquote(key.get_secret_value().strip()))
        self._parameter = parameter
        self._wire = httpx.HTTPTransport(limits=httpx.Limits(max_connections=connections))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_merge_params({self._parameter: self._key.get_secret_value()})
        keyed = httpx.Request(request.method, url, headers=request.headers, extensions=request.extensions)
        return self._wire.handle_request(keyed)

    def close(self) -> None:
        self._wire.close()


def _checked_url(service: Service) -> httpx.URL:
    try:
        url = httpx.URL(service.base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        message = f"setting {service.url_setting}: is not an address; write it as https://host/path, or leave it out"
        raise UsageError(message)
    return url


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdecimal() else 0.0


def _transient(state: RetryCallState) -> TransientFailure:
    failure = state.outcome.exception() if state.outcome else None
    if not isinstance(failure, TransientFailure):
        raise TypeError("only a TransientFailure is retried")
    return failure


def _wait_s(state: RetryCallState) -> float:
    asked_for = min(_transient(state).retry_after_s, _LONGEST_WAIT_ON_REQUEST_S)
    return max(_backoff(state), asked_for)


def _log_retry(state: RetryCallState) -> None:
    wait_s = state.next_action.sleep if state.next_action else 0.0
    _log.warning("attempt %d of %d: %s; waiting %.1f s", state.attempt_number, ATTEMPTS, _transient(state), wait_s)


def _give_up(state: RetryCallState) -> None:
    raise _transient(state).after(state.attempt_number)
