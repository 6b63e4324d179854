"""What becomes of a newly trained version: champion, challenger or neither, on the evidence of its hold-out."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.model import RECIPE
from weather_assets.forecasting.registry import (
    CHALLENGER,
    CHAMPION,
    DATA_TAG,
    DECISION_TAG,
    RECIPE_TAG,
    SKILL_TAG,
    THROUGH_TAG,
    Registry,
    Version,
)

REFRESH_MARGIN = 0.05
"""How much less hold-out skill a refresh may show than its champion did on its own hold-out: two hold-outs of the same
recipe differ by that much through the weather alone."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a version offline; `skill` is the CRPS skill against persistence on its hold-out."""

    recipe: str
    skill: float
    trained_through: datetime


@dataclass(frozen=True)
class Decision:
    """The alias a version gets, or None, and why."""

    alias: str | None
    reason: str


def recipe_id(feature_names: Sequence[str]) -> str:
    """Short name of how models are made now: the same for two trainings that differ by their data only."""
    text = json.dumps({"recipe": RECIPE, "features": list(feature_names)}, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def decide(new: Evidence, failures: Sequence[str], champion: Evidence | None) -> Decision:
    """Decide on a version from what its gate found wrong (nothing if it passed) and the present champion."""
    if failures:
        return Decision(None, f"gate not passed: {'; '.join(failures)}")
    if champion is None:
        return Decision(CHAMPION, "gate passed, first version of its target")
    if new.trained_through < champion.trained_through:
        return Decision(None, "gate passed, but trained on less than the champion: kept without an alias")
    if new.recipe != champion.recipe:
        return Decision(CHALLENGER, "gate passed, a new recipe: it must first be shown to be better than the champion")
    if new.skill < champion.skill - REFRESH_MARGIN:
        shortfall = f"hold-out skill {new.skill:.3f} against {champion.skill:.3f} of the champion"
        return Decision(CHALLENGER, f"gate passed, but a refresh that looks worse: {shortfall}")
    return Decision(CHAMPION, "gate passed, a refresh of the same recipe that is not worse")


def admit(registry: Registry, forecaster: Forecaster, *, fingerprint: str, snapshot: int) -> tuple[Version, Decision]:
    """Register a forecaster (inside its MLflow run), decide on it and move the aliases."""
    target = forecaster.target.name
    new = Evidence(recipe_id(forecaster.feature_names), forecaster.holdout.crps_skill, forecaster.trained_through)
    champion = registry.with_alias(target, CHAMPION)
    decision = decide(new, forecaster.gate.reasons, _evidence(champion) if champion else None)
    tags = {
        THROUGH_TAG: forecaster.trained_through.isoformat(),
        DATA_TAG: fingerprint,
        RECIPE_TAG: new.recipe,
        SKILL_TAG: f"{new.skill:.4f}",
        "lake_snapshot": str(snapshot),
        DECISION_TAG: decision.reason,
    }
    version = registry.register(forecaster, tags)
    if decision.alias == CHAMPION:
        registry.promote(version)
    elif decision.alias is not None:
        registry.set_alias(version, decision.alias)
    return version, decision


def _evidence(version: Version) -> Evidence:
    through = datetime.fromisoformat(version.tags[THROUGH_TAG])
    return Evidence(version.tags[RECIPE_TAG], float(version.tags[SKILL_TAG]), through)
