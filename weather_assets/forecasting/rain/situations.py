"""What is known when rain is forecast: the blocks ahead of every issue time, and whether it rains already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from weather_assets.clock import STAMP_OFFSET_H
from weather_assets.forecasting.hours import Floats, Hours, hour_of_day, season_angle
from weather_assets.forecasting.inputs import Integers, Issues, Singles
from weather_assets.forecasting.rain.blocks import WET_MM
from weather_assets.forecasting.targets import BLOCK_HOURS, BLOCK_LEADS

BLOCKS_PER_DAY = 24 // BLOCK_HOURS
NOW_FEATURE = "precipitation_mm_sum_3h"
"""Rain of the last three hours: in winter, of the last block that was reported."""

DRY, WET, UNKNOWN = 0, 1, 2
PAIR_INPUTS = ("lead_hours", "block_end_hour", "season_sin", "season_cos", "climatology", "persistence")


@dataclass(frozen=True)
class Situations:
    """Issue times (N), the hours `ends` (N, L) at which the L blocks ahead end, and the `state` (N,) of the last 3 h.

    The first block is the one in progress, or the next where one has just ended.
    """

    issues: Issues
    ends: Hours
    state: Integers

    def pairs(self, rows: Integers, places: Integers, references: Mapping[str, Floats]) -> Singles:
        """Return the booster's inputs (M, P + 6) of pairs of an issue time and a block; `references` are (N, L)."""
        ends = self.ends[rows, places]
        angle = season_angle(ends)
        beside = (
            ends - self.issues.issue_hours[rows],
            hour_of_day(ends),
            np.sin(angle),
            np.cos(angle),
            references["climatology"][rows, places],
            references["persistence"][rows, places],
        )
        return np.column_stack([self.issues.features[rows], *(column.astype(np.float32) for column in beside)])


def situations_of(issues: Issues, names: Sequence[str]) -> Situations:
    """Return the blocks ahead of issue times; the state is unknown where the feature is absent or not known."""
    rain = issues.features[:, list(names).index(NOW_FEATURE)] if NOW_FEATURE in names else np.full(len(issues), np.nan)
    state = np.where(np.isnan(rain), UNKNOWN, np.where(np.round(rain, 1) >= WET_MM, WET, DRY))
    # Nine hours from UTC: hours divisible by 3 are the same on both clocks.
    last_end = issues.issue_hours // BLOCK_HOURS * BLOCK_HOURS
    return Situations(issues, last_end[:, None] + np.array(BLOCK_LEADS), state.astype(np.int64))


def month_of(hours: Hours) -> Integers:
    """Return the KST month, 0 for January, of the hour before each: a block that ends at midnight is of the old day."""
    local = (hours + STAMP_OFFSET_H - 1).astype("datetime64[h]")
    return np.asarray(local.astype("datetime64[M]").astype(np.int64) % 12)
