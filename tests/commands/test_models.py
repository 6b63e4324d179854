"""`weather promote` and `rollback`: who is champion afterwards, and what is written down."""

import io
from pathlib import Path

import pytest
from registered import TARGET, two_versions
from rich.console import Console

from weather_assets.commands.models import promote, roll_back
from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.registry import CHAMPION, Registry
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a home with two versions of a target and no lake."""
    settings = Settings(_env_file=None, home=tmp_path / "home")
    two_versions(settings)
    return settings


def champion(settings: Settings) -> int | None:
    version = Registry(settings).with_alias(TARGET, CHAMPION)
    return version.number if version else None


def decisions(settings: Settings) -> list[tuple[str, int, int | None]]:
    with open_lake(settings, read_only=True) as lake:
        rows = lake.query("SELECT decision, champion, challenger FROM lake.monitor.promotion ORDER BY decided_at")
        return rows.fetchall()


def said_of(move: object, *arguments: object) -> str:
    console = Console(file=io.StringIO(), width=200)
    move(*arguments, console)  # type: ignore[operator]
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_move_there_and_back_is_written_down(settings: Settings) -> None:
    open_lake(settings, simulated=True).close()
    assert "version 1 is champion again" in said_of(roll_back, settings, TARGET)
    assert champion(settings) == 1
    assert "version 2 is champion now" in said_of(promote, settings, TARGET, 2)
    assert champion(settings) == 2
    assert decisions(settings) == [("roll back by hand", 2, None), ("promote by hand", 1, None)]


def test_versions_may_be_there_without_a_lake_and_none_is_made(settings: Settings) -> None:
    said_of(roll_back, settings, TARGET)
    assert champion(settings) == 1
    assert not settings.home.joinpath("catalog.sqlite").exists()


def test_nothing_moves_where_it_cannot_be_written_down(settings: Settings) -> None:
    open_lake(settings, simulated=True).close()
    settings.home.joinpath("catalog.sqlite").write_bytes(b"spoilt " * 1000)
    with pytest.raises(WeatherError, match="lake"):
        said_of(roll_back, settings, TARGET)
    assert champion(settings) == 2


def test_a_version_that_is_not_there(settings: Settings) -> None:
    with pytest.raises(UsageError, match="has no version 7"):
        said_of(promote, settings, TARGET, 7)
