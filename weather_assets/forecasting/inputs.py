"""From rows of features.hourly to the arrays that the models work on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.errors import WeatherError
from weather_assets.forecasting.hours import Hours, hours_of

Singles = NDArray[np.float32]
Integers = NDArray[np.int64]

MIN_TRAINING_DAYS = 60
"""Days with truth that the model of any target needs at least."""

_NOT_FEATURES = ("station_id", "issued_at")


@dataclass(frozen=True)
class Issues:
    """Issue times in the order of station and time: N rows, `features` (N, P) with NaN where unknown."""

    station_ids: Integers
    issue_hours: Hours
    features: Singles

    def __len__(self) -> int:
        return len(self.issue_hours)

    def __getitem__(self, rows: NDArray[np.bool_] | Integers) -> "Issues":
        return Issues(self.station_ids[rows], self.issue_hours[rows], self.features[rows])

    def valid_hours(self, leads: Integers) -> Hours:
        """Return the hours (N, L) that forecasts of these leads are for."""
        return self.issue_hours[:, None] + leads


def feature_names_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns of a feature table that are features, in their order."""
    return tuple(name for name in table.columns if name not in _NOT_FEATURES)


def issues_of(features: pd.DataFrame, names: Sequence[str]) -> Issues:
    """Take the named features of a table with station_id and issued_at, sorted by both.

    A feature that the table lacks counts as unknown, one that it has beside is ignored; a table without any of the
    named ones is refused with WeatherError.
    """
    if not set(names) & set(features.columns):
        raise WeatherError("the table has none of the model's features; take rows of features.hourly")
    ordered = features.sort_values(["station_id", "issued_at"], kind="stable")
    return Issues(
        ordered["station_id"].to_numpy(dtype=np.int64),
        hours_of(ordered["issued_at"]),
        ordered.reindex(columns=list(names)).to_numpy(dtype=np.float32),
    )


@dataclass(frozen=True)
class Scaler:
    """Mean and spread of every feature per station, so that stations on hills and coasts can be pooled.

    `station_ids` (S,), `means` and `deviations` (S + 1, P): the last row is that of all stations together and serves a
    station that was not in training.
    """

    station_ids: Integers
    means: Singles
    deviations: Singles

    def scaled(self, issues: Issues) -> Singles:
        """Return the first P features standardised (N, P), within six deviations; 0, the mean, where unknown."""
        place = np.full(len(issues), len(self.station_ids))
        for index, station in enumerate(self.station_ids):
            place[issues.station_ids == station] = index
        features = issues.features[:, : self.means.shape[1]]
        scaled = (features - self.means[place]) / self.deviations[place]
        return np.asarray(np.clip(np.nan_to_num(scaled, nan=0.0), -6.0, 6.0), dtype=np.float32)


def fit_scaler(issues: Issues, columns: int | None = None) -> Scaler:
    """Measure the first features, by default all, of every station; one that never varies gets a deviation of 1."""
    stations, features = np.unique(issues.station_ids), issues.features[:, :columns]
    groups = [features[issues.station_ids == station] for station in stations]
    moments = [_moments(group) for group in (*groups, features)]
    return Scaler(stations, np.stack([mean for mean, _ in moments]), np.stack([spread for _, spread in moments]))


def _moments(features: Singles) -> tuple[Singles, Singles]:
    known = np.isfinite(features)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, features, 0.0).sum(axis=0, dtype=np.float64) / count
    variance = np.square(np.where(known, features - mean, 0.0)).sum(axis=0, dtype=np.float64) / count
    spread = np.sqrt(variance)
    return mean.astype(np.float32), np.where(spread > 1e-6, spread, 1.0).astype(np.float32)  # noqa: PLR2004
