"""Training a registered version again from the snapshot of the lake that it names, and comparing bit for bit."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from weather_assets.errors import WeatherError
from weather_assets.forecasting.attempt import Loader
from weather_assets.forecasting.dataset import training_data
from weather_assets.forecasting.estimators import estimator_for
from weather_assets.forecasting.provenance import (
    CODE_TAG,
    ESTIMATOR_TAG,
    KNOWN_AT_TAG,
    LIBRARIES_TAG,
    STATIONS_TAG,
    code_version,
    library_versions,
)
from weather_assets.forecasting.registry import DATA_TAG, SNAPSHOT_TAG, THROUGH_TAG, Version
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake

_NEEDED = (SNAPSHOT_TAG, THROUGH_TAG, DATA_TAG, KNOWN_AT_TAG, STATIONS_TAG, ESTIMATOR_TAG)
_COMPARED = timedelta(days=30)


@dataclass(frozen=True)
class Reproduction:
    """What came of it: `rows` forecasts were compared; `differences` name what is not as it was recorded."""

    identical: bool
    rows: int
    largest_difference: float
    differences: tuple[str, ...]


def snapshot_of(version: Version) -> int:
    """Snapshot of the lake that a version was trained on; raises WeatherError where its tags do not suffice."""
    lacking = [name for name in _NEEDED if name not in version.tags]
    if lacking:
        message = f"version {version.number} of {version.target} records no {', '.join(lacking)}: train it anew"
        raise WeatherError(message)
    return int(version.tags[SNAPSHOT_TAG])


def reproduce(lake: Lake, registry: Loader, version: Version, progress: Callable[[str], None]) -> Reproduction:
    """Train a version again on the lake as it was at its snapshot and compare the forecasts of both models.

    They are those from every hour of the last 30 days of training, of every lead and station.
    """
    snapshot_of(version)
    tags, target = version.tags, TARGETS[version.target]
    through, stations = datetime.fromisoformat(tags[THROUGH_TAG]), [int(part) for part in tags[STATIONS_TAG].split(",")]
    progress("reading the lake at its snapshot")
    data = training_data(lake, target, stations, through, datetime.fromisoformat(tags[KNOWN_AT_TAG]))
    again = estimator_for(target, tags[ESTIMATOR_TAG]).train()(
        target, data.features, data.observations, through, progress=progress
    )
    recent = data.features[data.features["issued_at"] > through - _COMPARED]
    progress("comparing forecasts")
    theirs, ours = (model.predict(recent).to_arrow() for model in (registry.load(version), again))
    return Reproduction(
        identical=theirs.equals(ours),
        rows=theirs.num_rows,
        largest_difference=_largest_difference(theirs, ours),
        differences=tuple(_differences(version, data.fingerprint)),
    )


def _largest_difference(table: pa.Table, other: pa.Table) -> float:
    """Largest absolute difference of any number that is forecast; infinite where the tables are not of one shape."""
    if table.schema != other.schema or table.num_rows != other.num_rows:
        return float("inf")
    names = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    pairs = ((table[name].to_numpy(), other[name].to_numpy()) for name in names)
    return max((float(np.nanmax(np.abs(one - two), initial=0.0)) for one, two in pairs), default=0.0)


def _differences(version: Version, fingerprint: str) -> list[str]:
    """What differs between now and the record of a version: data, code, libraries."""
    found = []
    if fingerprint != version.tags[DATA_TAG]:
        found.append("the readings of the snapshot are not those it was trained on")
    recorded, present = version.tags.get(CODE_TAG, "unknown"), code_version()
    if recorded != present:
        found.append(f"code: {recorded} then, {present} now")
    libraries = json.loads(version.tags.get(LIBRARIES_TAG, "{}"))
    now = library_versions()
    return found + [
        f"{name}: {libraries[name]} then, {now.get(name, 'absent')} now"
        for name in libraries
        if libraries[name] != now.get(name)
    ]
