"""Grades of PM10 as the Korean environment ministry draws them, for daily means in µg/m³."""

import numpy as np

PM10_LIMITS_UGM3 = (30.0, 80.0, 150.0)
"""Highest concentration of good, moderate and bad; what lies above the last is very bad."""

PM10_GRADES = ("good", "moderate", "bad", "very_bad")


def pm10_grade(concentration_ugm3: float) -> str | None:
    """Grade of a daily mean: good 0-30, moderate 31-80, bad 81-150, very_bad from 151; None for NaN.

    The limits are in whole µg/m³, so the mean is rounded first.
    """
    if np.isnan(concentration_ugm3):
        return None
    return PM10_GRADES[int(np.searchsorted(PM10_LIMITS_UGM3, round(concentration_ugm3), side="left"))]
