"""One kept read-only connection to the lake for all requests, and the answers it gave, kept by snapshot.

Asking the lake for its snapshot takes about 2 ms and is done at most once a second; while one request does so, the
others go by the snapshot that was known. A lake that was replaced or failed is opened anew by the next request that
needs it.
"""

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

import duckdb

from weather_assets.api.problems import lake_unavailable
from weather_assets.errors import WeatherError
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.settings import Settings

Result = TypeVar("Result")
_log = logging.getLogger(__name__)

SNAPSHOT_AGE_S = 1.0
LONGEST_WAIT_S = 3.0
"""How long a request waits for its turn at the lake before it is told to come back."""
ANSWERS_KEPT = 256
_S3_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, the snapshot it holds for and its entity tag."""

    body: bytes
    snapshot: int
    etag: str


@dataclass(frozen=True, slots=True)
class _Known:
    snapshot: int
    since: float


class LakeReader:
    """Reads the lake of the settings; safe to share between threads."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._turn = Lock()
        self._lake: Lake | None = None
        self._file_number: int | None = None
        self._known: _Known | None = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._answers_turn = Lock()
        self.openings = 0

    def answer(self, key: Hashable, make: Callable[[Lake], bytes]) -> Answer:
        """What `make` writes of the newest snapshot, or wrote when the same key was asked of the same snapshot.

        While one request makes an answer of a new snapshot, the others get the one before. Raises Problem where the
        lake cannot be read.
        """
        snapshot = self.snapshot()
        kept = self._kept(key)
        if kept is not None and (kept.snapshot == snapshot or self._turn.locked()):
            return kept
        return self.read(lambda lake: self._made(lake, key, make))

    def _kept(self, key: Hashable) -> Answer | None:
        with self._answers_turn:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def _made(self, lake: Lake, key: Hashable, make: Callable[[Lake], bytes]) -> Answer:
        """A new answer, unless another request made it while this one waited for its turn."""
        snapshot, kept = lake.snapshot(), self._kept(key)
        if kept is not None and kept.snapshot == snapshot:
            return kept
        body = make(lake)
        answer = Answer(body, snapshot, f'"{snapshot}-{hashlib.sha256(body).hexdigest()[:16]}"')
        with self._answers_turn:
            self._answers[key] = answer
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        return answer

    def snapshot(self) -> int:
        """Number of the newest snapshot, at most SNAPSHOT_AGE_S old unless the lake is being asked just now."""
        known = self._known
        if known is not None and self._clock() - known.since < SNAPSHOT_AGE_S:
            return known.snapshot
        if known is not None and self._turn.locked():
            return known.snapshot
        return self.read(lambda lake: lake.snapshot())

    def read(self, make: Callable[[Lake], Result]) -> Result:
        """What `make` reads of the open lake. Raises Problem where it cannot be read.

        A connection that was kept may only have aged, so another one is tried where it fails.
        """
        with self._one_at_a_time():
            if self._lake is not None:
                try:
                    return self._try(make)
                except (duckdb.Error, WeatherError):
                    self._forget()
            try:
                return self._try(make)
            except (duckdb.Error, WeatherError) as error:
                self._forget()
                _log.warning("the lake cannot be read: %s", error)
                raise lake_unavailable() from None

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            self._forget()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=LONGEST_WAIT_S):
            raise lake_unavailable("the lake is slow to answer now; ask again in some seconds")
        try:
            yield
        finally:
            self._turn.release()

    def _try(self, make: Callable[[Lake], Result]) -> Result:
        lake = self._open()
        result = make(lake)
        self._known = _Known(lake.snapshot(), self._clock())
        return result

    def _open(self) -> Lake:
        number = self._catalog_file()
        if self._lake is None or number != self._file_number:
            self._forget()
            if number != self._file_number:
                self._drop_answers()
            self._lake = open_lake(self._settings, read_only=True)
            if self._lake.location.on_s3:
                # A server that does not answer must not hold every request for minutes.
                self._lake.query(f"SET http_timeout = {_S3_TIMEOUT_S}").fetchall()
                self._lake.query("SET http_retries = 1").fetchall()
            self._file_number = number
            self.openings += 1
        return self._lake

    def _catalog_file(self) -> int | None:
        """Number of the catalogue's file: another file under the same name is another lake."""
        location = lake_location(self._settings)
        if location.is_postgres:
            return None
        # Asked once: a lake that is being replaced may go between two questions.
        try:
            return location.catalog_path.stat().st_ino
        except OSError:
            return None

    def _forget(self) -> None:
        """Close the connection. Answers stay: they hold for their snapshot of this lake."""
        if self._lake is not None:
            self._lake.close()
        self._lake = self._known = None

    def _drop_answers(self) -> None:
        with self._answers_turn:
            self._answers.clear()
