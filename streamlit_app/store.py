"""The lake as the pages see it: one kept read-only connection, and what state it is in.

A query takes a moment of the connection's lock and never waits for a writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from weather_assets.lake.errors import LakeError, reason
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.settings import Settings, load_settings


class Store:
    """An open lake that several sessions share."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._lock = Lock()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Answer of a query, with days as dates. Raises LakeError where the lake does not answer."""
        with self._lock:
            try:
                frame = self._lake.query(sql, parameters).df()
            except duckdb.Error as error:
                raise LakeError(f"{self._lake.location.described} does not answer: {reason(error)}") from None
        for name in frame.columns[frame.dtypes == "datetime64[us]"]:
            frame[name] = frame[name].dt.date
        return frame

    def has(self, table: str) -> bool:
        """Whether a table (schema.name) is there."""
        with self._lock:
            return self._lake.has(table)

    def snapshot(self) -> int:
        """Number of the newest snapshot."""
        with self._lock:
            return self._lake.snapshot()

    def is_simulated(self) -> bool | None:
        """What the lake is stamped with; None where nothing was written yet."""
        with self._lock:
            return self._lake.is_simulated()


Row = dict[str, Any]
"""One row of an answer, by column."""


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of an answer."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True, slots=True)
class Version:
    """One state of one lake: what a cached answer holds for."""

    catalog: str
    file_number: int
    snapshot: int


def settings() -> Settings:
    """The settings of this process."""
    return load_settings()


def newest_version() -> Version:
    """The lake's newest state. Raises LakeError where there is no lake or it cannot be read."""
    catalog, number = _place(settings())
    try:
        return Version(catalog, number, _store(catalog, number).snapshot())
    except duckdb.Error as error:
        forget()
        raise LakeError(f"the lake does not answer: {reason(error)}; weather doctor shows what is wrong") from None


def store(version: Version) -> Store:
    """The open lake of a state."""
    return _store(version.catalog, version.file_number)


def forget() -> None:
    """Open the lake anew at the next question: it may have been mended or replaced."""
    _store.clear()


@st.cache_resource(max_entries=1, show_spinner=False)
def _store(catalog: str, file_number: int) -> Store:  # noqa: ARG001  # what an open lake is known by
    return Store(open_lake(settings(), read_only=True))


def _place(chosen: Settings) -> tuple[str, int]:
    """Catalogue, and the number of its file: another file under the same name is another lake."""
    location = lake_location(chosen)
    if location.is_postgres or not location.exists():
        return chosen.catalog, 0
    return chosen.catalog, location.catalog_path.stat().st_ino
