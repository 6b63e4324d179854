"""Step: a value that no reading of the hours before supports.

After WMO-No. 305 (tolerances of the change over 1, 2, 3, 6 and 12 hours). Asked alone, each tolerance also condemns the
first good reading after a wrong one; here a single supporting reading clears the value.
"""

from collections.abc import Mapping

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion, ago

_NEAR_HOURS = 3


def step(limits: Mapping[int, float]) -> Criterion:
    """Fails where the value differs by more than the limit from each reading of the 3 hours before.

    Where there is none of these, from each of those 6 and 12 hours before. `limits` maps hours to the largest plausible
    difference, in the unit of the element.
    """
    shares = {hours: f"abs(value - ago_{hours}) / {limit}" for hours, limit in limits.items()}
    near = ", ".join(share for hours, share in shares.items() if hours <= _NEAR_HOURS)
    far = ", ".join(share for hours, share in shares.items() if hours > _NEAR_HOURS)
    looks = {name: look for hours in limits for name, look in ago(hours).items()}
    before = ", ".join(f"ago_{hours}" for hours in limits)
    return Criterion(
        test="step",
        flag=Flag.STEP,
        looks=looks,
        condition=f"coalesce(least({near}), least({far})) > 1",
        reason=f"format('{{:g}} after {{:g}}; no reading of the hours before is within the limits', "
        f"value, coalesce({before}))",
    )
