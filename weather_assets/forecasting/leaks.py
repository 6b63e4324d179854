"""Features that hold a reading of the future under another name, found before anything is trained on them.

Of all that is known when a forecast is issued nothing tells the reading of a later hour much better than the reading of
the hour before that one does. Errors cannot show a leak of the next hour: they are small there anyhow.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from weather_assets.forecasting.boosting import sample_rows
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import issues_of
from weather_assets.forecasting.series import observed_series

LEAST_UNEXPLAINED = 0.8
"""Share of what the hour before leaves unexplained of a reading that a feature must leave unexplained, too. The reading
of the hour of issue has just 1 at a lead of 1 h; no other feature has less than 4 on eleven years of Seoul."""

_ROWS = 5_000


def leaking_features(
    features: pd.DataFrame, observations: pd.DataFrame, names: Sequence[str], leads: Sequence[int]
) -> list[str]:
    """Return the words for each feature that tells some reading of issue hour + lead better than it honestly could.

    Takes rows of features.hourly and observations (station_id, observed_at, value); a fixed random choice of rows is
    looked at, by the share of variance that a straight line explains.
    """
    issues = issues_of(features, names)
    chosen = issues[sample_rows(len(issues), _ROWS)]
    ahead = np.asarray(leads)
    series = observed_series(observations)
    later = series.at(chosen.station_ids, chosen.issue_hours[:, None] + ahead)
    before = series.at(chosen.station_ids, chosen.issue_hours[:, None] + ahead - 1)
    usual = 1 - np.diagonal(_explained(before, later))
    unexplained = 1 - _explained(chosen.features.astype(np.float64), later)
    shares = unexplained / np.maximum(usual, np.finfo(float).tiny)
    return [
        f"feature {names[place]} knows the reading {leads[int(np.argmin(row))]} h ahead"
        for place, row in enumerate(shares)
        if row.min() < LEAST_UNEXPLAINED
    ]


def _explained(columns: Floats, others: Floats) -> Floats:
    """Return the squared correlation (P, L) of every column (N, P) with every other (N, L), over the pairs known."""
    known, theirs = np.isfinite(columns).astype(float), np.isfinite(others).astype(float)
    x, y = _centred(columns), _centred(others)
    count = np.maximum(known.T @ theirs, 1)
    mean_x, mean_y = x.T @ theirs / count, known.T @ y / count
    variance_x = np.square(x).T @ theirs / count - mean_x**2
    variance_y = known.T @ np.square(y) / count - mean_y**2
    covariance = x.T @ y / count - mean_x * mean_y
    spread = variance_x * variance_y
    return np.where(spread > 0, covariance**2 / np.where(spread > 0, spread, 1.0), 0.0)


def _centred(columns: Floats) -> Floats:
    """Return the columns about 0 and of spread 1, 0 where unknown: sums of squares then lose no digits."""
    known = np.isfinite(columns)
    count = np.maximum(known.sum(axis=0), 1)
    apart = np.where(known, columns - np.where(known, columns, 0.0).sum(axis=0) / count, 0.0)
    spread = np.sqrt(np.square(apart).sum(axis=0) / count)
    return np.asarray(apart / np.where(spread > 0, spread, 1.0))
