"""Rolling origins and the gate."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from weather_assets.forecasting.holdout import FOLDS, Holdout, judge, origins, score_holdout
from weather_assets.forecasting.spread import LEVELS


@pytest.fixture
def holdout() -> Holdout:
    generator = np.random.default_rng(2)
    observed = generator.normal(size=(4000, 2))
    quantiles = np.broadcast_to(np.quantile(observed, LEVELS), (4000, 2, len(LEVELS)))
    worse = {name: generator.normal(size=(4000, 2)) for name in ("persistence", "climatology", "ridge")}
    worse["persistence"][0, 0] = np.nan
    return score_holdout((1, 2), quantiles, observed, worse)


def test_origins_follow_each_other_to_the_end() -> None:
    hours = np.arange(1000, 7000)
    spans = list(origins(hours))
    assert len(spans) == FOLDS
    assert (spans[0][0], spans[-1][1]) == (5000, 7000)
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(("years", "first"), [(1, 2 / 3), (2, 1), (9, 3)])
def test_the_first_model_sees_a_whole_year_where_there_is_one(years: int, first: float) -> None:
    start, _ = next(iter(origins(np.arange(years * 8766))))
    assert start == pytest.approx(first * 8766, abs=1)


def test_a_perfectly_known_distribution_scores_as_it_must(holdout: Holdout) -> None:
    assert holdout.coverage_80[1] == pytest.approx(0.8, abs=0.02)
    assert holdout.coverage_50[1] == pytest.approx(0.5, abs=0.02)
    assert holdout.rmse == pytest.approx((1.0, 1.0), abs=0.04)
    # Two independent normal draws lie sqrt(2) apart, in the mean of squares.
    assert holdout.baseline_rmse["ridge"] == pytest.approx((2**0.5, 2**0.5), abs=0.05)
    assert judge(holdout).passes


def test_the_gate_names_the_baseline_that_is_not_beaten(holdout: Holdout) -> None:
    beaten_by = replace(holdout, baseline_rmse={**holdout.baseline_rmse, "ridge": (0.5, 0.5)})
    gate = judge(beaten_by)
    assert not gate.passes
    assert gate.reasons == (f"mean RMSE {holdout.mean_rmse:.3f} is not under 0.500 of ridge",)


@pytest.mark.parametrize("covered", [0.6, 0.95])
def test_the_gate_refuses_bands_that_do_not_hold_what_they_say(holdout: Holdout, covered: float) -> None:
    gate = judge(replace(holdout, coverage_80=(covered, covered)))
    assert not gate.passes
    assert f"{covered:.0%}" in gate.reasons[0]


def test_a_score_that_is_not_a_number_passes_no_gate(holdout: Holdout) -> None:
    assert not judge(replace(holdout, rmse=(float("nan"), 1.0))).passes
