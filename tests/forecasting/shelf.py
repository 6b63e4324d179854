"""Versions kept in memory; stands for MLflow where only the moves between aliases matter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

from weather_assets.errors import WeatherError
from weather_assets.forecasting.registry import RECIPE_TAG, SCORE_TAG, THROUGH_TAG, Version

TARGET = "air_temperature_c"
NOW = datetime(2021, 6, 1, tzinfo=UTC)


class StandIn:
    """A model that answers with what it was asked."""

    def predict(self, features: pd.DataFrame) -> "StandIn":
        self.asked = features
        return self

    def to_arrow(self) -> pa.Table:
        return pa.Table.from_pandas(self.asked)


class Shelf:
    """Versions as MLflow keeps them: an alias is borne by one version at most. Those in `broken` cannot be loaded."""

    def __init__(self, count: int) -> None:
        tags = {RECIPE_TAG: "recipe", THROUGH_TAG: NOW.isoformat(), SCORE_TAG: "1.0"}
        self.shelf = {n: Version(TARGET, n, (), "run", NOW, tags) for n in range(1, count + 1)}
        self.broken: set[int] = set()

    def load(self, version: Version) -> StandIn:
        if version.number in self.broken:
            raise WeatherError("its files are missing")
        return StandIn()

    def versions(self, _: str) -> list[Version]:
        return sorted(self.shelf.values(), key=lambda version: -version.number)

    def with_alias(self, _: str, alias: str) -> Version | None:
        return next((version for version in self.shelf.values() if alias in version.aliases), None)

    def set_alias(self, version: Version, alias: str) -> None:
        self.remove_alias(TARGET, alias)
        old = self.shelf[version.number]
        self.shelf[version.number] = replace(old, aliases=(*old.aliases, alias))

    def remove_alias(self, _: str, alias: str) -> None:
        for number, version in self.shelf.items():
            self.shelf[number] = replace(version, aliases=tuple(name for name in version.aliases if name != alias))

    def tag(self, version: Version, tags: Mapping[str, str]) -> None:
        old = self.shelf[version.number]
        self.shelf[version.number] = replace(old, tags={**old.tags, **tags})

    def borne(self) -> dict[str, int]:
        return {alias: number for number, version in self.shelf.items() for alias in version.aliases}
