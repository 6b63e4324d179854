"""What a daily forecast must beat, in the unit of the target: persistence, climatology and ridge regression.

None is tuned on what it is scored on, and none is worked on as a root, which would cost it in squared error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.daily.mean import DailyBackground, fit_background
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Issues, Singles
from weather_assets.forecasting.series import ObservedSeries
from weather_assets.forecasting.targets import Target

RIDGE_PENALTY = 100.0


@dataclass(frozen=True)
class DailyReferences:
    """`coefficients` (P + 2, L) of the plain ridge, intercept first."""

    background: DailyBackground
    coefficients: Floats

    def forecast(self, issues: Issues) -> Mapping[str, Floats]:
        """Return values (N, L) by name; persistence is NaN where the day before is unknown."""
        usual = self.background.usual(issues)
        ridge = usual + _with_intercept(self.background.predictors(issues)) @ self.coefficients
        persistence = np.broadcast_to(self.background.yesterday(issues)[:, None], usual.shape)
        return {"persistence": persistence, "climatology": usual, "ridge": ridge}


def fit_references(target: Target, issues: Issues, names: Sequence[str], series: ObservedSeries) -> DailyReferences:
    """Fit on issue times and a series in days that ends where training ends."""
    background = fit_background(target, issues, names, series, rooted=False)
    anomalies = series.at(issues.station_ids, background.valid_days(issues)) - background.usual(issues)
    matrix = _with_intercept(background.predictors(issues))
    return DailyReferences(background, np.stack([_solve(matrix, column) for column in anomalies.T], axis=1))


def _solve(matrix: Singles, wanted: Floats) -> Floats:
    known = np.isfinite(wanted)
    rows = matrix[known].astype(np.float64)
    gram = rows.T @ rows + RIDGE_PENALTY * np.eye(rows.shape[1])
    return np.asarray(np.linalg.solve(gram, rows.T @ wanted[known]))


def _with_intercept(predictors: Singles) -> Singles:
    return np.column_stack([np.ones(len(predictors), dtype=np.float32), predictors])
