"""The small world that behaviour tests act in."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from small_world import World

from weather_assets import clock


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A home where nothing was run yet, on 2021-03-20 12:30 KST; a marker `settings` changes its settings."""
    marker = request.node.get_closest_marker("settings")
    with dg.DagsterInstance.ephemeral() as instance:
        world = World(tmp_path / "home", instance, marker.kwargs if marker else {})
        monkeypatch.setattr(clock, "now", lambda: world.now)
        # A schedule opens its instance by a reference, which one in memory does not have.
        monkeypatch.setattr(dg.ScheduleEvaluationContext, "instance", instance)
        yield world
        world.store.close()
