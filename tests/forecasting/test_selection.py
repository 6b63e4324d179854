"""What is left out, and what is not."""

import numpy as np

from weather_assets.forecasting.inputs import Issues
from weather_assets.forecasting.selection import select

ROWS = 4000


def made(station: int = 108) -> tuple[Issues, np.ndarray]:
    """Six features: the own reading, a whole one, then four known in 0, 30, 30 and 60 % of hours; the second tells."""
    generator = np.random.default_rng(6)
    features = generator.normal(size=(ROWS, 6)).astype(np.float32)
    anomalies = np.repeat(features[:, [3]], 48, axis=1) + 0.2 * generator.normal(size=(ROWS, 48)).astype(np.float32)
    for column, known in ((2, 0.0), (3, 0.3), (4, 0.3), (5, 0.6)):
        features[generator.random(ROWS) >= known, column] = np.nan
    return Issues(np.full(ROWS, station), 400_000 + np.arange(ROWS), features), anomalies


def test_what_is_mostly_unknown_is_left_out_unless_it_tells_much() -> None:
    issues, anomalies = made()
    selection = select(issues, anomalies, own=0)
    assert selection.names(["own", "whole", "never", "telling", "silent", "often"]) == {"108": ["never", "silent"]}


def test_the_own_reading_is_always_used() -> None:
    issues, anomalies = made()
    assert not select(issues, anomalies, own=2).left_out[0, 2]


def test_each_station_is_judged_for_itself_and_an_unknown_one_uses_all() -> None:
    here, anomalies = made()
    features = here.features.copy()
    features[np.isnan(features)] = 0.0
    both = Issues(np.repeat([108, 129], ROWS), np.tile(here.issue_hours, 2), np.concatenate([here.features, features]))
    selection = select(both, np.concatenate([anomalies, anomalies]), own=0)
    assert list(selection.left_out.sum(axis=1)) == [2, 0]
    elsewhere = Issues(np.full(ROWS, 999), here.issue_hours, features)
    np.testing.assert_array_equal(selection.applied(elsewhere).features, features)
    assert np.isnan(selection.applied(Issues(here.station_ids, here.issue_hours, features)).features[:, 4]).all()
