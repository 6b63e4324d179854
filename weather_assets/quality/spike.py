"""Spike: up to three hours that stand out from both sides, to which the element falls back.

After HadISD (Dunn et al. 2012), which also allows spikes of one to three hours; its limits come from each station's own
first differences, these are fixed (see `rules`), so that a decision does not change with more data.
"""

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion, ago, ahead

LONGEST_HOURS = 3
_SIDES = tuple(
    (before, after)
    for before in range(1, LONGEST_HOURS + 1)
    for after in range(1, LONGEST_HOURS + 1)
    if before + after <= LONGEST_HOURS + 1
)


def spike(limit: float) -> Criterion:
    """Fails, as is known up to 3 hours later, where the value stands out from a reading before and one after.

    `limit`, in the unit of the element, is for a single hour; two hours must stand out by 1.5 times as much and three
    by twice. Both sides must agree within half of the limit.
    """
    looks = {name: look for hours in range(1, LONGEST_HOURS + 1) for name, look in (ago(hours) | ahead(hours)).items()}
    return Criterion(
        test="spike",
        flag=Flag.SPIKE,
        is_later=True,
        looks=looks,
        condition="(" + " OR ".join(_stands_out(before, after, limit) for before, after in _SIDES) + ")",
        reason=f"format('{{:g}} between {{:g}} and {{:g}}; at most {limit:g} from both is plausible', "
        "value, coalesce(ago_1, ago_2, ago_3), coalesce(ahead_1, ahead_2, ahead_3))",
    )


def _stands_out(before: int, after: int, limit: float) -> str:
    least = limit * (before + after) / 2
    rise, fall = f"(value - ago_{before})", f"(value - ahead_{after})"
    return (
        f"({rise} * {fall} > 0 AND least(abs({rise}), abs({fall})) > {least} "
        f"AND abs(ago_{before} - ahead_{after}) < {limit / 2})"
    )
