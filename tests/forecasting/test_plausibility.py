"""The gate's rule on errors: honest curves pass, and a model that was given the future is refused."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasting.synthetic import START
from weather_assets.forecasting.model import train
from weather_assets.forecasting.plausibility import implausible
from weather_assets.forecasting.targets import TARGETS

LEADS = tuple(range(1, 49))


@given(memory=st.floats(0.5, 0.995))
def test_the_best_forecast_of_a_fading_memory_is_plausible(memory: float) -> None:
    """The error of the best forecast of an AR(1) process grows as sqrt(1 - memory^2lead)."""
    errors = np.sqrt(1 - memory ** (2 * np.array(LEADS)))
    assert implausible(LEADS, errors, [1.0] * len(LEADS)) == []


def test_the_errors_of_seoul_are_plausible() -> None:
    # Measured on 2018-2020 with a model trained before: temperature at leads 1, 2, 24 and 48 h.
    assert implausible((1, 2, 24, 48), (0.42, 0.67, 2.52, 3.16), (3.54, 3.54, 3.55, 3.58)) == []


@pytest.mark.slow
def test_the_gate_refuses_a_model_that_was_given_a_reading_of_tomorrow(table, observations):
    readings = observations[observations["station_id"] == 108]
    later = readings.assign(
        issued_at=readings["observed_at"] - timedelta(hours=24) + timedelta(minutes=10),
        pressure_trend=readings["value"].astype("float32"),
    )
    leaky = table.merge(later[["station_id", "issued_at", "pressure_trend"]], on=["station_id", "issued_at"])
    forecaster = train(TARGETS["air_temperature_c"], leaky, readings, START + timedelta(days=240))
    assert any("a feature knows the future" in reason for reason in forecaster.gate.reasons)


def test_the_gate_passes_the_same_features_without_it(forecaster):
    assert forecaster.gate.passes, forecaster.gate.reasons


@pytest.mark.parametrize("skill", [0.45, 0.55])
def test_more_skill_at_the_longest_lead_than_weather_prediction_has_is_refused(skill: float) -> None:
    errors = np.linspace(0.8, 1.0, len(LEADS)) * (1 - skill)
    assert bool(implausible(LEADS, errors, [1.0] * len(LEADS))) == (skill > 0.5)
