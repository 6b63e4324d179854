"""So many requests a minute per address of a caller: a token bucket that holds a minute's worth."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from weather_assets.api.problems import Problem, problem_reply

CALLERS_KEPT = 10_000
_MINUTE_S = 60.0


class RateLimit:
    """ASGI middleware: answers 429 with Retry-After to a caller that asks for more."""

    def __init__(self, app: ASGIApp, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._full = float(per_minute)
        self._clock = clock
        # Address -> tokens left and when they were counted; the caller that was silent longest goes first.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while the caller has tokens left."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wait_s = self._take(scope["client"][0] if scope.get("client") else "")
        if wait_s <= 0:
            await self._app(scope, receive, send)
            return
        detail = f"more than {self._full:.0f} requests a minute; ask again in {wait_s:.0f} s"
        problem = Problem(429, "too-many-requests", detail, {"Retry-After": f"{wait_s:.0f}"})
        await problem_reply(problem, None)(scope, receive, send)

    def _take(self, caller: str) -> float:
        """Take a token; returns 0 or the seconds until there is one."""
        now = self._clock()
        tokens, counted = self._buckets.pop(caller, (self._full, now))
        tokens = min(self._full, tokens + (now - counted) * self._full / _MINUTE_S)
        self._buckets[caller] = (max(tokens - 1, 0.0) if tokens >= 1 else tokens, now)
        if len(self._buckets) > CALLERS_KEPT:
            self._buckets.popitem(last=False)
        return 0.0 if tokens >= 1 else float(math.ceil((1 - tokens) * _MINUTE_S / self._full))
