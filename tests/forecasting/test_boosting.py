"""Drawing pairs of an issue time and a lead."""

import numpy as np

from weather_assets.forecasting.boosting import sample_pairs


def test_pairs_are_known_distinct_and_always_the_same() -> None:
    known = np.random.default_rng(1).random((500, 6)) < 0.7
    rows, places = sample_pairs(known, 600)
    assert known[rows, places].all()
    assert len(set(zip(rows.tolist(), places.tolist(), strict=True))) == 600
    np.testing.assert_array_equal(sample_pairs(known, 600), (rows, places))


def test_weights_share_the_pairs_out_among_the_leads() -> None:
    _, places = sample_pairs(np.ones((1000, 3), dtype=np.bool_), 600, weights=np.array([3.0, 2.0, 1.0]))
    assert np.bincount(places).tolist() == [300, 200, 100]


def test_no_more_pairs_are_drawn_than_there_are() -> None:
    known = np.zeros((50, 4), dtype=np.bool_)
    known[:10, 1] = True
    rows, places = sample_pairs(known, 10_000)
    assert rows.tolist() == list(range(10))
    assert places.tolist() == [1] * 10
