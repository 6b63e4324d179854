"""Counter-based noise: the value at an index depends on the key and the index only, never on what else is asked.

Hashing instead of a random generator, and sums of splines instead of recursive processes: an hour comes out the same
whether it is asked alone or within ten years.
"""

import math
from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SECOND_DRAW = 0x5851F42D4C957F2D
_MANTISSA_BITS = 53
_SPLINE_RMS = math.sqrt(151.0 / 315.0)
"""Root of the mean over a cell of the summed squares of the four cubic B-spline weights."""


def stream(*names: object) -> int:
    """A 64-bit key for names such as (seed, "temperature", station_id); other names, unrelated noise."""
    text = "/".join(str(name) for name in names)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _hash(key: int, index: IntArray) -> npt.NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014) of a counter."""
    mixed = index.astype(np.uint64) * _GOLDEN + np.uint64(key)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    return mixed ^ (mixed >> np.uint64(31))


def uniform(key: int, index: IntArray) -> FloatArray:
    """Independent numbers in (0, 1), one per index."""
    bits = _hash(key, index) >> np.uint64(64 - _MANTISSA_BITS)
    return (bits.astype(np.float64) + 0.5) * 2.0**-_MANTISSA_BITS


def normal(key: int, index: IntArray) -> FloatArray:
    """Independent standard normal numbers, one per index (Box and Muller 1958)."""
    radius = np.sqrt(-2.0 * np.log(uniform(key, index)))
    angle = 2.0 * np.pi * uniform(key ^ _SECOND_DRAW, index)
    drawn: FloatArray = radius * np.cos(angle)
    return drawn


def smooth(key: int, time_h: FloatArray, spacing_h: float) -> FloatArray:
    """Noise of mean 0 and variance 1 that is smooth over `spacing_h`: hashed knots joined by cubic B-splines.

    Two times further apart than four spacings are independent; one spacing apart they correlate by 0.49.
    """
    position = time_h / spacing_h + (key % 1024) / 1024.0
    cell = np.floor(position)
    f = position - cell
    first = cell.astype(np.int64)
    lowest = first.min()
    knots = normal(key, np.arange(lowest, first.max() + 4))
    at = first - lowest
    g = 1.0 - f
    weights = (g**3, 3.0 * f**3 - 6.0 * f**2 + 4.0, 3.0 * g**3 - 6.0 * g**2 + 4.0, f**3)
    total = np.zeros_like(time_h)
    for offset, weight in enumerate(weights):
        total += weight * knots[at + offset]
    return total / (6.0 * _SPLINE_RMS)


def blend(key: int, time_h: FloatArray, variance_share: Mapping[float, float]) -> FloatArray:
    """Noise of mean 0 and variance 1 over several scales: {spacing in hours: share of the variance, summing to 1}."""
    total = np.zeros_like(time_h)
    for spacing_h, share in variance_share.items():
        total += math.sqrt(share) * smooth(stream(key, spacing_h), time_h, spacing_h)
    return total
