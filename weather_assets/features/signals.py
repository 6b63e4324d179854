"""How features are declared; names, SQL columns and the look-back follow from a declaration.

A feature of a signal is named ``<signal>_<statistic>_<hours>h`` (``air_temperature_c_change_24h``,
``station_pressure_hpa_min_24h``); the reading of the hour itself carries the bare name of the signal.
"""

from dataclasses import dataclass
from typing import Literal

Statistic = Literal["mean", "sum", "min", "max"]
STATISTICS: tuple[Statistic, ...] = ("mean", "sum", "min", "max")

# Nov-Mar rain is a total of three hours stamped at hours divisible by three, Apr-Oct rain of one hour.
# Only a window of a multiple of three hours adds up the same amount of rain in both seasons.
RAIN_REPORT_HOURS = 3


@dataclass(frozen=True)
class Signal:
    """One hourly series that features are made of.

    ``elements`` are the columns of clean.asos_hourly that must all be flagged ``ok`` (by default the one named
    like the signal); ``expression`` is the SQL of the value made of them (by default the element itself).
    ``blank_value`` stands for a blank reading: a blank snow depth is bare ground. Window lengths are in hours,
    the hour of issue included; a change of n hours is the reading now minus that of n hours ago.
    """

    name: str
    elements: tuple[str, ...] = ()
    expression: str = ""
    blank_value: float | None = None
    level: bool = True
    changes_h: tuple[int, ...] = ()
    mean_h: tuple[int, ...] = ()
    sum_h: tuple[int, ...] = ()
    min_h: tuple[int, ...] = ()
    max_h: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(hours < 1 for hours in (*self.changes_h, *self.windows_h)):
            raise ValueError(f"signal {self.name}: changes and windows take hours of 1 or more")
        if "precipitation_mm" in self.inputs and self.level:
            raise ValueError(f"signal {self.name}: a single hour of rain is not comparable between seasons")
        if "precipitation_mm" in self.inputs and any(h % RAIN_REPORT_HOURS for h in self.windows_h):
            raise ValueError(f"signal {self.name}: rain windows must be multiples of {RAIN_REPORT_HOURS} h")

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns of clean.asos_hourly that the signal reads."""
        return self.elements or (self.name,)

    @property
    def windows_h(self) -> tuple[int, ...]:
        """Every window length of the signal, in hours, statistic by statistic."""
        return (*self.mean_h, *self.sum_h, *self.min_h, *self.max_h)

    def windows(self) -> list[tuple[Statistic, int]]:
        """Return (statistic, hours) of each windowed feature, in column order."""
        return [(name, hours) for name in STATISTICS for hours in getattr(self, f"{name}_h")]

    def feature_names(self) -> list[str]:
        """Return the names of the signal's features, in column order."""
        level = [self.name] if self.level else []
        changes = [f"{self.name}_change_{hours}h" for hours in self.changes_h]
        return [*level, *changes, *(f"{self.name}_{name}_{hours}h" for name, hours in self.windows())]


@dataclass(frozen=True)
class CalendarCycle:
    """A cycle of the local (KST) calendar: its phase in ``period`` units and the first harmonics of it."""

    name: str
    expression: str
    period: float
    harmonics: int

    def feature_names(self) -> list[str]:
        """Return the name of the phase and of each sine and cosine, in column order."""
        orders = range(1, self.harmonics + 1)
        return [self.name, *(f"{self.name}_{wave}_{order}" for order in orders for wave in ("sin", "cos"))]


@dataclass(frozen=True)
class FeatureSpecification:
    """All features of one table: calendar cycles first, then the signals in the order given."""

    cycles: tuple[CalendarCycle, ...]
    signals: tuple[Signal, ...]

    def __post_init__(self) -> None:
        names = self.feature_names()
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"features declared twice: {', '.join(twice)}")

    def feature_names(self) -> list[str]:
        """Return the names of all features, in column order."""
        cycles = [name for cycle in self.cycles for name in cycle.feature_names()]
        return [*cycles, *(name for signal in self.signals for name in signal.feature_names())]

    @property
    def lookback_hours(self) -> int:
        """Hours before the first hour of issue whose readings are needed for complete features."""
        changes = [hours for signal in self.signals for hours in signal.changes_h]
        windows = [hours - 1 for signal in self.signals for hours in signal.windows_h]
        return max([0, *changes, *windows])

    @property
    def elements(self) -> tuple[str, ...]:
        """The columns of clean.asos_hourly that are read, each once."""
        return tuple(dict.fromkeys(name for signal in self.signals for name in signal.inputs))
