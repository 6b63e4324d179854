"""The harmonic climatology against a curve that is known."""

import numpy as np
import pandas as pd
import pytest

from weather_assets.forecasting.climatology import fit_climatology, knowing_seasons
from weather_assets.forecasting.hours import Floats, Hours, day_angle, hours_of, season_angle
from weather_assets.forecasting.series import observed_series


def known_curve(hours: Hours) -> Floats:
    season, day = season_angle(hours), day_angle(hours)
    return np.asarray(12 - 13 * np.cos(season) + (4 + 2 * np.sin(season)) * np.sin(day))


def observations(days: int, station: int = 108, offset: float = 0.0) -> pd.DataFrame:
    times = pd.Series(pd.date_range("2015-01-01", periods=days * 24, freq="h", tz="UTC"))
    return pd.DataFrame({"station_id": station, "observed_at": times, "value": known_curve(hours_of(times)) + offset})


@pytest.mark.parametrize(("days", "tolerance"), [(3 * 365, 0.2), (450, 0.8)])
def test_a_curve_of_harmonics_is_found_again_years_later(days: int, tolerance: float) -> None:
    climatology = fit_climatology(observed_series(observations(days)))
    later = hours_of(pd.Series(pd.date_range("2021-03-01", periods=500, freq="13h", tz="UTC")))
    found = climatology.at(np.full(500, 108), later)
    np.testing.assert_allclose(found, known_curve(later), atol=tolerance)


def test_a_few_months_give_a_daily_cycle_and_no_invented_season() -> None:
    climatology = fit_climatology(observed_series(observations(120)))
    a_year = hours_of(pd.Series(pd.date_range("2015-01-01", periods=365, freq="24h", tz="UTC")))
    assert np.ptp(climatology.at(np.full(365, 108), a_year)) == pytest.approx(0, abs=1e-9)
    a_day = a_year[0] + np.arange(24)
    assert np.ptp(climatology.at(np.full(24, 108), a_day)) > 5


def test_a_station_that_was_not_fitted_gets_the_mean_of_those_that_were() -> None:
    both = pd.concat([observations(400), observations(400, station=129, offset=6.0)])
    climatology = fit_climatology(observed_series(both))
    hours = np.arange(400_000, 400_048)
    here, there, elsewhere = (climatology.at(np.full(48, station), hours) for station in (108, 129, 999))
    np.testing.assert_allclose(elsewhere, (here + there) / 2)
    np.testing.assert_allclose(there - here, 6.0, atol=1e-6)


def test_a_station_without_seasons_is_left_out_beside_those_with_them() -> None:
    long, short = observations(400), observations(200, station=129)
    assert knowing_seasons(observed_series(pd.concat([long, short]))).station_ids == (108,)
    assert knowing_seasons(observed_series(short)).station_ids == (129,)
