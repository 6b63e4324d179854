"""From a plan to answers: planned calls made a few at a time, handed over in the plan's order, with progress told.

Belongs here: order, concurrency and progress. Does not: what to call (see `fetch_plan`) and how (see `http`).
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, Protocol, TypeVar

import pyarrow as pa

from weather_assets.sources.http import Access, Service, ServiceClient
from weather_assets.sources.protocol import Answer, Observer, Progress, Usage

Question = TypeVar("Question")
Result = TypeVar("Result")


class Planned(Protocol):
    """A planned call."""

    @property
    def station_id(self) -> int | None:
        """None for all stations."""
        ...

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """First and past-the-end instant of what is asked for."""
        ...


Call = TypeVar("Call", bound=Planned)


@dataclass(frozen=True, slots=True)
class Fetch(Generic[Call]):
    """Which calls to make of which service, and how one is made."""

    service: Service
    calls: Sequence[Call]
    make: Callable[[ServiceClient, Call], pa.Table]


def fetch_answers(
    fetch: Fetch[Call], access: Access, station_ids: Sequence[int], observe: Observer | None = None
) -> Iterator[Answer]:
    """The answer to each call, in order; a call of all is for `station_ids`. One client, so one set of connections."""
    if not fetch.calls:
        return
    with ServiceClient(fetch.service, access) as client:
        answered = in_order(fetch.calls, lambda call: (call, fetch.make(client, call)), access.at_once)
        for done, (call, table) in enumerate(answered, start=1):
            if observe is not None:
                observe(Progress(fetch.service.provider, done, len(fetch.calls), table.num_rows))
            yield Answer(station_ids if call.station_id is None else [call.station_id], *call.bounds, table)


def tables_of(answers: Iterable[Answer]) -> Iterator[pa.Table]:
    """The tables that hold a row."""
    return (answer.table for answer in answers if answer.table.num_rows)


def service_usage(service: Service, access: Access) -> Usage:
    """Today's calls of a service; none are known of without a budget."""
    spent = access.budget.spent(service.provider) if access.budget else 0
    return Usage(service.provider, spent, service.daily_calls)


def in_order(calls: Iterable[Question], fetch: Callable[[Question], Result], at_once: int) -> Generator[Result]:
    """Results in the order of the calls, at most `at_once` in flight or waiting to be taken; then the first error.

    The first call goes alone, so that a wrong key or a used-up quota is met once and not `at_once` times.
    """
    remaining = iter(calls)
    for first in islice(remaining, 1):
        yield fetch(first)
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="fetch") as pool:
        try:
            for call in remaining:
                waiting.append(pool.submit(fetch, call))
                if len(waiting) == at_once:
                    yield from _next_of(waiting)
            while waiting:
                yield from _next_of(waiting)
        finally:
            for future in waiting:
                future.cancel()


def _next_of(waiting: deque[Future[Result]]) -> Iterator[Result]:
    """The result that is due; before its error is raised, those after it that were asked for already and came."""
    due = waiting.popleft()
    error = due.exception()
    if error is None:
        yield due.result()
        return
    begun = [future for future in waiting if not future.cancel()]
    yield from (future.result() for future in begun if future.exception() is None)
    raise error
