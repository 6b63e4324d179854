"""A test of paired scores that may be looked at after every block, for as long as one likes, and still holds its level.

Capital is bet on every block that one forecaster will beat the other. While it does not, the capital is a
supermartingale, and by Ville's inequality it ever grows twentyfold with a probability of at most 1/20: Waudby-Smith and
Ramdas (2024), "Estimating means of bounded random variables by betting", arXiv 2010.09686; for forecasters Choe and
Ramdas, "Comparing sequential forecasters", arXiv 2110.00115. Blocks must be long against the memory of the weather:
those of one day break the level, those of two days hold it (benchmarks/promotion.py).
"""

import numpy as np

from weather_assets.forecasting.hours import Floats

BLOCK_DAYS = 2
THRESHOLD = 20.0
"""Evidence at which is decided: 1 / 0.05."""

LARGEST_BET = 8.0
"""Most that is bet, as a share of the capital per unit of gain: a loss of an eighth of the usual score takes it all."""

# What is believed before anything was seen: no gain, blocks that scatter by a tenth of the usual score.
_PRIOR_BLOCKS, _PRIOR_SPREAD = 2, 0.1


def evidence(gains: Floats) -> Floats:
    """Return the capital (..., B) after each block, 1 before the first, that says the mean gain is above 0.

    `gains` (..., B) are means over blocks in order, as shares of the usual score. Each bet is made of the blocks before
    it alone: the mean gain over its mean square, the growth-optimal bet for what was seen. A gain counts up to an
    eighth of the usual score, either way: exact where gains scatter evenly, and on the safe side where the tail of the
    good blocks is the longer one.
    """
    seen = np.arange(gains.shape[-1]) + _PRIOR_BLOCKS
    mean = (np.cumsum(gains, axis=-1) - gains) / seen
    squares = np.square(gains)
    mean_square = (np.cumsum(squares, axis=-1) - squares + _PRIOR_BLOCKS * _PRIOR_SPREAD**2) / seen
    bets = np.clip(mean / mean_square, 0.0, LARGEST_BET)
    counted = np.clip(gains, -1 / LARGEST_BET, 1 / LARGEST_BET)
    return np.asarray(np.cumprod(1 + bets * counted, axis=-1))


def strongest(gains: Floats) -> float:
    """Return the most evidence that any number of the blocks (B,) gave; 1 where there is none."""
    return float(np.max(evidence(gains), initial=1.0))
