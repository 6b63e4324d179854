"""The days and layers a command line asks for, refused in the user's words where they make no sense."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from weather_assets import clock
from weather_assets.errors import UsageError

FIRST_HOURLY_DAY = date(2000, 1, 1)
"""First daily partition of the graph: hourly readings, PM10 and all that is made of them."""

FIRST_DAILY_VALUE = date(1907, 1, 1)
"""First yearly partition of the graph: the year in which the daily values begin."""


class Layer(StrEnum):
    """Layers of the graph, in order."""

    RAW = "raw"
    CLEAN = "clean"
    FEATURES = "features"
    MODELS = "models"
    FORECAST = "forecast"
    MONITOR = "monitor"

    def reaches(self, layer: "Layer") -> bool:
        """Whether running through this layer includes the other one."""
        order = list(Layer)
        return order.index(self) >= order.index(layer)


@dataclass(frozen=True)
class Span:
    """KST days, both included. Raises UsageError on days that cannot be, naming the options they were given by."""

    first: date
    last: date
    options: tuple[str, str] = ("--from", "--to")
    earliest: date = FIRST_HOURLY_DAY

    def __post_init__(self) -> None:
        """Check the days."""
        today = clock.kst_date(clock.now())
        first_option, last_option = self.options
        if self.first > self.last:
            message = f"{first_option} {self.first} lies after {last_option} {self.last}; exchange them"
            raise UsageError(message)
        if self.first < self.earliest:
            message = f"{first_option} {self.first}: the tables begin on {self.earliest}; choose a later day"
            raise UsageError(message)
        if self.last > today:
            message = f"{last_option} {self.last} lies in the future; today is {today} in Korea"
            raise UsageError(message)

    @property
    def hourly(self) -> "Span | None":
        """The days of it that hourly tables can hold."""
        if self.last < FIRST_HOURLY_DAY:
            return None
        return replace(self, first=max(self.first, FIRST_HOURLY_DAY), earliest=FIRST_HOURLY_DAY)

    @property
    def start(self) -> datetime:
        """First instant."""
        return clock.kst_midnight(self.first)

    @property
    def end(self) -> datetime:
        """Past-the-end instant."""
        return clock.kst_midnight(self.last + clock.DAY)

    @property
    def last_reading(self) -> datetime:
        """Newest hour of the span that can have been published by now."""
        newest = min(self.end - clock.HOUR, clock.now() - clock.PUBLICATION_DELAY)
        return newest.astimezone(clock.KST).replace(minute=0, second=0, microsecond=0)
