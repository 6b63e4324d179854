"""How wide the bands must be at present: errors are large for weeks and small for weeks, beyond what a season explains.

Recent forecasts of the same model are made again from the feature rows of the days before and held against the readings
that have come since. Where their errors were larger than expected, bands widen by that factor, and the reverse. Only
readings of rows issued up to the hour in question are used, so nothing later than the hour of issue is known.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from weather_assets.forecasting.hours import Floats, Hours
from weather_assets.forecasting.inputs import Integers, Issues

PROBE_EVERY_H = 3
"""Only issue hours that this divides are forecast again: the hours between say nearly the same."""
PROBE_LEADS = (3, 6, 9, 12, 18, 24, 36, 48)
WINDOW_H = 10 * 24
HISTORY = timedelta(hours=WINDOW_H + max(PROBE_LEADS))
"""How long before an issue time feature rows have a say."""

# The window counts as much as its own probes, "as expected" as those of five days: it takes days to be persuaded.
_PRIOR_PROBES = 5 * 24 // PROBE_EVERY_H * 2
# Last lead of each group that shares a factor.
_GROUP_ENDS = (6, 12, 24)


@dataclass(frozen=True)
class Probes:
    """Forecasts made again: `sizes` (N, K) are absolute errors over their expected size, NaN where not yet read."""

    station_ids: Integers
    issue_hours: Hours
    leads: Integers
    sizes: Floats


def probe_rows(issues: Issues) -> Integers:
    """Return the rows that are forecast again."""
    return np.flatnonzero(issues.issue_hours % PROBE_EVERY_H == 0)


def widths(issues: Issues, probes: Probes, leads: Integers) -> Floats:
    """Return the factor (N, L) on the width of each lead; 1 where nothing has been verified."""
    factors = np.ones((len(issues), len(_GROUP_ENDS) + 1))
    for station in np.unique(issues.station_ids):
        rows, made = issues.station_ids == station, probes.station_ids == station
        for group in range(factors.shape[1]):
            places = np.flatnonzero(_groups(probes.leads) == group)
            valid = probes.issue_hours[made][:, None] + probes.leads[places]
            sizes = probes.sizes[made][:, places]
            factors[rows, group] = _recent_size(issues.issue_hours[rows], valid.ravel(), sizes.ravel())
    return factors[:, _groups(leads)]


def _groups(leads: Integers) -> Integers:
    return np.searchsorted(_GROUP_ENDS, leads)


def _recent_size(hours: Hours, valid: Hours, sizes: Floats) -> Floats:
    """Return (N,) the mean of the sizes that are valid within the window up to each hour, drawn to 1 by the prior."""
    known = np.flatnonzero(np.isfinite(sizes))
    known = known[np.argsort(valid[known], kind="stable")]
    summed = np.concatenate([[0.0], np.cumsum(sizes[known])])
    last = np.searchsorted(valid[known], hours, side="right")
    first = np.searchsorted(valid[known], hours - WINDOW_H, side="right")
    return np.asarray((summed[last] - summed[first] + _PRIOR_PROBES) / (last - first + _PRIOR_PROBES))
