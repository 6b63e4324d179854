"""What goes wrong at real stations, as hashed events: lost hours, blanks, stuck and zero-coded sensors, errors.

Each fault depends on station, hour and seed only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.columns import BY_CODE, Column
from weather_assets.sources.simulation.noise import BoolArray, IntArray, stream, uniform
from weather_assets.sources.simulation.readings import Readings
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.timeline import HOURS_PER_DAY, HOURS_PER_WEEK

MEMORY_H = 48
"""How far back a fault that reaches an hour may have begun."""

FLAG_ERROR, FLAG_MISSING = 1, 9
"""KMA's flags; 0 stands for none."""

_NEVER = np.iinfo(np.int64).min
_LOST_HOURS = 0.0004
_BLANK_HOURS = 0.0002
_WRONG_HOURS = 0.000_02
_WRONG_BY_SHARE_OF_RANGE = 0.25
_FLAGGED_DRY_DAYS = 0.3
_STICKY = ("ta", "hm")
_WRONG = ("ta", "hm", "ws", "pa", "ps", "ts")


@dataclass(frozen=True, slots=True)
class Episode:
    """A fault that begins at most once a week, with a chance, and lasts from shortest_h to longest_h."""

    chance_per_week: float
    shortest_h: int
    longest_h: int

    def began(self, key: int, hours: IntArray) -> IntArray:
        """First hour of the episode that each hour lies in, or a number far below any hour."""
        began = np.full(hours.shape, _NEVER)
        for weeks_ago in (0, 1):
            week = hours // HOURS_PER_WEEK - weeks_ago
            happens, moment, length = (uniform(stream(key, draw), week) for draw in ("happens", "moment", "length"))
            first = week * HOURS_PER_WEEK + (moment * HOURS_PER_WEEK).astype(np.int64)
            lasts = self.shortest_h + (length * (self.longest_h - self.shortest_h + 1)).astype(np.int64)
            inside = (happens < self.chance_per_week) & (first <= hours) & (hours < first + lasts)
            began = np.where(inside, first, began)
        return began

    def active(self, key: int, hours: IntArray) -> BoolArray:
        """Whether each hour lies in an episode."""
        active: BoolArray = self.began(key, hours) != _NEVER
        return active


_GAP = Episode(chance_per_week=0.006, shortest_h=2, longest_h=8)
_BLANKS = Episode(chance_per_week=0.004, shortest_h=3, longest_h=30)
_STUCK = Episode(chance_per_week=0.005, shortest_h=12, longest_h=MEMORY_H)
_ZERO_CODED = Episode(chance_per_week=0.03, shortest_h=1, longest_h=6)


def reported_hours(scene: Scene) -> BoolArray:
    """False for hours without any reading: 0.05 % or so of them, single or a few in a row."""
    single = _strikes(scene, "lost", _LOST_HOURS)
    return ~(single | _GAP.active(scene.key("gap"), scene.timeline.hours))


def with_faults(scene: Scene, faultless: Readings) -> Readings:
    """Readings with stuck, zero-coded, wrong and blank values; see `flags` for what the provider says of them."""
    numbers = dict(faultless.numbers)
    for code in _STICKY:
        numbers[code] = _stuck(scene, code, numbers[code])
    numbers["hm"] = _zero_coded(scene, numbers["hm"])
    for code in _WRONG:
        numbers[code] = _shifted(scene, code, numbers[code])
    for code, values in numbers.items():
        numbers[code] = values.where(~_blank(scene, code))
    return Readings(numbers, faultless.words)


def flags(scene: Scene, numbers: Mapping[str, Column]) -> dict[str, Column]:
    """The provider's flags by code of the element: 9 with a blank, 1 with a value known to be wrong.

    A blank rain is a dry hour; as at real stations, on some days those carry a 9 too, which tells nothing.
    """
    return {code: _flag(scene, code, values) for code, values in numbers.items() if BY_CODE[code].has_provider_flag}


def _flag(scene: Scene, code: str, values: Column) -> Column:
    blank = ~values.present
    if BY_CODE[code].blank_means_zero:
        days = scene.timeline.hours // HOURS_PER_DAY
        blank = blank & (uniform(scene.key("flagged dry day"), days) < _FLAGGED_DRY_DAYS)
    wrong = values.present & _wrong(scene, code)
    return Column(np.where(wrong, FLAG_ERROR, FLAG_MISSING), blank | wrong)


def _strikes(scene: Scene, fault: str, share: float) -> BoolArray:
    """Single hours, a share of all."""
    strikes: BoolArray = uniform(scene.key(fault), scene.timeline.hours) < share
    return strikes


def _wrong(scene: Scene, code: str) -> BoolArray:
    return _strikes(scene, f"wrong {code}", _WRONG_HOURS) if code in _WRONG else np.zeros(1, dtype=np.bool_)


def _blank(scene: Scene, code: str) -> BoolArray:
    return _strikes(scene, f"blank {code}", _BLANK_HOURS) | _BLANKS.active(
        scene.key("blanks", code), scene.timeline.hours
    )


def _stuck(scene: Scene, code: str, values: Column) -> Column:
    """The first value of an episode, repeated to its end."""
    began = _STUCK.began(scene.key("stuck", code), scene.timeline.hours)
    origin = np.arange(len(began))
    origin = np.where(began >= scene.timeline.first, began - scene.timeline.first, origin)
    return values.with_steps(values.steps[origin])


def _zero_coded(scene: Scene, values: Column) -> Column:
    """Missing humidity written as 0."""
    zero = _ZERO_CODED.active(scene.key("zero"), scene.timeline.hours)
    return values.with_steps(np.where(zero, 0, values.steps))


def _shifted(scene: Scene, code: str, values: Column) -> Column:
    low, high = BY_CODE[code].limits
    shift = round(_WRONG_BY_SHARE_OF_RANGE * (high - low) / values.resolution)
    return values.with_steps(values.steps + np.where(_wrong(scene, code), shift, 0))
