"""`weather maintain` on a home with a lake and on one without."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from weather_assets.commands.maintain import maintain
from weather_assets.errors import WeatherError
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings


def quiet() -> Console:
    return Console(file=io.StringIO(), width=200)


def test_without_a_lake_one_line_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "none")
    with pytest.raises(WeatherError, match="to maintain; make one with weather backfill or"):
        maintain(settings, console=quiet(), progress=quiet())
    assert not settings.home.exists()


def test_it_prints_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    settings = Settings(_env_file=None, home=tmp_path / "home")
    open_lake(settings, simulated=True).close()
    console = quiet()
    maintain(settings, console=console, progress=quiet())
    said = console.file.getvalue()
    for name in ("lake MiB", "snapshots expired", "runs forgotten", "failed trainings deleted", "disk free GiB"):
        assert f"{name}: " in said
