"""The hold-out of a probability, in the shape that every gate and registry reads."""

from collections.abc import Mapping, Sequence

from weather_assets.forecasting import scores
from weather_assets.forecasting.holdout import Holdout
from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.scores_events import brier


def rain_holdout(leads: Sequence[int], probability: Floats, wet: Floats, references: Mapping[str, Floats]) -> Holdout:
    """Score probabilities (N, L) against what happened (N, L), block by block.

    The CRPS of a yes-or-no event is the Brier score (the integral of (F(x) - 1{x >= y})² from 0 to 1 is (p - y)²); the
    RMSE is its root. A probability has no band, so coverage is NaN.
    """
    places, none = range(len(leads)), tuple(float("nan") for _ in leads)
    return Holdout(
        lead_hours=tuple(leads),
        rmse=tuple(scores.rmse(probability[:, p], wet[:, p]) for p in places),
        mae=tuple(scores.mae(probability[:, p], wet[:, p]) for p in places),
        bias=tuple(scores.bias(probability[:, p], wet[:, p]) for p in places),
        crps=tuple(brier(probability[:, p], wet[:, p]) for p in places),
        coverage_50=none,
        coverage_80=none,
        baseline_rmse={
            name: tuple(scores.rmse(values[:, p], wet[:, p]) for p in places) for name, values in references.items()
        },
        crps_persistence=tuple(brier(references["persistence"][:, p], wet[:, p]) for p in places),
    )
