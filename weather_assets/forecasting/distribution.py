"""The predictive distribution: the blended expectation, and the spread around it that follows the errors of late."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weather_assets.forecasting.boosting import Situations
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.inputs import Issues
from weather_assets.forecasting.mean import MeanModel
from weather_assets.forecasting.series import readings_of
from weather_assets.forecasting.spread import Spread, scales
from weather_assets.forecasting.targets import Target
from weather_assets.forecasting.width import PROBE_LEADS, Probes, probe_rows, widths

if TYPE_CHECKING:
    from lightgbm import Booster


@dataclass(frozen=True)
class Distribution:
    """The parts that make quantiles: `blend` (3, L) is the share of each member's correction that is used."""

    mean: MeanModel
    blend: Floats
    spread: Spread

    def quantiles(self, situations: Situations, context: Issues, target: Target) -> Floats:
        """Return quantiles (N, L, 19) within the bounds of the target.

        `context` are the issue times, earlier ones and their own, whose errors known by now steer the width.
        """
        expected = blended(situations, self.mean.corrections(situations), self.blend)
        factors = widths(
            situations.issues, made_again(self.mean, self.blend, self.spread.scale, context), situations.leads
        )
        return np.clip(self.spread.quantiles(situations, expected, factors), target.lower, target.upper)


def blended(situations: Situations, corrections: Floats, blend: Floats) -> Floats:
    """Return the expected value (N, L): climatology, linear part and the share `blend` (M, L) of the corrections."""
    correction: Floats = np.einsum("ml,mnl->nl", blend, corrections)
    return situations.climatology + situations.linear + correction


def made_again(mean: MeanModel, blend: Floats, scale: "Booster", context: Issues) -> Probes:
    """Forecast some of the context's issue times again and hold them against the readings in the context's rows."""
    issues = context[probe_rows(context)]
    places = np.flatnonzero(np.isin(mean.background.leads, PROBE_LEADS))
    situations = mean.situations(issues).at(places)
    expected = blended(situations, mean.corrections(situations), blend[:, places])
    readings = readings_of(context, mean.background.column)
    missed = readings.at(issues.station_ids, issues.valid_hours(situations.leads)) - expected
    return Probes(issues.station_ids, issues.issue_hours, situations.leads, np.abs(missed) / scales(scale, situations))
