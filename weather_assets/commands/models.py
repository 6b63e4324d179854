"""`weather models`, `promote`, `rollback`: the registered versions and what becomes of them."""

from rich.console import Console

from weather_assets.clock import KST
from weather_assets.commands.output import print_json
from weather_assets.forecasting.registry import DECISION_TAG, SKILL_TAG, THROUGH_TAG, Registry, Version
from weather_assets.forecasting.targets import TARGETS
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
    registry = Registry(settings)
    registry.promote(registry.version(target, number))
    console.print(f"{target}: version {number} is champion now; weather rollback {target} undoes it.")


def roll_back(settings: Settings, target: str, console: Console) -> None:
    """Make the previous champion champion again."""
    version = Registry(settings).roll_back(target)
    console.print(f"{target}: version {version.number} is champion again.")


def _record(version: Version) -> dict[str, object]:
    return {
        "target": version.target,
        "version": version.number,
        "aliases": list(version.aliases),
        "registered_at": version.registered_at.astimezone(KST).isoformat(),
        "run_id": version.run_id,
        **version.tags,
    }
