"""What all requests of one application share."""

from dataclasses import dataclass, field

from fastapi import Request

from weather_assets.api.lake_reader import LakeReader
from weather_assets.api.models import Models
from weather_assets.api.source_test import SourceTester
from weather_assets.settings import Settings


@dataclass(frozen=True)
class State:
    """The settings and what was opened for them."""

    settings: Settings = field(repr=False)
    lake: LakeReader
    models: Models
    source: SourceTester

    def close(self) -> None:
        """Close what is open."""
        self.source.close()
        self.lake.close()


def new_state(settings: Settings) -> State:
    """Nothing is opened or asked yet."""
    return State(settings, LakeReader(settings), Models(settings), SourceTester(settings))


def state_of(request: Request) -> State:
    """The state of the application that a request came to."""
    state: State = request.app.state.shared
    return state
