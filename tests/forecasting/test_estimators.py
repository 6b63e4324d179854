"""The table of estimators, and models that are saved and read without knowing their kind."""

import json
from pathlib import Path

import pytest

from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.estimators import ESTIMATORS, estimator_for, load_model, save_model
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.promotion import recipe_id
from weather_assets.forecasting.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_every_target_has_an_estimator_of_its_kind(target):
    estimator = estimator_for(target)
    assert estimator.kind == target.kind
    assert ESTIMATORS[estimator.name] is estimator
    assert json.dumps(dict(estimator.recipe()))


def test_an_estimator_of_another_kind_is_refused():
    with pytest.raises(UsageError, match="no estimator rain_boosting for air_temperature_c; choose among hourly_blend"):
        estimator_for(TARGETS["air_temperature_c"], "rain_boosting")


def test_recipes_differ_by_estimator_and_features():
    recipes = {
        recipe_id(estimator, features) for estimator in ESTIMATORS.values() for features in (["one"], ["one", "other"])
    }
    assert len(recipes) == 2 * len(ESTIMATORS)


def test_a_model_is_read_without_knowing_its_estimator(forecaster: Forecaster, tmp_path: Path):
    save_model(forecaster, tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert loaded.estimator == "hourly_blend"
    assert loaded.target == forecaster.target
    assert loaded.holdout == forecaster.holdout


def test_a_model_of_an_estimator_that_is_gone_is_refused(tmp_path: Path):
    (tmp_path / "estimator.json").write_text('{"estimator": "gone"}', encoding="utf-8")
    with pytest.raises(WeatherError, match="estimator 'gone', which is not there: train again"):
        load_model(tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path):
    with pytest.raises(WeatherError, match="holds no whole model: train again"):
        load_model(tmp_path)
