"""The moves of versions between aliases: challenge, promote, retire, roll back. Why one moves is decided elsewhere.

The tag `status` tells of a version what became of it: one that was retired or rolled back never comes back by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, DECISION_TAG, PREVIOUS, Version

STATUS_TAG, PROMOTED_TAG = "status", "promoted_at"
WAITING, ON_TRIAL, PROMOTED, RETIRED, ROLLED_BACK = "waiting", "on trial", "promoted", "retired", "rolled back"


class Versions(Protocol):
    """The part of a registry that moves need."""

    def versions(self, target: str) -> Sequence[Version]:
        """All versions of a target, newest first."""

    def with_alias(self, target: str, alias: str) -> Version | None:
        """The version that bears an alias, if any."""

    def set_alias(self, version: Version, alias: str) -> None:
        """Move an alias to a version."""

    def remove_alias(self, target: str, alias: str) -> None:
        """Take an alias away; no error where nobody bears it."""

    def tag(self, version: Version, tags: Mapping[str, str]) -> None:
        """Write tags of a version."""


def promote(registry: Versions, version: Version, reason: str, *, champion_is_broken: bool = False) -> None:
    """Make a version champion; the former champion becomes `previous`, unless it is broken.

    Nothing is done where the version is champion already.
    """
    champion = registry.with_alias(version.target, CHAMPION)
    if champion is not None and champion.number == version.number:
        return
    if champion is not None and champion_is_broken:
        registry.tag(champion, {STATUS_TAG: ROLLED_BACK, DECISION_TAG: reason})
    elif champion is not None:
        registry.set_alias(champion, PREVIOUS)
    registry.set_alias(version, CHAMPION)
    registry.tag(version, {STATUS_TAG: PROMOTED, PROMOTED_TAG: clock.now().isoformat(), DECISION_TAG: reason})
    if CHALLENGER in version.aliases:
        registry.remove_alias(version.target, CHALLENGER)


def challenge(registry: Versions, version: Version, reason: str) -> None:
    """Let a version forecast beside the champion."""
    registry.set_alias(version, CHALLENGER)
    registry.tag(version, {STATUS_TAG: ON_TRIAL, DECISION_TAG: reason})


def retire(registry: Versions, challenger: Version, reason: str) -> None:
    """End the trial of a challenger for good."""
    registry.remove_alias(challenger.target, CHALLENGER)
    registry.tag(challenger, {STATUS_TAG: RETIRED, DECISION_TAG: reason})


def roll_back(registry: Versions, target: str, reason: str) -> Version:
    """Make the former champion champion again; `previous` becomes who was champion before that one.

    So a second roll-back goes one further into the past and never to the version that was rolled back. Raises
    UsageError where there is no former champion.
    """
    previous, champion = registry.with_alias(target, PREVIOUS), registry.with_alias(target, CHAMPION)
    if previous is None:
        message = f"{target} has no previous champion to return to; weather models lists the versions"
        raise UsageError(message)
    registry.set_alias(previous, CHAMPION)
    if champion is not None:
        registry.tag(champion, {STATUS_TAG: ROLLED_BACK, DECISION_TAG: reason})
    before = _champion_before(registry.versions(target), previous)
    if before is None:
        registry.remove_alias(target, PREVIOUS)
    else:
        registry.set_alias(before, PREVIOUS)
    return previous


def next_in_line(versions: Sequence[Version]) -> Version | None:
    """The newest version that passed its gate while another was on trial, unless a newer one was promoted since."""
    newest_champion = max((v.number for v in versions if CHAMPION in v.aliases), default=0)
    waiting = (v for v in versions if v.tags.get(STATUS_TAG) == WAITING and v.number > newest_champion)
    return max(waiting, key=lambda v: v.number, default=None)


def _champion_before(versions: Sequence[Version], champion: Version) -> Version | None:
    """Who was champion last before a champion was promoted, without those that were rolled back."""
    earlier = [
        version
        for version in versions
        if version.tags.get(STATUS_TAG) == PROMOTED and _promoted_at(version) < _promoted_at(champion)
    ]
    return max(earlier, key=_promoted_at, default=None)


def _promoted_at(version: Version) -> str:
    return version.tags.get(PROMOTED_TAG, "")
