"""Skill that observations alone cannot give: a sign that what is known of the future has come into a model.

What is known an hour later includes what was known before, so over the same hours the error of an honest forecast does
not fall with the lead; on eleven years of Seoul it never fell by more than 0.5 %.
"""

from collections.abc import Sequence

import numpy as np

LARGEST_FALL = 0.10
"""Share by which the error may fall below that of a shorter lead, through chance alone."""

LARGEST_SKILL = 0.5
"""Share of the climatology's error that may be saved at the longest lead: what numerical weather prediction saves a day
ahead (an RMSE near 2 °C against 4.2 °C at Seoul); readings of some stations save 0.1 to 0.3 there."""


def implausible(leads: Sequence[int], errors: Sequence[float], climatology: Sequence[float]) -> list[str]:
    """Return the words for each sign of a leak in errors by lead (RMSE, or another in the target's unit), in order."""
    found = []
    reached = np.maximum.accumulate(errors)
    falls = 1 - np.asarray(errors) / reached
    worst = int(np.argmax(falls))
    if falls[worst] > LARGEST_FALL:
        found.append(
            f"the error falls with the lead, from {reached[worst]:.3f} to {errors[worst]:.3f} at lead {leads[worst]}: "
            "a feature knows the future"
        )
    if errors[-1] < (1 - LARGEST_SKILL) * climatology[-1]:
        found.append(
            f"the error at lead {leads[-1]}, {errors[-1]:.3f}, is under half of that of the climatology, "
            f"{climatology[-1]:.3f}: readings of the past cannot give that"
        )
    return found
