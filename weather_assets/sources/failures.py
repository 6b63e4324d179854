"""What can go wrong with a service, told apart by what helps: wait and retry, mend something, or go on tomorrow.

Belongs here: the types and their words. Does not: how one service writes its errors (see its reader).

Nothing that a server sent and no URL is ever put into a message: both may hold the key.
"""

from dataclasses import dataclass
from datetime import datetime

from weather_assets.clock import DAY, kst_date, kst_midnight
from weather_assets.errors import UsageError, WeatherError


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a failure comes from, in words that may be printed."""

    provider: str
    endpoint: str
    key_setting: str
    url_setting: str


class ServiceFailure(WeatherError):  # noqa: N818  # the service fails, not the program
    """A service did not deliver. The message says which provider and endpoint, what happened and what to do."""

    def __init__(self, origin: Origin, problem: str, remedy: str) -> None:
        """`problem` and `remedy` are our own words, never those of the server."""
        super().__init__(f"{origin.provider} {origin.endpoint}: {problem}; {remedy}")
        self.origin = origin
        self.problem = problem
        self.remedy = remedy


class TransientFailure(ServiceFailure):
    """It may pass by itself: trying again later is right. `retry_after_s` is how long the server asked to wait."""

    def __init__(
        self,
        origin: Origin,
        problem: str,
        remedy: str = "nothing to mend here, try again later",
        *,
        retry_after_s: float = 0.0,
    ) -> None:
        """The remedy is the same for nearly all of them."""
        super().__init__(origin, problem, remedy)
        self.retry_after_s = retry_after_s

    def after(self, attempts: int) -> "TransientFailure":
        """The same failure, saying how often it was tried."""
        return TransientFailure(self.origin, f"{self.problem} ({attempts} attempts)", self.remedy)


class PermanentFailure(ServiceFailure, UsageError):  # noqa: N818
    """Trying again cannot help: a key, a permission, a parameter or a setting must be mended."""


class QuotaExceeded(ServiceFailure):
    """The calls of the day are used up: nothing more before `resumes_at`."""

    def __init__(self, origin: Origin, problem: str, remedy: str, *, at: datetime) -> None:
        """The count starts again at the first midnight in Korea after `at`."""
        self.resumes_at = kst_midnight(kst_date(at) + DAY)
        super().__init__(origin, problem, f"it goes on after {self.resumes_at:%Y-%m-%d %H:%M} KST; {remedy}")


def key_refused(origin: Origin, problem: str) -> PermanentFailure:
    """The key is unknown, wrong or out of date."""
    return PermanentFailure(origin, problem, f"check {origin.key_setting} in the environment or in .env")


def status_failure(origin: Origin, status: int, retry_after_s: float = 0.0) -> ServiceFailure:
    """What an HTTP status other than 200 means where the body explains nothing."""
    problem = f"HTTP {status}"
    if status in _PASSING_STATUSES or status >= _FIRST_SERVER_ERROR:
        return TransientFailure(origin, problem, retry_after_s=retry_after_s)
    if status in _KEY_STATUSES:
        return key_refused(origin, f"{problem}, the key is not accepted")
    return PermanentFailure(origin, problem, f"check {origin.url_setting}; the real address is the default")


_PASSING_STATUSES = (408, 425, 429)
_KEY_STATUSES = (401, 403)
_FIRST_SERVER_ERROR = 500
