"""What MLflow says of the models, and moving a champion by hand."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import duckdb

from weather_assets.api.kept import Kept
from weather_assets.api.problems import Problem, lake_unavailable, registry_unavailable
from weather_assets.api.replies import CurrentModels, ModelVersion, Moved, in_kst
from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting.by_hand import promote_by_hand, roll_back_by_hand
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, Registry, Version
from weather_assets.forecasting.review import Review, record
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_if_there
from weather_assets.settings import Settings

_log = logging.getLogger(__name__)

PATIENCE_S = 5
"""How long a move waits for somebody who writes to the lake."""
AGE_S = 10.0
"""MLflow takes tens of milliseconds a question; its aliases move a few times a month."""


class Models:
    """The registered versions of every target, asked of MLflow at most every AGE_S."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._registry = Registry(settings)
        self._versions = Kept(self._ask, AGE_S)

    def versions(self, target: str) -> list[ModelVersion]:
        """All versions of a target, newest first. Raises Problem (503) where MLflow does not answer."""
        return [_told(version) for version in self._all()[target]]

    def current(self) -> CurrentModels:
        """Who bears the aliases champion and challenger."""
        every = [version for versions in self._all().values() for version in versions]
        return CurrentModels(champions=_with(every, CHAMPION), challengers=_with(every, CHALLENGER))

    def promote(self, target: str, number: int) -> Moved:
        """Make a version champion. Raises Problem: 404 where there is none of that number, 409 where it is champion."""
        if any(version.number == number and CHAMPION in version.aliases for version in self._all()[target]):
            raise Problem(409, "champion-already", f"version {number} of {target} is champion already")
        return self._move(target, 404, lambda: promote_by_hand(self._registry, target, number))

    def roll_back(self, target: str) -> Moved:
        """Make the former champion champion again. Raises Problem: 409 where there is none."""
        return self._move(target, 409, lambda: roll_back_by_hand(self._registry, target))

    def _move(self, target: str, refused: int, move: Callable[[], Review]) -> Moved:
        """Who is champion after the move, which is written down with the decisions of the reviews.

        The lake is opened first: a move that cannot be written down is better not begun. One that happened must never
        be told as failed, for the caller would ask for another one.
        """
        if not self._registry.exists():
            raise Problem(refused, "no-such-version", f"{target} was never trained; weather train --target {target}")
        with self._lake() as lake:
            try:
                recorded = _is_recorded(lake, move())
                self._versions.forget()
                champion = next(model for model in self.current().champions if model.target == target)
            except UsageError as error:
                raise Problem(refused, "no-such-version", str(error)) from None
            except (WeatherError, Problem):
                self._versions.forget()
                raise _uncertain_move() from None
        return Moved(**dict(champion), recorded=recorded)

    def _lake(self) -> AbstractContextManager[Lake | None]:
        """The lake to write to, None where there is none: versions may be there without it. Raises Problem (503)."""
        try:
            return open_if_there(self._settings, patience_s=PATIENCE_S)
        except (duckdb.Error, WeatherError) as error:
            _log.warning("no champion is moved, the lake cannot be opened: %s", error)
            raise lake_unavailable() from None

    def _all(self) -> Mapping[str, list[Version]]:
        try:
            return self._versions.get()
        except WeatherError:
            raise registry_unavailable() from None

    def _ask(self) -> Mapping[str, list[Version]]:
        there = self._registry.exists()
        return {target: self._registry.versions(target) if there else [] for target in TARGETS}


def _uncertain_move() -> Problem:
    """Not to be asked again blindly, so nothing says when."""
    text = (
        "MLflow failed during the move, which may have happened or not; GET /models/current tells before you ask again"
    )
    return Problem(503, "mlflow-unavailable", text)


def _is_recorded(lake: Lake | None, made: Review) -> bool:
    """Write the decision down; whether that was done."""
    if lake is None:
        _log.warning("%s of %s is not written down: there is no lake", made.decision, made.target)
        return False
    try:
        record(lake, made)
    except (duckdb.Error, WeatherError) as error:
        _log.warning("%s of %s is not written down: %s", made.decision, made.target, error)
        return False
    return True


def _with(versions: list[Version], alias: str) -> list[ModelVersion]:
    return [_told(version) for version in versions if alias in version.aliases]


def _told(version: Version) -> ModelVersion:
    return ModelVersion(
        target=version.target,
        version=version.number,
        aliases=list(version.aliases),
        registered_at=in_kst(version.registered_at),
        facts=dict(version.tags),
    )
