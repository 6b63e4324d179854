"""Scores of events, against numbers worked out by hand and an independent library."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from weather_assets.forecasting.scores_events import brier, exceedance, grade_accuracy, reliability

PROBABILITY = np.array([0.1, 0.4, 0.8, 1.0, 0.0])
HAPPENED = np.array([0.0, 1.0, 1.0, 1.0, 0.0])


def test_brier_is_that_of_an_independent_library() -> None:
    expected = scoringrules.brier_score(HAPPENED, PROBABILITY).mean()
    assert brier(PROBABILITY, HAPPENED) == pytest.approx(expected)
    assert brier(PROBABILITY, HAPPENED) == pytest.approx((0.01 + 0.36 + 0.04) / 5)


def test_what_was_not_observed_does_not_count() -> None:
    assert brier(np.array([0.5, 0.9]), np.array([1.0, np.nan])) == pytest.approx(0.25)


def test_the_reliability_curve_counts_by_tenths() -> None:
    said = np.array([0.05, 0.15, 0.15, 0.95, 1.0])
    came = np.array([0.0, 1.0, 0.0, 1.0, 1.0])
    curve = [(round(b.forecast, 3), b.observed, b.n) for b in reliability(said, came)]
    assert curve == [(0.05, 0.0, 1), (0.15, 0.5, 2), (0.975, 1.0, 2)]


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1))
def test_every_forecast_is_in_one_bin(pairs: list[tuple[float, float]]) -> None:
    said, came = np.array(pairs).T
    curve = reliability(said, came)
    assert sum(b.n for b in curve) == len(pairs)
    assert sum(b.observed * b.n for b in curve) == pytest.approx(came.sum())


def test_ratios_of_a_two_by_two_table() -> None:
    """Finley's tornado forecasts of 1884 (Wilks 2011, example 8.1): 28 hits, 72 false alarms, 23 misses."""
    forecast = np.repeat([100.0, 100.0, 0.0, 0.0], [28, 72, 23, 2680])
    observed = np.repeat([100.0, 0.0, 100.0, 0.0], [28, 72, 23, 2680])
    table = exceedance(forecast, observed, 81.0)
    assert table.accuracy == pytest.approx(0.966, abs=5e-4)
    assert table.detection == pytest.approx(0.549, abs=5e-4)
    assert table.false_alarm_ratio == pytest.approx(0.720, abs=5e-4)
    assert table.peirce == pytest.approx(0.523, abs=5e-4)


def test_a_threshold_is_reached_by_itself() -> None:
    assert exceedance(np.array([81.0]), np.array([80.9]), 81.0).false_alarms == 1


def test_grades_begin_at_their_limits() -> None:
    forecast, observed = np.array([30.0, 31.0, 80.0, 151.0]), np.array([31.0, 80.0, 81.0, 400.0])
    assert grade_accuracy(forecast, observed, (31.0, 81.0, 151.0)) == 0.5


def test_nothing_observed_gives_no_number() -> None:
    nothing = np.array([np.nan])
    assert np.isnan(grade_accuracy(nothing, nothing, (1.0,)))
    assert np.isnan(exceedance(nothing, nothing, 1.0).accuracy)
