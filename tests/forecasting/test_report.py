"""The page of a backtest: whole in itself, with every picture, for quantiles and for probabilities."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from weather_assets.forecasting.report import evaluation_page
from weather_assets.forecasting.scored import Scored, score_span
from weather_assets.forecasting.targets import TARGETS

DAYS = (date(2020, 3, 26), date(2020, 4, 10))
PICTURES = [
    "Error by lead", "Error by month", "Error by hour of validity", "Reliability",
    "Coverage of the 50 % and 80 % bands by month", "Examples", "Features that matter most",
]  # fmt: skip


@pytest.fixture(scope="module")
def scored(forecaster, table, observations, through) -> Scored:
    issued = table["issued_at"]
    later = (issued > through) & (issued < through + timedelta(days=15))
    return score_span(forecaster, table[issued <= through], table[later], observations)


def test_the_page_needs_nothing_beside_it_and_has_every_picture(scored, forecaster):
    page = evaluation_page(TARGETS["air_temperature_c"], scored, forecaster.importance(), *DAYS)
    for name in PICTURES:
        assert f"<h2>{name}" in page
    assert page.count("<svg") == len(PICTURES) + 2  # three examples
    assert 'src="http' not in page
    assert "기온" in page
    assert "Diebold-Mariano" in page
    assert f"{np.isfinite(scored.observed).sum():,} forecasts" in page


def test_a_probability_has_no_bands(scored):
    event = replace(
        scored,
        quantiles=np.full((*scored.observed.shape, 1), 0.4),
        observed=(scored.observed > 5).astype(float),
        baselines={name: np.full(scored.observed.shape, 0.5) for name in ("persistence", "climatology")},
    )
    page = evaluation_page(TARGETS["rain_probability"], event, {"rain": 1.0}, *DAYS)
    assert "Coverage" not in page
    assert "Brier" in page


def test_without_a_whole_forecast_it_says_so(scored):
    holes = scored.observed.copy()
    holes[:, 0] = np.nan
    page = evaluation_page(TARGETS["air_temperature_c"], replace(scored, observed=holes), {"a": 1.0}, *DAYS)
    assert "No forecast has a reading at every lead" in page
