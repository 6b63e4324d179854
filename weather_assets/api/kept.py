"""A value that is asked for at most once in a while, however many requests want it."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Keeps what `ask` gives for `seconds`; an error is kept and raised again for as long. Safe between threads."""

    def __init__(self, ask: Callable[[], Value], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._turn = Lock()
        self._answer: tuple[float, Value | None, Exception | None] | None = None

    def get(self) -> Value:
        """The kept value, or a new one where it is too old; one caller asks and the others wait for it."""
        with self._turn:
            if self._answer is None or self._clock() - self._answer[0] >= self._seconds:
                self._answer = self._asked()
            _, value, error = self._answer
        if error is not None:
            # The same error is raised many times, and each time would lengthen the trace that it holds.
            raise error.with_traceback(None)
        return value  # type: ignore[return-value]  # there is a value where there is no error

    def forget(self) -> None:
        """Ask anew at the next call."""
        with self._turn:
            self._answer = None

    def _asked(self) -> tuple[float, Value | None, Exception | None]:
        try:
            value = self._ask()
        except Exception as error:  # noqa: BLE001  # raised to every caller, in `get`
            return self._clock(), None, error
        return self._clock(), value, None
