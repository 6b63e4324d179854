"""Frequent value: one value far too often within three days, though not in a row: a sensor that returns to a default.

After HadISD's frequent-value test (Dunn et al. 2012), which looks at years; three days let the hour be judged by what
was known then.
"""

from collections.abc import Sequence

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion
from weather_assets.quality.rules import Band
from weather_assets.quality.streak import outside_sql

WITHIN_HOURS = 72


def frequent(hours: int, steady: Sequence[Band]) -> Criterion:
    """Fails where so many of the last 72 hours, this one included, had just this value."""
    last = f"INTERVAL {WITHIN_HOURS - 1} HOUR PRECEDING AND CURRENT ROW"
    same = f"(PARTITION BY station_id, value ORDER BY observed_at RANGE BETWEEN {last})"
    return Criterion(
        test="frequent value",
        flag=Flag.STREAK,
        looks={"times": f"count(value) OVER {same}"},
        condition=f"(times >= {hours} AND {outside_sql(steady)})",
        reason=f"format('{{:g}} in {{}} of {WITHIN_HOURS} hours; fewer than {hours} are plausible', value, times)",
    )
