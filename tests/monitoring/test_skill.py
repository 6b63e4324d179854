"""Loss of skill: the level of the test on simulated scores, and its words on given ones."""

from datetime import UTC, datetime

import numpy as np
import pytest

from weather_assets.forecasting.paired import ScoreBlocks
from weather_assets.forecasting.registry import Version
from weather_assets.forecasting.sequential import evidence
from weather_assets.monitoring.skill import ALARM, LONGEST_BLOCKS, SLACK, loss_of

YEARS, RUNS, BLOCKS_PER_YEAR = 2, 300, 182


def version(skill: float = 0.4, score: float = 1.2) -> Version:
    tags = {"holdout_skill": str(skill), "holdout_score": str(score)}
    return Version("air_temperature_c", 1, ("champion",), "run", datetime(2021, 1, 1, tzinfo=UTC), tags)


def correlated_blocks(spread: float) -> np.ndarray:
    """Means over 48 hours of AR(0.9) noise of an hourly standard deviation, runs x blocks."""
    random = np.random.default_rng(11)
    noise = np.zeros(RUNS)
    blocks = np.zeros((RUNS, YEARS * BLOCKS_PER_YEAR))
    for hour in range(blocks.shape[1] * 48):
        noise = 0.9 * noise + np.sqrt(1 - 0.9**2) * random.standard_normal(RUNS)
        blocks[:, hour // 48] += spread * noise / 48
    return blocks


@pytest.mark.parametrize("spread", [0.1, 0.3])
def test_looking_after_every_block_alarms_falsely_as_seldom_as_promised(spread: float) -> None:
    """At the very edge of what is allowed: mean gain 0. The bound is the number of blocks over ALARM."""
    gains = np.clip(correlated_blocks(spread), -1 / 8, 1 / 8)
    blocks = gains.shape[1]
    alarmed = np.zeros(RUNS, dtype=bool)
    for start in range(blocks):
        alarmed |= (evidence(gains[:, start : start + LONGEST_BLOCKS]) >= ALARM).any(axis=1)
    assert alarmed.mean() <= blocks / ALARM


def test_a_promise_kept_is_no_loss() -> None:
    persistence = np.full(45, 2.0)
    loss = loss_of(ScoreBlocks(0.6 * persistence, persistence), version())
    assert not loss.is_lost
    assert loss.promised == pytest.approx(1.2)


@pytest.mark.parametrize(("share", "lost"), [(0.6 + SLACK - 0.01, False), (0.6 + SLACK + 0.25, True)])
def test_what_is_lost_counts_beyond_the_slack(share: float, lost: bool) -> None:
    persistence = 2.0 + 0.5 * np.sin(np.arange(20))
    assert loss_of(ScoreBlocks(share * persistence, persistence), version()).is_lost is lost


def test_a_loss_after_a_good_season_is_dated_from_its_beginning() -> None:
    persistence = np.full(45, 2.0)
    score = np.where(np.arange(45) < 25, 1.1, 2.2)
    loss = loss_of(ScoreBlocks(score, persistence), version())
    assert loss.is_lost
    assert loss.blocks == 20
    assert loss.words.startswith("over 40 days its score is 2.20, promised 1.20, persistence 2.00")


@pytest.mark.parametrize(
    ("scores", "persistence", "lost"),
    [
        ([1.2, 5.0, 5.0], 2.0, True),
        ([5.0], 2.0, False),  # one block alone may be a cold spell
        ([5.0, 1.2, 1.2], 2.0, False),
        ([4.7, 4.7], 2.0, False),  # under four times 1.2
        ([5.0, 5.0], 6.0, False),  # nobody could have known
    ],
)
def test_a_broken_champion_is_lost_after_two_blocks(scores: list[float], persistence: float, lost: bool) -> None:
    loss = loss_of(ScoreBlocks(np.array(scores), np.full(len(scores), persistence)), version())
    assert loss.evidence < ALARM
    assert loss.is_lost is lost
    assert ("over 4 times its usual score" in loss.words) is lost


def test_no_blocks_say_nothing() -> None:
    loss = loss_of(ScoreBlocks(np.empty(0), np.empty(0)), version())
    assert (loss.is_lost, loss.blocks) == (False, 0)
