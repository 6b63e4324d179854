"""Loss of skill: whether a champion's scores are still what its hold-out promised, beside persistence.

What was promised is a share of persistence's score saved, so a hard week is no loss of skill: persistence has it too.
A champion that is broken, far outside its expected error and worse than persistence, is lost without a test.
"""

from dataclasses import dataclass

import numpy as np

from weather_assets.forecasting.broken import BROKEN_FACTOR, is_broken
from weather_assets.forecasting.paired import ScoreBlocks
from weather_assets.forecasting.registry import SCORE_TAG, SKILL_TAG, Version
from weather_assets.forecasting.sequential import BLOCK_DAYS, LARGEST_BET, evidence

SLACK = 0.15
"""How much less than promised may be saved, as a share of persistence's score: seasons differ by about 0.1."""

LONGEST_BLOCKS = 45
"""A loss is looked for in the last 90 days."""

ALARM = 1000.0
"""Evidence, begun anew at every block, at which skill counts as lost. While nothing is lost the sum of such capitals
grows by at most 1 per block on average, so on average at least this many blocks (5 years) pass until a false alarm:
Shin, Ramdas and Rinaldo (2023), "E-detectors", arXiv 2203.03532."""


@dataclass(frozen=True)
class Loss:
    """The strongest evidence of a loss, and the means it rests on."""

    evidence: float
    blocks: int
    score: float
    promised: float
    persistence: float
    is_broken: bool = False

    @property
    def is_lost(self) -> bool:
        """The decision."""
        return self.is_broken or self.evidence >= ALARM

    @property
    def words(self) -> str:
        """Both sides, and how strong the evidence is."""
        return (
            f"over {self.blocks * BLOCK_DAYS} days its score is {self.score:.2f}, promised {self.promised:.2f}, "
            f"persistence {self.persistence:.2f} ({self._how_sure})"
        )

    @property
    def _how_sure(self) -> str:
        broken = f"over {BROKEN_FACTOR:.0f} times its usual score; " if self.is_broken else ""
        return f"{broken}evidence {self.evidence:.3g}, alarm at {ALARM:.0f}"


def loss_of(blocks: ScoreBlocks, version: Version) -> Loss:
    """Judge the blocks by what the version's hold-out promised."""
    promised_share, usual = 1 - float(version.tags[SKILL_TAG]), float(version.tags[SCORE_TAG])
    gains = (blocks.score - (promised_share + SLACK) * blocks.persistence) / usual
    # More than this is not counted anyway, and would make the bets timid.
    counted = np.clip(gains, -1 / LARGEST_BET, 1 / LARGEST_BET)
    begun = [float(evidence(counted[start:])[-1]) for start in range(len(counted))]
    start = int(np.argmax(begun)) if begun else 0
    kept = slice(start, None)
    if not begun:
        return Loss(1.0, 0, np.nan, np.nan, np.nan)
    persistence = float(blocks.persistence[kept].mean())
    return Loss(
        evidence=begun[start],
        blocks=len(gains) - start,
        score=float(blocks.score[kept].mean()),
        promised=promised_share * persistence,
        persistence=persistence,
        is_broken=is_broken(blocks, usual),
    )
