"""Scores of point and quantile forecasts; NaN pairs (no truth) are left out.

Arrays broadcast: forecasts and observations (N, ...), quantiles (N, ..., K) at K levels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from weather_assets.forecasting.hours import Floats


def bias(forecast: Floats, observed: Floats) -> float:
    """Mean of forecast less observed, in their unit."""
    return float(np.nanmean(forecast - observed))


def mae(forecast: Floats, observed: Floats) -> float:
    """Mean absolute error."""
    return float(np.nanmean(np.abs(forecast - observed)))


def rmse(forecast: Floats, observed: Floats) -> float:
    """Root mean square error."""
    return float(np.sqrt(np.nanmean(np.square(forecast - observed))))


def pinball(quantiles: Floats, levels: Sequence[float], observed: Floats) -> Floats:
    """Pinball (quantile) loss (N, ..., K): the level times what is missed above, its complement times below."""
    above = observed[..., None] - quantiles
    tau = np.asarray(levels)
    return np.maximum(tau * above, (tau - 1) * above)


def crps(quantiles: Floats, levels: Sequence[float], observed: Floats) -> Floats:
    """Continuous ranked probability score (N, ...) as twice the mean pinball loss over the levels.

    Gneiting and Raftery (2007), doi 10.1198/016214506000001437, eq. 21 and section 4.2: the CRPS is the integral over
    all levels of twice the pinball loss, here by the midpoint rule on evenly spaced levels.
    """
    return np.asarray(2 * pinball(quantiles, levels, observed).mean(axis=-1))


def coverage(lower: Floats, upper: Floats, observed: Floats) -> float:
    """Share of observations within lower..upper, bounds included; NaN when there is none."""
    known = np.isfinite(observed)
    if not known.any():
        return float("nan")
    return float(((observed >= lower) & (observed <= upper))[known].mean())


def skill(score: float, reference: float) -> float:
    """Share of a reference's error that is saved: 1 - score / reference; NaN when the reference has none."""
    return 1 - score / reference if reference > 0 else float("nan")


@dataclass(frozen=True)
class Comparison:
    """Mean difference of two losses, its standard error, and the two-sided p-value that it is 0."""

    mean_difference: float
    standard_error: float
    p_value: float


def diebold_mariano(loss: Floats, other: Floats, lags: int) -> Comparison:
    """Compare two series of losses (T,) of the same hours, in order; pairs with a NaN are left out.

    Diebold and Mariano (1995), doi 10.1080/07350015.1995.10524599, with the variance of Newey and West (1987), doi
    10.2307/1913610, over `lags` (at least the lead less one: forecasts that overlap err together). For reports: its
    p-value holds for one look that was fixed beforehand, never for the first good one of many (see `sequential`).
    """
    difference = (loss - other)[np.isfinite(loss - other)]
    count = len(difference)
    if count <= lags:
        return Comparison(float("nan"), float("nan"), float("nan"))
    mean = float(difference.mean())
    apart = difference - mean
    variance = float(apart @ apart) + 2 * sum(
        (1 - lag / (lags + 1)) * float(apart[lag:] @ apart[:-lag]) for lag in range(1, lags + 1)
    )
    error = sqrt(variance) / count
    return Comparison(mean, error, erfc(abs(mean) / error / sqrt(2)) if error > 0 else float("nan"))
