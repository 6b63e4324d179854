"""Samples of the drift test: seasons taken out, days apart, the same season of earlier years."""

import numpy as np
import pandas as pd
import pytest

from weather_assets.monitoring.drift.samples import (
    ELEMENTS,
    LEAST_YEARS,
    STEP_DAYS,
    WINDOW_DAYS,
    Samples,
    first_day_needed,
    samples,
)

WEEK = pd.Timestamp("2021-03-01").date()
LAST_DAY = pd.Timestamp("2021-03-07")
TEMPERATURE = "air_temperature_c"


def daily(first: str = "2010-01-01", noise: float = 1.0) -> pd.DataFrame:
    """A season and noise for every element, up to the end of the week."""
    days = pd.date_range(first, LAST_DAY)
    season = 12 - 14 * np.cos(2 * np.pi * (days.dayofyear.to_numpy() - 20) / 365.2425)
    random = np.random.default_rng(3)
    return pd.DataFrame({e.name: season + noise * random.standard_normal(len(days)) for e in ELEMENTS}, index=days)


def test_the_season_is_taken_out() -> None:
    made = samples(daily(noise=1e-6), WEEK)
    assert made.current.abs().max().max() < 0.2  # the season repeats after 365.2425 days, calendar years do not
    assert made.reference.abs().max().max() < 0.2


def test_the_window_and_the_reference_years_are_those_of_the_calendar() -> None:
    values = daily(noise=0.0)
    values[TEMPERATURE] = 0.0
    # A mark on each day that counts, in whatever order of years.
    marked = [
        LAST_DAY - pd.DateOffset(years=year) - pd.Timedelta(days=day)
        for year in range(11)
        for day in range(0, WINDOW_DAYS, STEP_DAYS)
    ]
    values.loc[values.index.isin(marked), TEMPERATURE] = 1000.0
    made = samples(values, WEEK)
    per_year = len(range(0, WINDOW_DAYS, STEP_DAYS))
    assert len(made.current[TEMPERATURE].dropna()) == per_year
    assert len(made.reference[TEMPERATURE].dropna()) == 10 * per_year
    # The season fitted to marks is about 250 at most: a day without a mark would lie below zero.
    assert made.reference[TEMPERATURE].min() > 300
    assert made.current[TEMPERATURE].min() > 300


def test_what_lies_in_the_window_does_not_change_the_season() -> None:
    quiet, moved = daily(), daily()
    moved.loc[LAST_DAY - pd.Timedelta(days=WINDOW_DAYS - 1) :, TEMPERATURE] += 5.0
    before, after = samples(quiet, WEEK), samples(moved, WEEK)
    pd.testing.assert_frame_equal(before.reference, after.reference)
    np.testing.assert_allclose(after.current[TEMPERATURE] - before.current[TEMPERATURE], 5.0)


@pytest.mark.parametrize(("years", "judged"), [(LEAST_YEARS, True), (LEAST_YEARS - 1, False)])
def test_too_few_reference_years_are_not_judged(years: int, judged: bool) -> None:
    first = LAST_DAY - pd.DateOffset(years=years) - pd.Timedelta(days=WINDOW_DAYS)
    assert (TEMPERATURE in samples(daily(str(first.date())), WEEK).current) is judged


def test_an_element_that_is_often_missing_now_is_not_judged() -> None:
    values = daily()
    values.iloc[-60:, values.columns.get_loc(TEMPERATURE)] = np.nan
    made: Samples = samples(values, WEEK)
    assert TEMPERATURE not in made.current
    assert "wind_speed_ms" in made.current


def test_ten_years_and_half_a_year_are_asked_for() -> None:
    assert 10 * 365 + WINDOW_DAYS < (WEEK - first_day_needed(WEEK)).days < 10 * 366 + WINDOW_DAYS
