"""The sequential test: worked by hand, never fooled by the future, and its level under daily looks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weather_assets.forecasting.sequential import BLOCK_DAYS, LARGEST_BET, THRESHOLD, evidence, strongest

GAINS = arrays(np.float64, st.integers(1, 40), elements=st.floats(-5, 5))


def test_three_blocks_by_hand() -> None:
    # Nothing is bet on the first block. Then mean 0.1 / 3 over mean square (0.01 + 0.02) / 3, and so on.
    second = (0.1 / 3) / (0.03 / 3)
    third = (0.15 / 4) / (0.0325 / 4)
    expected = [1.0, 1 + second * 0.05, (1 + second * 0.05) * (1 - third * 0.02)]
    assert evidence(np.array([0.1, 0.05, -0.02])) == pytest.approx(expected)


def test_a_forecaster_that_is_always_worse_never_gathers_evidence() -> None:
    assert strongest(np.full(100, -0.05)) == 1.0
    assert strongest(np.empty(0)) == 1.0


def test_a_steady_gain_of_five_per_cent_is_shown() -> None:
    assert strongest(np.full(30, 0.05)) > THRESHOLD


@given(GAINS)
def test_capital_is_never_negative_and_grows_at_most_twofold_in_a_block(gains: np.ndarray) -> None:
    capital = np.concatenate([[1.0], evidence(gains)])
    assert (capital >= 0).all()
    assert (capital[1:] <= 2 * capital[:-1] + 1e-12).all()


@given(GAINS, st.floats(-5, 5))
def test_later_blocks_do_not_change_what_earlier_ones_said(gains: np.ndarray, later: float) -> None:
    np.testing.assert_array_equal(evidence(np.append(gains, later))[:-1], evidence(gains))


@given(GAINS.filter(lambda gains: (np.abs(gains) <= 1 / LARGEST_BET).all()), st.integers(0, 39))
def test_a_fair_coin_on_any_block_leaves_the_capital_as_it_was(gains: np.ndarray, place: int) -> None:
    """The mean over both sides of a fair block is the capital before it: what makes it a martingale."""
    before = gains[: place % len(gains)]
    sides = [evidence(np.append(before, sign * 0.1))[-1] for sign in (1, -1)]
    assert np.mean(sides) == pytest.approx(evidence(before)[-1] if len(before) else 1.0)


@pytest.mark.parametrize("spread", [0.03, 0.1, 0.3])
def test_equal_forecasters_with_lasting_differences_are_told_apart_falsely_in_at_most_5_of_100_years(
    spread: float,
) -> None:
    generator = np.random.default_rng(11)
    memory, years = 0.9, 1500
    noise = generator.normal(0, spread * np.sqrt(1 - memory**2), (365 * 24, years))
    difference = np.empty_like(noise)
    difference[0] = generator.normal(0, spread, years)
    for hour in range(1, len(noise)):
        difference[hour] = memory * difference[hour - 1] + noise[hour]
    hours = 24 * BLOCK_DAYS
    blocks = difference[: len(noise) // hours * hours].reshape(-1, hours, years).mean(axis=1).T
    false = (evidence(blocks).max(axis=1) >= THRESHOLD).mean()
    assert false <= 0.05
