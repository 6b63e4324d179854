"""Moves that a person decides on, told as a review tells its own."""

from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION
from weather_assets.forecasting.review import Review
from weather_assets.forecasting.succession import Versions, promote, roll_back
from weather_assets.forecasting.targets import TARGETS

_REASON = "decided by a person"


def promote_by_hand(registry: Versions, target: str, number: int) -> Review:
    """Make a version champion; raises UsageError where there is none such, or it is champion already."""
    _check(target)
    version = next((version for version in registry.versions(target) if version.number == number), None)
    if version is None:
        raise UsageError(f"{target} has no version {number}; weather models lists those there are")
    if CHAMPION in version.aliases:
        raise UsageError(f"{target} version {number} is champion already; weather models lists the others")
    made = _told(registry, target, "promote by hand", f"{_REASON}: version {number} becomes champion")
    promote(registry, version, made.reason)
    return made


def roll_back_by_hand(registry: Versions, target: str) -> Review:
    """Make the former champion champion again; raises UsageError where there is no such target or no former one."""
    _check(target)
    made = _told(registry, target, "roll back by hand", f"{_REASON}: the former champion is champion again")
    roll_back(registry, target, made.reason)
    return made


def _check(target: str) -> None:
    if target not in TARGETS:
        raise UsageError(f"there is no target {target}; choose among {', '.join(TARGETS)}")


def _told(registry: Versions, target: str, decision: str, reason: str) -> Review:
    champion, challenger = registry.with_alias(target, CHAMPION), registry.with_alias(target, CHALLENGER)
    return Review(
        target=target,
        decided_at=clock.now(),
        decision=decision,
        reason=reason,
        champion=champion.number if champion else None,
        challenger=challenger.number if challenger else None,
    )
