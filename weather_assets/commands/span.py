"""The days and layers a command line asks for, refused in the user's words where they make no sense."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from weather_assets import clock
from weather_assets.errors import UsageError

FIRST_DAY = date(2000, 1, 1)
"""First daily partition of the graph."""


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
    """KST days, both included. Raises UsageError on days that cannot be."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Check the days."""
        today = clock.kst_date(clock.now())
        if self.first > self.last:
            message = f"--from {self.first} lies after --to {self.last}; exchange them"
            raise UsageError(message)
        if self.first < FIRST_DAY:
            message = f"--from {self.first}: hourly tables begin on {FIRST_DAY}; choose a later day"
            raise UsageError(message)
        if self.last > today:
            message = f"--to {self.last} lies in the future; today is {today} in Korea"
            raise UsageError(message)

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
