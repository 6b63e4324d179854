"""Which features to leave out at a station: those unknown so often that what they tell does not make up for it.

An element that the station does not measure, or whose readings are mostly missing or flagged, would have the models
learn from the mean that stands in for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from weather_assets.forecasting.inputs import Integers, Issues, Singles

TOLERATED_UNKNOWN = 0.5
"""Share of unknown values that even a feature without any bearing on the target may have."""


@dataclass(frozen=True)
class Selection:
    """`left_out` (S, P) says of each station which features are not used; other stations use all."""

    station_ids: Integers
    left_out: NDArray[np.bool_]

    def applied(self, issues: Issues) -> Issues:
        """Return the issue times with what is left out as unknown."""
        features = issues.features.copy()
        for station, left_out in zip(self.station_ids, self.left_out, strict=True):
            features[np.ix_(issues.station_ids == station, np.flatnonzero(left_out))] = np.nan
        return replace(issues, features=features)

    def names(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Return what is left out by station, as words for the record."""
        return {
            str(station): [names[place] for place in np.flatnonzero(left_out).tolist()]
            for station, left_out in zip(self.station_ids, self.left_out, strict=True)
            if left_out.any()
        }


def select(issues: Issues, anomalies: Singles, own: int) -> Selection:
    """Weigh every feature (N, P) at every station against the target's anomalies (N, L), NaN unknown.

    A feature is left out where its share of unknown values exceeds one half plus its importance, the largest absolute
    correlation with the anomaly at a few leads. The target's own reading, column `own`, is always used.
    """
    stations = np.unique(issues.station_ids)
    some_leads = np.unique(np.linspace(0, anomalies.shape[1] - 1, 4).astype(np.int64))
    left_out = np.zeros((len(stations), issues.features.shape[1]), dtype=np.bool_)
    for place, station in enumerate(stations):
        rows = issues.station_ids == station
        features, wanted = issues.features[rows], anomalies[rows][:, some_leads]
        unknown = 1 - np.isfinite(features).mean(axis=0)
        for column in np.flatnonzero(unknown > TOLERATED_UNKNOWN):
            left_out[place, column] = unknown[column] > TOLERATED_UNKNOWN + _importance(features[:, column], wanted)
    left_out[:, own] = False
    return Selection(stations, left_out)


def _importance(feature: Singles, anomalies: Singles) -> float:
    """Return the largest absolute correlation (0 to 1) with any of the leads; 0 where too little is known to tell."""
    found = [0.0]
    for anomaly in anomalies.T:
        known = np.isfinite(feature) & np.isfinite(anomaly)
        if known.sum() >= 30 and np.ptp(feature[known]) > 0 and np.ptp(anomaly[known]) > 0:  # noqa: PLR2004
            found.append(abs(float(np.corrcoef(feature[known], anomaly[known])[0, 1])))
    return max(found)
