"""What `weather reproduce` says of a version that comes out the same, and of one that does not."""

from contextlib import nullcontext
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace

import pytest
from rich.console import Console

from weather_assets.commands import reproduce as command
from weather_assets.errors import WeatherError
from weather_assets.forecasting.registry import Version
from weather_assets.forecasting.reproduce import Reproduction
from weather_assets.settings import Settings

NAMES = ("trained_through", "data_fingerprint", "known_at", "stations", "estimator")
TAGS = {"lake_snapshot": "41", **dict.fromkeys(NAMES, "")}


def said(monkeypatch: pytest.MonkeyPatch, made: Reproduction) -> str:
    version = Version("air_temperature_c", 3, (), "run", datetime(2021, 1, 1, tzinfo=UTC), TAGS)
    opened: list[object] = []
    monkeypatch.setattr(command, "Registry", lambda _: SimpleNamespace(version=lambda *_: version))
    monkeypatch.setattr(command, "open_lake", lambda *_, **how: opened.append(how) or nullcontext())
    monkeypatch.setattr(command, "reproduce", lambda *_: made)
    console = Console(file=StringIO(), width=200)
    command.show_reproduction(Settings(_env_file=None), "air_temperature_c", 3, console=console, progress=console)
    assert opened == [{"read_only": True, "snapshot": 41}]
    return console.file.getvalue()


def test_the_same_forecasts_are_told_with_the_snapshot(monkeypatch):
    text = said(monkeypatch, Reproduction(identical=True, rows=34_608, largest_difference=0.0, differences=("code",)))
    assert "snapshot 41: 34,608 forecasts are identical, bit for bit" in text
    assert "Not as recorded: code" in text


def test_other_forecasts_are_a_failure_that_says_how_far_apart(monkeypatch):
    made = Reproduction(identical=False, rows=48, largest_difference=0.25, differences=())
    with pytest.raises(WeatherError, match=r"up to 0\.25 apart in 48 forecasts; nothing recorded differs"):
        said(monkeypatch, made)
