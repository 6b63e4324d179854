"""What is decided on a challenger: by the evidence, by the kind of it, and by the time it has had."""

import numpy as np
import pytest

from weather_assets.forecasting.trial import LONGEST_RECIPE_TRIAL, LONGEST_REFRESH_TRIAL, judge_challenger


def gains(mean: float, blocks: int, spread: float = 0.02) -> np.ndarray:
    """Blocks that go up and down about a mean."""
    return mean + spread * np.resize([1, -1], blocks)


@pytest.mark.parametrize(
    ("mean", "blocks", "is_refresh", "outcome", "words"),
    [
        (0.0, 0, True, "wait", "no block of paired scores"),
        (0.0, 5, True, "wait", "not decided yet"),
        (0.0, 40, True, "promote", "a refresh shown not to be worse by 5%"),
        (0.0, 40, False, "wait", "not decided yet"),
        (0.0, LONGEST_RECIPE_TRIAL, False, "retire", "not told apart from the champion within 180 days"),
        (-0.05, LONGEST_REFRESH_TRIAL, True, "retire", "not told apart from the champion within 90 days"),
        (0.05, 40, False, "promote", "a new recipe shown to be better"),
        (-0.10, 40, True, "retire", "shown to be worse by more than 5%"),
        (-0.05, 40, False, "retire", "shown to be worse"),
    ],
)
def test_verdicts(mean: float, blocks: int, is_refresh: bool, outcome: str, words: str) -> None:
    verdict = judge_challenger(gains(mean, blocks), is_refresh=is_refresh)
    assert verdict.outcome == outcome
    assert verdict.reason.startswith(words)
    assert verdict.blocks == blocks


def test_the_evidence_stands_in_the_words() -> None:
    verdict = judge_challenger(gains(0.05, 40), is_refresh=False)
    assert "40 blocks of 2 days, mean gain +5.0%" in verdict.reason
    assert verdict.mean_gain == pytest.approx(0.05)
    assert verdict.e_value > 20 > verdict.e_value_against
