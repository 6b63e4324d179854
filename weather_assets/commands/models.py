"""`weather models`, `promote`, `rollback`: the registered versions and what becomes of them."""

from collections.abc import Callable

from rich.console import Console

from weather_assets.clock import KST
from weather_assets.commands.output import print_json
from weather_assets.forecasting.by_hand import promote_by_hand, roll_back_by_hand
from weather_assets.forecasting.registry import CHAMPION, DECISION_TAG, SKILL_TAG, THROUGH_TAG, Registry, Version
from weather_assets.forecasting.review import Review, record
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.open import open_if_there
from weather_assets.settings import Settings

_SHOWN_TAGS = {"trained through": THROUGH_TAG, "hold-out skill": SKILL_TAG, "decision:": DECISION_TAG}


def show_models(settings: Settings, *, as_json: bool, console: Console) -> None:
    """List the versions of every target, newest first."""
    registry = Registry(settings)
    versions = [version for target in TARGETS for version in registry.versions(target)] if registry.exists() else []
    if as_json:
        print_json(console, [_record(version) for version in versions])
        return
    for version in versions:
        when = f"{version.registered_at.astimezone(KST):%Y-%m-%d %H:%M}"
        aliases = f" [bold]{', '.join(version.aliases)}[/bold]" if version.aliases else ""
        facts = ", ".join(f"{name} {version.tags[tag]}" for name, tag in _SHOWN_TAGS.items() if tag in version.tags)
        console.print(f"{version.target} version {version.number}{aliases}, registered {when} KST: {facts}")
    if not versions:
        console.print("No model is registered yet; train some with weather train.")


def promote(settings: Settings, target: str, number: int, console: Console) -> None:
    """Make a version the champion by hand."""
    _move(settings, lambda registry: promote_by_hand(registry, target, number))
    console.print(f"{target}: version {number} is champion now; weather rollback {target} undoes it.")


def roll_back(settings: Settings, target: str, console: Console) -> None:
    """Make the former champion champion again."""
    registry = _move(settings, lambda registry: roll_back_by_hand(registry, target))
    champion = registry.with_alias(target, CHAMPION)
    console.print(f"{target}: version {champion.number if champion else '?'} is champion again.")


def _move(settings: Settings, move: Callable[[Registry], Review]) -> Registry:
    """Move a champion and keep the decision with those of the reviews; versions may be there without a lake.

    The lake is opened first: a move that cannot be written down is better not begun.
    """
    registry = Registry(settings)
    with open_if_there(settings) as lake:
        made = move(registry)
        if lake is not None:
            record(lake, made)
    return registry


def _record(version: Version) -> dict[str, object]:
    return {
        "target": version.target,
        "version": version.number,
        "aliases": list(version.aliases),
        "registered_at": version.registered_at.astimezone(KST).isoformat(),
        "run_id": version.run_id,
        **version.tags,
    }
