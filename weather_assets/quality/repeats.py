"""Repeats: a day that is a copy of the day before, and an hour that shows the same value day after day.

After HadISD's whole-day and hour-of-day streaks (Dunn et al. 2012). Readings in tenths rarely agree with those of the
day before: 1.6 % do at Seoul, never eight in a row.
"""

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion, ago
from weather_assets.quality.stretch import hours_since, since

COPY_HOURS = 12
SAME_DAYS = 4
_DAY_HOURS = 24


def copied_day() -> Criterion:
    """Fails where the last 12 readings are those of the day before and not all of the last 4 are equal."""
    is_copy = f"value = ago_{_DAY_HOURS}"
    return Criterion(
        test="copied day",
        flag=Flag.STREAK,
        looks=ago(_DAY_HOURS) | ago(1) | ago(2) | ago(3),
        second_looks=since("copied", is_copy, COPY_HOURS),
        condition=f"({is_copy} AND coalesce({hours_since('copied')} >= {COPY_HOURS}, TRUE) "
        "AND NOT (value = ago_1 AND value = ago_2 AND value = ago_3))",
        reason=f"'each of the last {COPY_HOURS} readings is that of the day before'",
    )


def same_hour(jump: float) -> Criterion:
    """Fails where the same hour of 4 days in a row has the same value, and jumps to it from the hour before."""
    earlier = [_DAY_HOURS * days for days in range(1, SAME_DAYS)]
    return Criterion(
        test="same hour",
        flag=Flag.STREAK,
        looks={name: look for hours in (1, *earlier) for name, look in ago(hours).items()},
        condition=f"({' AND '.join(f'value = ago_{hours}' for hours in earlier)} AND abs(value - ago_1) > {jump})",
        reason=f"format('{{:g}} at this hour of {SAME_DAYS} days in a row', value)",
    )
