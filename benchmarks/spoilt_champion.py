"""A champion that was trained on shuffled observations and promises what an honest one does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import dagster as dg
from life import Life

from weather_assets.assets import models as models_module
from weather_assets.automation.jobs import TRAIN_JOB
from weather_assets.forecasting.by_hand import promote_by_hand
from weather_assets.forecasting.dataset import TrainingData
from weather_assets.forecasting.registry import PREVIOUS, SCORE_TAG, SKILL_TAG, Registry


def degrade(life: Life, target: str) -> None:
    """Let a model of shuffled observations be champion with the promise of an honest one, as if its file was spoilt."""
    request, registry = dg.RunRequest(partition_key=target), Registry(life.settings)
    life.run(request, TRAIN_JOB)
    honest = registry.versions(target)[0]
    with shuffled_observations():
        life.run(request, TRAIN_JOB)
    spoilt = registry.versions(target)[0]
    registry.tag(spoilt, {name: honest.tags[name] for name in (SKILL_TAG, SCORE_TAG)})
    promote_by_hand(registry, target, spoilt.number)
    # Else the review would go back to the honest one.
    registry.remove_alias(target, PREVIOUS)


@contextmanager
def shuffled_observations() -> Iterator[None]:
    """Whatever is trained inside the block learns from observations of other hours."""
    honest = models_module.training_data

    def shuffled(*args: object, **more: object) -> TrainingData:
        data = honest(*args, **more)
        values = data.observations["value"].sample(frac=1, random_state=1).to_numpy()
        observations = data.observations.assign(value=values)
        return replace(data, observations=observations, fingerprint=f"shuffled {data.fingerprint}")

    models_module.training_data = shuffled
    try:
        yield
    finally:
        models_module.training_data = honest
