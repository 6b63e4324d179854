"""`weather reproduce`: is a registered version what its record says it was made from?"""

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from weather_assets.errors import WeatherError
from weather_assets.forecasting.registry import Registry
from weather_assets.forecasting.reproduce import reproduce, snapshot_of
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings


def show_reproduction(settings: Settings, target: str, number: int, *, console: Console, progress: Console) -> None:
    """Train a version again and compare; raises WeatherError where the forecasts are not the same, bit for bit."""
    registry = Registry(settings)
    version = registry.version(target, number)
    snapshot = snapshot_of(version)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=progress, transient=True) as bar:
        task = bar.add_task("opening the lake", total=None)
        with open_lake(settings, read_only=True, snapshot=snapshot) as lake:
            made = reproduce(lake, registry, version, lambda text: bar.update(task, description=text))
    for difference in made.differences:
        console.print(f"[yellow]Not as recorded: {difference}")
    if not made.identical:
        raise WeatherError(
            f"{target} version {number} trained again from snapshot {snapshot} forecasts otherwise: up to "
            f"{made.largest_difference:.3g} apart in {made.rows:,} forecasts; "
            f"{'see what differs above' if made.differences else 'nothing recorded differs, so report this'}"
        )
    console.print(
        f"{target} version {number}, trained again from snapshot {snapshot}: "
        f"{made.rows:,} forecasts are identical, bit for bit."
    )
