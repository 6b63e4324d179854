"""What a version was made from, as tags of the registry: enough to make it again, bit for bit (see `reproduce`)."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path

from weather_assets.forecasting.registry import DATA_TAG, SNAPSHOT_TAG

STATIONS_TAG, KNOWN_AT_TAG, ESTIMATOR_TAG = "stations", "known_at", "estimator"
CODE_TAG, LIBRARIES_TAG = "code_version", "libraries"
_LIBRARIES = ("duckdb", "lightgbm", "numpy", "pandas", "pyarrow", "threadpoolctl")


def provenance(
    *, fingerprint: str, snapshot: int, known_at: datetime, stations: Sequence[int], estimator: str
) -> dict[str, str]:
    """Tags of a training: its data (fingerprint, snapshot of the lake, instant as known at, stations), code, libraries.

    Recipe, features, seeds and end of training are kept with the model itself.
    """
    return {
        DATA_TAG: fingerprint,
        SNAPSHOT_TAG: str(snapshot),
        KNOWN_AT_TAG: known_at.isoformat(),
        STATIONS_TAG: ",".join(map(str, stations)),
        ESTIMATOR_TAG: estimator,
        CODE_TAG: code_version(),
        LIBRARIES_TAG: json.dumps(library_versions()),
    }


def library_versions() -> Mapping[str, str]:
    """Versions of the libraries that numbers depend on."""
    return {name: package_version(name) for name in _LIBRARIES}


def code_version() -> str:
    """Version of the package and, in a checkout, its commit, with a mark where files differ from it."""
    installed = package_version("weather-assets")
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=-changed", "--abbrev=40", "--exclude=*"],  # noqa: S607
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return installed
    return f"{installed}+{described.stdout.strip()}"
