"""The newest forecast as files in predictions/, for programs that read neither the lake nor HTTP.

`latest.json` is the whole document, `latest.parquet` its hourly quantiles. A reader sees the old file or the new one.
"""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from weather_assets.artifacts import write_artifact
from weather_assets.publication.newest import Row
from weather_assets.settings import Settings

FOLDER, JSON_FILE, PARQUET_FILE = "predictions", "latest.json", "latest.parquet"


def publish(settings: Settings, document: Mapping[str, Any], hourly: Sequence[Row]) -> str:
    """Write both files below the data root, the folder or s3:// prefix of the settings; returns where they lie.

    `document` is that of `latest_document`, `hourly` the rows of forecast.hourly in it. Raises WeatherError where the
    place cannot be written; what was published before stays.
    """
    parquet = BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in hourly]), parquet)
    write_artifact(settings, f"{FOLDER}/{PARQUET_FILE}", parquet.getvalue())
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return write_artifact(settings, f"{FOLDER}/{JSON_FILE}", text.encode()).rpartition("/")[0]
