"""Whether the provider of readings answers a small question, at most one a minute: it counts against its budget."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from weather_assets import clock
from weather_assets.api.kept import Kept
from weather_assets.api.replies import SourceTest, in_kst
from weather_assets.clock import DAY, HOUR
from weather_assets.errors import UsageError, WeatherError
from weather_assets.settings import Settings
from weather_assets.sources.choice import make_source
from weather_assets.sources.failures import PermanentFailure, QuotaExceeded, ServiceFailure, TransientFailure

AGE_S = 60.0
LONGEST_S = 10.0
_NOON = timedelta(hours=12)


class SourceTester:
    """Asks the provider of the settings for one hour of yesterday, which every provider has."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker = _new_worker()
        self._asking: Future[SourceTest] | None = None
        self._kept = Kept(self._test, AGE_S)

    def test(self) -> SourceTest:
        """What was found at most AGE_S ago; an answer that takes longer than LONGEST_S is told as none."""
        return self._kept.get()

    def close(self) -> None:
        """Wait for no answer any more."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        # An application may be started again; nothing runs before the next question.
        self._worker = _new_worker()

    def _test(self) -> SourceTest:
        # A question still on its way is not asked again: retries of the client may take minutes.
        if self._asking is None or self._asking.done():
            self._asking = self._worker.submit(self._ask)
        try:
            return self._asking.result(LONGEST_S)
        except TimeoutError:
            return self._found(reachable=False, text=f"no answer within {LONGEST_S:.0f} s; it is tried again")

    def _ask(self) -> SourceTest:
        try:
            hour = clock.kst_midnight(clock.kst_date(clock.now()) - 2 * DAY) + _NOON
            tables = make_source(self._settings).asos_hourly(self._settings.stations[:1], hour, hour + HOUR)
            rows = sum(table.num_rows for table in tables)
        except WeatherError as error:
            return self._failed(error)
        return self._found(reachable=True, key_accepted=True, text=f"answers, with {rows} reading of noon two days ago")

    def _failed(self, error: WeatherError) -> SourceTest:
        """The words are our own (sources/failures): nothing that a server sent, and no key."""
        key_refused = isinstance(error, PermanentFailure) and error.origin.key_setting in error.remedy
        no_key = isinstance(error, UsageError) and not isinstance(error, ServiceFailure)
        if key_refused or no_key:
            return self._found(reachable=True if key_refused else None, key_accepted=False, text=str(error))
        if isinstance(error, TransientFailure):
            return self._found(reachable=False, text=str(error))
        asked = isinstance(error, ServiceFailure) and not isinstance(error, QuotaExceeded)
        return self._found(reachable=True if asked else None, text=str(error))

    def _found(self, *, reachable: bool | None, text: str, key_accepted: bool | None = None) -> SourceTest:
        return SourceTest(
            source=self._settings.source.partition(":")[0],
            reachable=reachable,
            key_accepted=key_accepted,
            text=text,
            checked_at=in_kst(clock.now()),
        )


def _new_worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="source-test")
