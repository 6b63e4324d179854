"""`weather evaluate` where a target is thin: the others are scored, and it is told on the progress console."""

import json
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from weather_assets.commands import evaluate as module
from weather_assets.commands.span import Span
from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting.targets import TARGETS
from weather_assets.settings import Settings


def run(monkeypatch: pytest.MonkeyPatch, targets: list[str], thin: set[str]) -> tuple[list[str], str]:
    """Targets that were scored, and what was said beside."""

    def scores(_: Settings, target: str, *__: object) -> list[dict[str, str]]:
        if target in thin:
            raise TooFewReadingsError("no days of dust")
        return [{"target": target}]

    monkeypatch.setattr(module, "_scores", scores)
    out, said, span = StringIO(), StringIO(), Span(date(2021, 1, 1), date(2021, 12, 31))
    consoles = {"console": Console(file=out, width=200), "progress": Console(file=said, width=200)}
    module.evaluate(Settings(_env_file=None), targets, span, None, [1], **consoles, as_json=True)
    return [row["target"] for row in json.loads(out.getvalue())], said.getvalue()


def test_a_thin_target_that_nobody_named_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    thin = list(TARGETS)[1]
    rows, said = run(monkeypatch, [], {thin})
    assert rows == [name for name in TARGETS if name != thin]
    assert f"{thin} is left out: no days of dust" in said


def test_a_thin_target_that_was_named_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = TARGETS
    with pytest.raises(TooFewReadingsError):
        run(monkeypatch, [first, second], {second})


def test_no_target_with_enough_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooFewReadingsError):
        run(monkeypatch, [], set(TARGETS))
