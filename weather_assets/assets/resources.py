"""What assets are handed: the lake, the readings and MLflow, each opened only when it is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from weather_assets.lake.errors import lake_answering
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.settings import Settings
from weather_assets.sources.choice import make_source
from weather_assets.sources.protocol import ReadingsSource


@dataclass
class LakeStore:
    """The lake of the settings. One connection per process: attaching costs more than an hour's work on one station."""

    settings: Settings = field(repr=False)
    _lake: Lake | None = field(default=None, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    @contextmanager
    def writer(self) -> Iterator[Lake]:
        """The lake open for writing; one user at a time."""
        with self._lock:
            if self._lake is None:
                self._lake = open_lake(self.settings)
            with lake_answering(self._lake.location.described):
                yield self._lake

    @contextmanager
    def reader(self) -> Iterator[Lake | None]:
        """The lake open for reading only, None where there is none yet."""
        location = lake_location(self.settings)
        if not location.exists():
            yield None
        elif location.is_postgres:
            # Whether a server holds a lake cannot be known beforehand; the writer makes it where it does not.
            with self.writer() as lake:
                yield lake
        else:
            with open_lake(self.settings, read_only=True) as lake, lake_answering(location.described):
                yield lake

    @contextmanager
    def at(self, snapshot: int) -> Iterator[Lake]:
        """The lake as it was at a snapshot, for reading; raises LakeError where that snapshot is gone."""
        described = lake_location(self.settings).described
        with open_lake(self.settings, read_only=True, snapshot=snapshot) as lake, lake_answering(described):
            yield lake

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        with self._lock:
            if self._lake is not None:
                self._lake.close()
                self._lake = None


@dataclass(frozen=True)
class Readings:
    """The provider and the stations of the settings."""

    settings: Settings = field(repr=False)

    @property
    def station_ids(self) -> tuple[int, ...]:
        """Stations to load and to forecast for."""
        return self.settings.stations

    def source(self) -> ReadingsSource:
        """The provider, made anew: files and services change between runs."""
        return make_source(self.settings)
