"""Cold fronts: hashed events, at most one in four days, and what each does to the air before and after it passes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray, IntArray, stream, uniform

_SLOT_H = 96.0
_SHARE_OF_SLOTS = 0.85
_NEIGHBOURS = (-2, -1, 0, 1, 2)
"""Slots whose front is still, or already, felt."""

_WARM_SECTOR_H = 30.0
_RECOVERY_H = 36.0
_PASSAGE_H = 3.0
_TROUGH_H = 15.0
_MEAN_TROUGH = _SHARE_OF_SLOTS * 2.0 * _TROUGH_H / _SLOT_H
"""Strengths are 1 in the mean."""


@dataclass(frozen=True, slots=True)
class Fronts:
    """Effects of all fronts near each hour, in units of a usual front; warmth and pressure have a mean near 0."""

    warmth: FloatArray
    """About +1 just before the passage, -1 some hours after it, then back to 0."""
    pressure: FloatArray
    """-1 in the trough."""
    cloud: FloatArray
    """1 in the band of cloud and rain, which runs a little ahead of the passage."""
    north_west: FloatArray
    """-1 ahead (wind from south-west), +1 behind (wind from north-west)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One front near each hour, not the same one for all hours."""

    number: IntArray
    """Which front it is."""
    passage_h: FloatArray
    """When it passes, in the moving frame."""
    strength: FloatArray
    """1 in the mean, 0 where there is none."""


def _warmth(since_h: FloatArray) -> FloatArray:
    ahead = np.exp(np.minimum(since_h, 0.0) / _WARM_SECTOR_H)
    behind_h = np.maximum(since_h, 0.0)
    arrived = np.exp(-behind_h / _PASSAGE_H)
    return np.where(since_h < 0.0, ahead, arrived - (1.0 - arrived) * np.exp(-behind_h / _RECOVERY_H))


def fronts(seed: int, time_h: FloatArray) -> Fronts:
    """Effects at times of the moving frame (hours since 1970, less the travel time of weather to the place)."""
    warmth, pressure, cloud, north_west = (np.zeros_like(time_h) for _ in range(4))
    for front in passages(seed, time_h):
        strength, since_h = front.strength, time_h - front.passage_h
        warmth += strength * _warmth(since_h)
        pressure -= strength * np.exp(-np.abs(since_h) / _TROUGH_H)
        cloud += strength * np.exp(-(((since_h + 4.0) / 9.0) ** 2))
        north_west += strength * np.tanh((since_h + 1.0) / 2.0) * np.exp(-np.abs(since_h) / 16.0)
    return Fronts(warmth, pressure + _MEAN_TROUGH, cloud, north_west)


def passages(seed: int, time_h: FloatArray) -> Iterator[Passage]:
    """The fronts that are, or may be, felt at each of the times of the moving frame."""
    slot = np.floor(time_h / _SLOT_H).astype(np.int64)
    for neighbour in _NEIGHBOURS:
        number = slot + neighbour
        passage_h = (number + 0.1 + 0.8 * uniform(stream(seed, "front time"), number)) * _SLOT_H
        there = uniform(stream(seed, "front"), number) < _SHARE_OF_SLOTS
        strength = np.where(there, 0.4 + 1.2 * uniform(stream(seed, "front strength"), number), 0.0)
        yield Passage(number, passage_h, strength)
