"""From a plan to tables: planned calls made a few at a time, handed over in the plan's order, with progress told.

Belongs here: order, concurrency and progress. Does not: what to call (see `fetch_plan`) and how (see `http`).
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

import pyarrow as pa

from weather_assets.sources.http import Access, Service, ServiceClient

Call = TypeVar("Call")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come: planned calls answered, planned calls in all, and rows of the newest one."""

    provider: str
    calls_done: int
    calls_planned: int
    rows: int


Observer = Callable[[Progress], None]


def fetch_tables(
    service: Service,
    access: Access,
    calls: Sequence[Call],
    fetch: Callable[[ServiceClient, Call], pa.Table],
    observe: Observer | None = None,
) -> Iterator[pa.Table]:
    """The table of each call, in order; empty ones are left out. One client, so one set of connections, for all."""
    if not calls:
        return
    with ServiceClient(service, access) as client:
        tables = in_order(calls, partial(fetch, client), access.at_once)
        for done, table in enumerate(tables, start=1):
            if observe is not None:
                observe(Progress(service.provider, done, len(calls), table.num_rows))
            if table.num_rows:
                yield table


def in_order(calls: Iterable[Call], fetch: Callable[[Call], Result], at_once: int) -> Generator[Result]:
    """Results in the order of the calls, at most `at_once` in flight or waiting to be taken.

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
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
