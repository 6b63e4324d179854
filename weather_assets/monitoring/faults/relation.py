"""What a quantity is, given others: a linear relation fitted on a stretch of the past.

Ridge regression on standardised predictors, in closed form. What a station does not measure takes no part.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.series import Booleans

MEASURED_SHARE = 0.9
"""A predictor that is known less often than this takes no part."""
_LEAST_SPREAD = 1e-9


@dataclass(frozen=True)
class Relation:
    """`used` (F,) says which predictors take part; `centre` and `slopes` are of those."""

    used: Booleans
    centre: Floats
    slopes: Floats
    constant: float

    def of(self, predictors: Floats) -> Floats:
        """Return (P,) what predictors (P, F) imply; NaN where one that takes part is unknown."""
        return np.asarray((predictors[:, self.used] - self.centre) @ self.slopes + self.constant)


def fitted(predictors: Floats, target: Floats, penalty: float, least_rows: int) -> Relation | None:
    """Fit on the rows (P, F) and (P,) that are complete; None where they are fewer than `least_rows`.

    `penalty` is in shares of the rows: 0 is least squares, 1 halves the slope of a lone predictor.
    """
    known = predictors[np.isfinite(target)]
    used = np.asarray(np.isfinite(known).mean(axis=0) >= MEASURED_SHARE) if len(known) else np.zeros(0, dtype=np.bool_)
    if not used.any():
        return None
    complete = np.isfinite(target) & np.isfinite(predictors[:, used]).all(axis=1)
    rows, values = predictors[complete][:, used], target[complete]
    if len(rows) < least_rows:
        return None
    centre, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), _LEAST_SPREAD)
    standard = (rows - centre) / spread
    gram = standard.T @ standard + penalty * len(rows) * np.eye(len(centre))
    constant = float(values.mean())
    return Relation(used, centre, np.linalg.solve(gram, standard.T @ (values - constant)) / spread, constant)
