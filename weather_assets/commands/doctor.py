"""`weather doctor`: looks at everything the platform rests on and says what to do. Reads only, prints no secret."""

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.text import Text

from weather_assets.commands.check import Check, Verdict
from weather_assets.commands.check_lake import check_lake, check_s3
from weather_assets.commands.check_services import check_dagster, check_mlflow
from weather_assets.commands.check_surroundings import (
    check_disk,
    check_keys,
    check_programs,
    check_settings,
    check_source,
)
from weather_assets.errors import WeatherError
from weather_assets.settings import Settings

_CHECKS: Sequence[Callable[[Settings], Iterable[Check]]] = (
    check_settings,
    check_keys,
    check_source,
    check_disk,
    check_lake,
    check_s3,
    check_mlflow,
    check_dagster,
    check_programs,
)
_COLOURS = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "red"}


def diagnose(settings: Settings) -> list[Check]:
    """Every check, in an order from the ground up."""
    return [check for look in _CHECKS for check in look(settings)]


def show(checks: Iterable[Check], console: Console) -> None:
    """Print a line per check, with its remedy below; raises WeatherError where one failed."""
    failed = 0
    for check in checks:
        failed += check.verdict is Verdict.FAIL
        mark = (f"{check.verdict.value.upper():<4}", _COLOURS[check.verdict])
        console.print(Text.assemble(mark, f"  {check.subject:<9} {check.text}"), soft_wrap=True)
        if check.remedy:
            console.print(Text.assemble(" " * 16, ("do: ", "bold"), check.remedy), soft_wrap=True)
    if failed:
        raise WeatherError(f"{failed} of the checks failed; what to do stands below each")
