"""Zero coding: a missing value written as 0. Source: real KMA files, where flag 9 (missing) comes with zeros."""

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion

WITHIN_HOURS = 12


def zero_coding(beyond: float) -> Criterion:
    """Fails where the value is exactly 0 and the last other one, of the 12 hours before, was farther from 0."""
    window = f"(PARTITION BY station_id ORDER BY observed_at ROWS BETWEEN {WITHIN_HOURS} PRECEDING AND 1 PRECEDING)"
    return Criterion(
        test="zero coding",
        flag=Flag.STEP,
        looks={"last_other": f"last_value(nullif(value, 0) IGNORE NULLS) OVER {window}"},
        condition=f"(value = 0 AND abs(last_other) > {beyond})",
        reason="format('exactly 0 after {:g}', last_other)",
    )
