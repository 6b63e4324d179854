"""The linear part: one ridge regression per hour of issue, whose coefficients turn with the season.

What a reading says of tomorrow depends on the hour it was taken (a warm dawn is not a warm noon) and on the season, so
every hour has its own equations, fitted on the rows of that hour and of the two beside it, and every predictor enters
thrice: as it is, times the sine and times the cosine of the time of year. What is penalised is how far an hour's
equations are from those common to all hours and seasons, so that few data fall back on plain ridge regression. All
leads are solved at once in closed form.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weather_assets.forecasting.hours import Floats, Hours, hour_of_day, season_angle
from weather_assets.forecasting.inputs import Integers, Singles

PENALTIES = (300.0, 1000.0, 3000.0, 10_000.0, 100_000.0)
COMMON_PENALTY = 100.0
BLOCKS = 4
_HOURS = 24
# Readings of less than a year do not tell how a coefficient turns with it: those terms are then held at nothing.
_HOURS_TO_KNOW_SEASONS = 330 * 24
_HELD_AT_NOTHING = 1e9


@dataclass(frozen=True)
class SeasonalRidge:
    """`coefficients` (24, terms, leads) and the `penalties` (leads,) that were chosen for them."""

    coefficients: Singles
    penalties: Floats

    def predict(self, predictors: Singles, issue_hours: Hours) -> Singles:
        """Return anomalies (N, leads) from predictors (N, P)."""
        predicted = np.empty((len(predictors), self.coefficients.shape[2]), dtype=np.float32)
        hours = hour_of_day(issue_hours)
        for hour in np.unique(hours):
            rows = hours == hour
            predicted[rows] = _terms(predictors[rows], issue_hours[rows]) @ self.coefficients[hour]
        return predicted


@dataclass(frozen=True)
class _Moments:
    """Sums of products by block and hour: `gram` (B, 24, K, K), `cross` (B, 24, K, leads); penalty `weights` (K,)."""

    gram: Floats
    cross: Floats
    weights: Floats

    def common(self, without: int | None = None) -> Floats:
        """Return coefficients (K / 3, leads) common to all hours and seasons, leaving a block out if asked."""
        kept, plain = self._kept(without), self.gram.shape[2] // 3
        gram = self.gram[kept, :, :plain, :plain].sum(axis=(0, 1))
        return np.asarray(
            np.linalg.solve(gram + COMMON_PENALTY * np.eye(plain), self.cross[kept, :, :plain].sum(axis=(0, 1)))
        )

    def solve(self, hour: int, common: Floats, penalties: Sequence[float], without: int | None = None) -> list[Floats]:
        """Return coefficients (K, leads) of one hour for every penalty on how far they are from the common ones."""
        hours = [(hour - 1) % _HOURS, hour, (hour + 1) % _HOURS]
        window = np.ix_(self._kept(without), hours)
        gram, cross = self.gram[window].sum(axis=(0, 1)), self.cross[window].sum(axis=(0, 1))
        start = np.vstack([common, np.zeros((len(gram) - len(common), common.shape[1]))])
        missed = cross - gram @ start
        return [start + np.linalg.solve(gram + penalty * np.diag(self.weights), missed) for penalty in penalties]

    def _kept(self, without: int | None) -> list[int]:
        return [block for block in range(len(self.gram)) if block != without]


def fit_linear(predictors: Singles, issue_hours: Hours, anomalies: Singles) -> tuple[SeasonalRidge, Singles]:
    """Fit on predictors (N, P) and anomalies (N, leads), NaN where there is no truth.

    Returns the fitted ridge, and for the N rows the prediction (N, leads) of equations that did not see their part of
    the span: the span is cut in four blocks of time, and each is predicted from the other three. The penalty of a lead
    is the one with the least squared error there.
    """
    blocks = _blocks(issue_hours)
    moments = _moments(predictors, issue_hours, anomalies, blocks)
    held_out = _held_out(moments, predictors, issue_hours, blocks)
    errors = np.nanmean(np.square(held_out - anomalies), axis=1)
    best = errors.argmin(axis=0)
    common = moments.common()
    coefficients = [_pick(moments.solve(hour, common, PENALTIES), best) for hour in range(_HOURS)]
    ridge = SeasonalRidge(np.stack(coefficients).astype(np.float32), np.array(PENALTIES)[best])
    return ridge, _pick(list(held_out), best)


def _blocks(issue_hours: Hours) -> Integers:
    first, last = issue_hours.min(), issue_hours.max()
    return np.asarray((issue_hours - first) * BLOCKS // (last - first + 1))


def _moments(predictors: Singles, issue_hours: Hours, anomalies: Singles, blocks: Integers) -> _Moments:
    terms, leads = 3 * (predictors.shape[1] + 1), anomalies.shape[1]
    gram = np.zeros((BLOCKS, _HOURS, terms, terms))
    cross = np.zeros((BLOCKS, _HOURS, terms, leads))
    # A row whose forecast runs into the next block would show a held-out block its own weather.
    inside = _ends_inside(issue_hours, blocks, leads) & np.isfinite(anomalies).any(axis=1)
    hours = hour_of_day(issue_hours)
    for block in range(BLOCKS):
        for hour in range(_HOURS):
            rows = np.flatnonzero((blocks == block) & (hours == hour) & inside)
            matrix = _terms(predictors[rows], issue_hours[rows])
            gram[block, hour] = matrix.T @ matrix
            cross[block, hour] = matrix.T @ _completed(anomalies[rows])
    return _Moments(gram, cross, _penalty_weights(terms, int(np.ptp(issue_hours))))


def _penalty_weights(terms: int, span_hours: int) -> Floats:
    weights = np.ones(terms)
    if span_hours < _HOURS_TO_KNOW_SEASONS:
        weights[terms // 3 :] = _HELD_AT_NOTHING
    return weights


def _ends_inside(issue_hours: Hours, blocks: Integers, leads: int) -> NDArray[np.bool_]:
    first, last = issue_hours.min(), issue_hours.max()
    ends = np.minimum(issue_hours + leads, last)
    return np.asarray((ends - first) * BLOCKS // (last - first + 1) == blocks)


def _held_out(moments: _Moments, predictors: Singles, issue_hours: Hours, blocks: Integers) -> Singles:
    """Return predictions (penalties, N, leads) from the other blocks."""
    predicted = np.empty((len(PENALTIES), len(predictors), moments.cross.shape[3]), dtype=np.float32)
    hours = hour_of_day(issue_hours)
    for block in range(BLOCKS):
        common = moments.common(without=block)
        for hour in range(_HOURS):
            rows = np.flatnonzero((blocks == block) & (hours == hour))
            matrix = _terms(predictors[rows], issue_hours[rows])
            for index, coefficients in enumerate(moments.solve(hour, common, PENALTIES, without=block)):
                predicted[index, rows] = matrix @ coefficients
    return predicted


def _pick(choices: Sequence[Floats | Singles], best: Integers) -> Singles:
    """Return (rows, leads) with each lead's column taken from the choice that is best for it."""
    return np.stack([choices[choice][:, lead] for lead, choice in enumerate(best)], axis=1).astype(np.float32)


def _terms(predictors: Singles, issue_hours: Hours) -> Floats:
    angle = season_angle(issue_hours)
    matrix = np.column_stack([np.ones(len(predictors)), predictors])
    return np.hstack([matrix, matrix * np.sin(angle)[:, None], matrix * np.cos(angle)[:, None]])


def _completed(anomalies: Singles) -> Singles:
    """Bridge the leads without truth by the anomaly of a lead beside, so that a gap does not cost its rows."""
    anomalies = anomalies.copy()
    for order in (range(1, anomalies.shape[1]), range(anomalies.shape[1] - 2, -1, -1)):
        step = order.step
        for lead in order:
            unknown = np.isnan(anomalies[:, lead])
            anomalies[unknown, lead] = anomalies[unknown, lead - step]
    return anomalies
