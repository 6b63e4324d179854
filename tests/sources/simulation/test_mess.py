import numpy as np
import pytest

from weather_assets.sources.simulation.mess import Episode
from weather_assets.sources.simulation.noise import stream

YEARS = 100
HOURS = np.arange(YEARS * 8766)


def test_episodes_come_as_often_and_last_as_long_as_declared() -> None:
    began = Episode(chance_per_week=0.05, shortest_h=12, longest_h=48).began(stream("test"), HOURS)
    active = began > began.min()
    firsts, lengths = np.unique(began[active], return_counts=True)
    # 52.18 weeks a year; the count is binomial.
    expected = 0.05 * 52.18 * YEARS
    assert len(firsts) == pytest.approx(expected, abs=4.0 * np.sqrt(expected))
    assert lengths.max() == 48
    assert np.median(lengths) == pytest.approx(30, abs=2)
    assert (began[active] <= HOURS[active]).all()


def test_an_episode_is_the_same_when_asked_from_its_middle() -> None:
    episode = Episode(chance_per_week=1.0, shortest_h=24, longest_h=48)
    whole = episode.began(5, HOURS[:2_000])
    assert (episode.began(5, HOURS[777:1_500]) == whole[777:1_500]).all()


def test_none_without_a_chance() -> None:
    assert not Episode(chance_per_week=0.0, shortest_h=1, longest_h=9).active(5, HOURS[:5_000]).any()
