"""The width of the bands follows the errors that were known at the hour of issue, and no later ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather_assets.forecasting.inputs import Issues
from weather_assets.forecasting.width import PROBE_EVERY_H, PROBE_LEADS, WINDOW_H, Probes, probe_rows, widths

FIRST = 420_000
HOURS = np.arange(FIRST, FIRST + 40 * 24)
LEADS = np.arange(1, 49)


def issues(hours: np.ndarray, station: int = 108) -> Issues:
    return Issues(np.full(len(hours), station), hours, np.zeros((len(hours), 1), dtype=np.float32))


def probes(sizes: np.ndarray | float, station: int = 108) -> Probes:
    hours = HOURS[HOURS % PROBE_EVERY_H == 0]
    return Probes(np.full(len(hours), station), hours, np.array(PROBE_LEADS), np.full((len(hours), 8), sizes))


def test_errors_as_expected_leave_the_width_alone() -> None:
    np.testing.assert_allclose(widths(issues(HOURS), probes(1.0), LEADS), 1.0)


def test_errors_twice_as_large_widen_towards_twice_as_they_become_known() -> None:
    found = widths(issues(HOURS), probes(2.0), LEADS)
    # Nothing is verified in the first hour; later ten days of doubled errors stand against five days "as expected".
    np.testing.assert_allclose(found[0], 1.0)
    np.testing.assert_allclose(found[-1], (10 * 2 + 5 * 1) / 15, rtol=1e-6)
    # A lead of two days is verified two days later.
    assert found[24, 0] > 1
    assert found[24, 47] == 1


def test_what_lies_before_the_window_is_forgotten() -> None:
    sizes = np.ones((len(HOURS) // PROBE_EVERY_H, 8))
    sizes[: 5 * 24 // PROBE_EVERY_H] = 9.0
    found = widths(issues(HOURS), probes(sizes), LEADS)
    assert found[8 * 24].min() > 2
    np.testing.assert_allclose(found[5 * 24 + WINDOW_H + max(PROBE_LEADS) :], 1.0)


def test_each_station_has_its_own() -> None:
    np.testing.assert_allclose(widths(issues(HOURS, station=129), probes(5.0), LEADS), 1.0)


def test_probes_without_truth_say_nothing() -> None:
    np.testing.assert_allclose(widths(issues(HOURS), probes(np.nan), LEADS), 1.0)


def test_issue_hours_that_are_forecast_again_are_every_third() -> None:
    assert list(HOURS[probe_rows(issues(HOURS))] % PROBE_EVERY_H) == [0] * (len(HOURS) // PROBE_EVERY_H)


@settings(deadline=None)
@given(place=st.integers(0, len(HOURS) - 1), factor=st.floats(2, 50))
def test_errors_that_are_valid_later_change_nothing(place: int, factor: float) -> None:
    made = probes(1.5)
    valid = made.issue_hours[:, None] + made.leads
    later = Probes(
        made.station_ids, made.issue_hours, made.leads, np.where(valid > HOURS[place], factor, 1.0) * made.sizes
    )
    asked = issues(HOURS[: place + 1])
    assert widths(asked, later, LEADS) == pytest.approx(widths(asked, made, LEADS))
