"""What paired scores say about a challenger: promote, retire or wait. Pure rules, the same for every kind of target."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.sequential import BLOCK_DAYS, THRESHOLD, strongest

REFRESH_MARGIN = 0.05
"""A refresh is promoted when it is shown to lose less than this share of the champion's usual score."""

LONGEST_REFRESH_TRIAL, LONGEST_RECIPE_TRIAL = 45, 90
"""Blocks after which an undecided challenger goes: 90 days for a refresh, 180 for a new recipe."""

Outcome = Literal["promote", "retire", "wait"]


@dataclass(frozen=True)
class Verdict:
    """A decision on a challenger and its evidence.

    `mean_gain` is the mean over the blocks, as a share of the champion's usual score; `e_value` the most evidence for
    the challenger, `e_value_against` the most against it. NaN where there is no block yet.
    """

    outcome: Outcome
    blocks: int
    mean_gain: float
    e_value: float
    e_value_against: float
    reason: str


def judge_challenger(gains: Floats, *, is_refresh: bool) -> Verdict:
    """Decide on block means (B,) of champion's less challenger's score, as shares of the champion's usual score.

    A refresh must be shown to lose less than REFRESH_MARGIN, a new recipe to gain anything at all. Either goes when the
    opposite is shown, or when so many blocks could not tell.
    """
    shifted = gains + (REFRESH_MARGIN if is_refresh else 0.0)
    evidence_for, evidence_against = strongest(shifted), strongest(-shifted)
    outcome, words = _outcome(evidence_for, evidence_against, len(gains), is_refresh=is_refresh)
    mean = float(np.mean(gains)) if len(gains) else float("nan")
    seen = f"{len(gains)} blocks of {BLOCK_DAYS} days"
    said = f"{seen}, mean gain {mean:+.1%}, evidence {evidence_for:.1f} for and {evidence_against:.1f} against"
    return Verdict(
        outcome, len(gains), mean, evidence_for, evidence_against, f"{words} ({said})" if len(gains) else words
    )


def _outcome(evidence_for: float, evidence_against: float, blocks: int, *, is_refresh: bool) -> tuple[Outcome, str]:
    margin, longest = f"{REFRESH_MARGIN:.0%}", LONGEST_REFRESH_TRIAL if is_refresh else LONGEST_RECIPE_TRIAL
    if evidence_for >= THRESHOLD:
        shown = f"shown not to be worse by {margin}" if is_refresh else "shown to be better"
        return "promote", f"{'a refresh' if is_refresh else 'a new recipe'} {shown}"
    if evidence_against >= THRESHOLD:
        return "retire", f"shown to be worse{f' by more than {margin}' if is_refresh else ''}"
    if blocks >= longest:
        return "retire", f"not told apart from the champion within {longest * BLOCK_DAYS} days"
    return "wait", "not decided yet" if blocks else "no block of paired scores is complete yet"
