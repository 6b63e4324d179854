"""What a detector says hour by hour, and the episodes that follow from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from weather_assets.monitoring.faults.series import NONE, Booleans, Places

LULL_H = 24
"""Alarms of one detector with fewer quiet hours between them belong to one episode."""


class Fault(StrEnum):
    """Kinds of sensor faults."""

    STUCK = "stuck"
    BIAS = "bias"
    UNIT = "unit"
    ZERO_CODED = "zero_coded"
    CLOCK = "clock"
    GAP = "gap"


@dataclass(frozen=True)
class Signal:
    """One detector's word on one element.

    `began` (N,) is the place of the hour since which the fault has lasted that is seen at an hour, NONE where none is.
    The word on an hour rests on that hour and earlier ones only. `evidence` puts in words what is seen at a place.
    """

    element: str
    fault: Fault
    began: Places
    evidence: Callable[[int], str]

    @property
    def seen(self) -> Booleans:
        """The hours (N,) at which the fault is seen."""
        return np.asarray(self.began != NONE)


@dataclass(frozen=True)
class Episode:
    """Places of the hours at which a fault began, was first seen and was last seen."""

    began: int
    detected: int
    last_seen: int


def episodes(signal: Signal) -> Iterator[Episode]:
    """Alarms joined over short lulls, in order of time."""
    places = np.flatnonzero(signal.seen)
    if not places.size:
        return
    for alarms in np.split(places, np.flatnonzero(np.diff(places) > LULL_H) + 1):
        first = int(alarms[0])
        yield Episode(int(signal.began[first]), first, int(alarms[-1]))
