"""When a champion is not merely worse than it was but broken, so that nobody need wait for a test to be sure."""

from weather_assets.forecasting.hours import Floats
from weather_assets.forecasting.paired import ScoreBlocks

BROKEN_FACTOR, BROKEN_BLOCKS = 4.0, 2
"""Far outside its expected error is a mean score of the last blocks so many times that of the hold-out: the worst four
days of 2021 in Seoul, a cold spell, came to 2.5 times."""


def is_far_off(scores: Floats, usual: float) -> bool:
    """Whether the newest of the mean scores (B,) of blocks in order say so; not while there are too few."""
    return len(scores) >= BROKEN_BLOCKS and float(scores[-BROKEN_BLOCKS:].mean()) > BROKEN_FACTOR * usual


def is_broken(blocks: ScoreBlocks, usual: float) -> bool:
    """Whether a champion is far off in days that were no surprise: persistence did better in each block."""
    return is_far_off(blocks.score, usual) and bool((blocks.score > blocks.persistence)[-BROKEN_BLOCKS:].all())
