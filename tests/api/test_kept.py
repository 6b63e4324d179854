"""A value asked for at most once in a while."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from weather_assets.api.kept import Kept


class Teller:
    """Counts how often it is asked; fails while told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False
        self.now = 0.0

    def ask(self) -> int:
        self.asked += 1
        sleep(0.01)
        if self.fails:
            raise ConnectionError("away")
        return self.asked

    def clock(self) -> float:
        return self.now


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
def kept(teller: Teller) -> Kept[int]:
    return Kept(teller.ask, 10.0, teller.clock)


def test_callers_at_once_share_one_question(teller, kept):
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: kept.get(), range(50))) == {1}
    assert teller.asked == 1


def test_it_is_asked_anew_when_it_is_too_old_or_forgotten(teller, kept):
    teller.now = 9.9
    assert (kept.get(), kept.get()) == (1, 1)
    teller.now += 10.1
    assert kept.get() == 2
    kept.forget()
    assert kept.get() == 3


def test_an_error_is_kept_too_and_passes(teller, kept):
    teller.fails = True
    for _ in range(3):
        with pytest.raises(ConnectionError):
            kept.get()
    assert teller.asked == 1
    teller.fails, teller.now = False, 10.0
    assert kept.get() == 2


def test_an_error_that_is_raised_again_does_not_grow(teller, kept):
    teller.fails = True
    depths = []
    for _ in range(5):
        with pytest.raises(ConnectionError) as caught:
            kept.get()
        depths.append(len(caught.traceback))
    assert len(set(depths)) == 1
