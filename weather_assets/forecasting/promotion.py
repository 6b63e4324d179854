"""What becomes of a newly trained version: champion, challenger, one that waits, or neither.

One challenger is on trial at a time, so that its evidence is never thrown away: a version that passes the gate
meanwhile waits, and the newest that waits is next (see `review`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from weather_assets.forecasting.estimators import Estimator, TrainedModel
from weather_assets.forecasting.registry import (
    CHALLENGER,
    CHAMPION,
    DECISION_TAG,
    RECIPE_TAG,
    SCORE_TAG,
    SKILL_TAG,
    THROUGH_TAG,
    Registry,
    Version,
)
from weather_assets.forecasting.succession import STATUS_TAG, WAITING, challenge, promote

Place = Literal["champion", "challenger", "waiting", "none"]


@dataclass(frozen=True)
class Decision:
    """The place a version gets, and why."""

    place: Place
    reason: str


@dataclass(frozen=True)
class Origin:
    """What a version was made with and from."""

    recipe: str
    trained_through: datetime


def recipe_id(estimator: Estimator, feature_names: Sequence[str]) -> str:
    """Short name of how models are made now: the same for two trainings that differ by their data only."""
    text = json.dumps(
        {"estimator": estimator.name, "recipe": dict(estimator.recipe()), "features": list(feature_names)},
        sort_keys=True,
        default=list,
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def decide(new: Origin, failures: Sequence[str], champion: Origin | None, *, on_trial: bool) -> Decision:
    """Decide on a version from what its gate found wrong (nothing if it passed), and who is there already."""
    if failures:
        return Decision("none", f"gate not passed: {'; '.join(failures)}")
    if champion is None:
        return Decision("champion", "gate passed, first version of its target")
    if new.trained_through < champion.trained_through:
        return Decision("none", "gate passed, but trained on less than the champion: kept without an alias")
    what = "a refresh" if new.recipe == champion.recipe else "a new recipe"
    if on_trial:
        return Decision("waiting", f"gate passed, {what}: waits until the challenger on trial is decided on")
    return Decision("challenger", f"gate passed, {what}: forecasts beside the champion until {_needed(new, champion)}")


def _needed(new: Origin, champion: Origin) -> str:
    return "it is shown not to be worse" if new.recipe == champion.recipe else "it is shown to be better"


def admit(
    registry: Registry, model: TrainedModel, recipe: str, provenance: Mapping[str, str], failures: Sequence[str] = ()
) -> tuple[Version, Decision]:
    """Register a trained model (inside its MLflow run), decide on it and move the aliases.

    `provenance` are tags that say what it was made from, `failures` what else than its scores speaks against it.
    """
    target, new = model.target.name, Origin(recipe, model.trained_through)
    champion = registry.with_alias(target, CHAMPION)
    on_trial = registry.with_alias(target, CHALLENGER) is not None
    against = [*failures, *model.gate.reasons]
    decision = decide(new, against, origin_of(champion) if champion else None, on_trial=on_trial)
    tags = {
        **provenance,
        THROUGH_TAG: new.trained_through.isoformat(),
        RECIPE_TAG: recipe,
        SKILL_TAG: f"{model.holdout.crps_skill:.4f}",
        SCORE_TAG: f"{model.holdout.mean_crps:.6g}",
        DECISION_TAG: decision.reason,
    }
    version = registry.register(model, tags)
    _take(registry, version, decision)
    return version, decision


def _take(registry: Registry, version: Version, decision: Decision) -> None:
    """Give the version its place."""
    if decision.place == "champion":
        promote(registry, version, decision.reason)
    elif decision.place == "challenger":
        challenge(registry, version, decision.reason)
    elif decision.place == "waiting":
        registry.tag(version, {STATUS_TAG: WAITING})


def origin_of(version: Version) -> Origin:
    """What the tags of a version say."""
    return Origin(version.tags[RECIPE_TAG], datetime.fromisoformat(version.tags[THROUGH_TAG]))
