"""How good a model is before it is used: rolling origins inside its training span, and the gate it must pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from weather_assets.forecasting import scores
from weather_assets.forecasting.hours import Floats, Hours
from weather_assets.forecasting.plausibility import implausible
from weather_assets.forecasting.spread import LEVELS

FOLDS = 3
# The first model is trained on a third of the span, but on a whole year where there is one: with less it cannot know
# the seasons, and its errors would say little of those of the final model.
_FIRST_SHARE, _LARGEST_FIRST_SHARE = 1 / 3, 2 / 3
_HOURS_PER_YEAR = 8766
_COVERAGE_LIMITS = (0.70, 0.90)


@dataclass(frozen=True)
class Holdout:
    """Scores per lead (L entries each) on hours after the last origin, all of it fitted before that origin."""

    lead_hours: tuple[int, ...]
    rmse: tuple[float, ...]
    mae: tuple[float, ...]
    bias: tuple[float, ...]
    crps: tuple[float, ...]
    coverage_50: tuple[float, ...]
    coverage_80: tuple[float, ...]
    baseline_rmse: Mapping[str, tuple[float, ...]]
    crps_persistence: tuple[float, ...]

    @staticmethod
    def from_facts(facts: Mapping[str, Any]) -> "Holdout":
        """Make it again from `dataclasses.asdict` that went through JSON."""
        lists = {name: tuple(value) for name, value in facts.items() if name != "baseline_rmse"}
        baselines = {name: tuple(values) for name, values in facts["baseline_rmse"].items()}
        return Holdout(**lists, baseline_rmse=baselines)

    @property
    def crps_skill(self) -> float:
        """Share of the CRPS of persistence that is saved, mean over leads."""
        return scores.skill(float(np.mean(self.crps)), float(np.mean(self.crps_persistence)))

    @property
    def mean_crps(self) -> float:
        """CRPS, mean over leads, in the unit of the target."""
        return float(np.mean(self.crps))

    @property
    def mean_rmse(self) -> float:
        """RMSE, mean over leads, in the unit of the target."""
        return float(np.mean(self.rmse))


@dataclass(frozen=True)
class Gate:
    """Whether a model may be used; `reasons` name every demand that it fails."""

    passes: bool
    reasons: tuple[str, ...]


def origins(issue_hours: Hours) -> Iterator[tuple[int, int]]:
    """Give the spans (start, end hour) that are each forecast by a model trained before them, in order."""
    first, last = int(issue_hours.min()), int(issue_hours.max()) + 1
    span = last - first
    start = first + int(min(max(span * _FIRST_SHARE, _HOURS_PER_YEAR), span * _LARGEST_FIRST_SHARE))
    edges = [start + (last - start) * fold // FOLDS for fold in range(FOLDS + 1)]
    yield from pairwise(edges)


def score_holdout(
    leads: Sequence[int], quantiles: Floats, observed: Floats, baselines: Mapping[str, Floats]
) -> Holdout:
    """Score quantiles (N, L, 19) and baselines (N, L) against what was observed (N, L), lead by lead.

    Only pairs that every one of them has an answer for count, so that all are scored on the same hours.
    RMSE and bias are those of the mean of the distribution, MAE that of its median.
    """
    known = np.isfinite(np.stack([observed, *baselines.values()])).all(axis=0)
    truth = np.where(known, observed, np.nan)
    low, lower, median, upper, high = (quantiles[:, :, LEVELS.index(level)] for level in (0.1, 0.25, 0.5, 0.75, 0.9))
    expected = quantiles.mean(axis=2)
    places = range(len(leads))
    return Holdout(
        lead_hours=tuple(int(lead) for lead in leads),
        rmse=tuple(scores.rmse(expected[:, p], truth[:, p]) for p in places),
        mae=tuple(scores.mae(median[:, p], truth[:, p]) for p in places),
        bias=tuple(scores.bias(expected[:, p], truth[:, p]) for p in places),
        crps=tuple(float(np.nanmean(scores.crps(quantiles[:, p], LEVELS, truth[:, p]))) for p in places),
        coverage_50=tuple(scores.coverage(lower[:, p], upper[:, p], truth[:, p]) for p in places),
        coverage_80=tuple(scores.coverage(low[:, p], high[:, p], truth[:, p]) for p in places),
        baseline_rmse={
            name: tuple(scores.rmse(values[:, p], truth[:, p]) for p in places) for name, values in baselines.items()
        },
        # The CRPS of a forecast without spread is its absolute error.
        crps_persistence=tuple(scores.mae(baselines["persistence"][:, p], truth[:, p]) for p in places),
    )


def judge(holdout: Holdout) -> Gate:
    """Demand a mean RMSE under that of each baseline, plausible errors, and that the 80 % band holds 70-90 %.

    What has no band, as a probability, has a coverage of NaN and no such demand.
    """
    means = {name: float(np.mean(values)) for name, values in holdout.baseline_rmse.items()}
    reasons = [
        f"mean RMSE {holdout.mean_rmse:.3f} is not under {mean:.3f} of {name}"
        for name, mean in means.items()
        if not holdout.mean_rmse < mean
    ]
    reasons += implausible(holdout.lead_hours, holdout.rmse, holdout.baseline_rmse["climatology"])
    covered, (low, high) = float(np.mean(holdout.coverage_80)), _COVERAGE_LIMITS
    if covered < low or covered > high:
        reasons.append(f"the 80 % band holds {covered:.0%} of the hours, not {low:.0%} to {high:.0%}")
    return Gate(not reasons, tuple(reasons))
