"""Streak: the same value for hours on end, from a stuck sensor.

After HadISD's straight streaks (Dunn et al. 2012), with lengths per element above the longest run of real readings.
"""

from collections.abc import Sequence

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion, ago
from weather_assets.quality.rules import Band
from weather_assets.quality.stretch import hours_between, hours_since, since, until

_SAME = "value = ago_1"


def outside_sql(steady: Sequence[Band]) -> str:
    """Condition: the value is none of those that real weather keeps up."""
    return " AND ".join([f"value NOT BETWEEN {low} AND {high}" for low, high in steady]) or "TRUE"


def streak(hours: int, steady: Sequence[Band]) -> Criterion:
    """Fails from the reading on with which so many in a row are equal; an hour without a reading ends the row."""
    return _streak(hours, steady, f"coalesce({hours_since('same')} + 1 >= {hours}, TRUE)", is_later=False)


def earlier_part(hours: int, steady: Sequence[Band]) -> Criterion:
    """Fails for every reading of such a row, also those before it was long enough to be found."""
    return _streak(hours, steady, f"coalesce({hours_between('same')} >= {hours}, TRUE)", is_later=True)


def _streak(hours: int, steady: Sequence[Band], long_enough: str, *, is_later: bool) -> Criterion:
    return Criterion(
        test="streak",
        flag=Flag.STREAK,
        is_later=is_later,
        looks=ago(1),
        second_looks=since("same", _SAME, hours - 1) | (until("same", _SAME, hours - 1) if is_later else {}),
        condition=f"({outside_sql(steady)} AND {long_enough})",
        reason=f"format('{{:g}} in each of {hours} hours or more', value)",
    )
