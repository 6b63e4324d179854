"""Keeping outlooks in the lake as they were issued."""

import pandas as pd
import pyarrow as pa

from weather_assets.lake.lake import Lake
from weather_assets.tables import FORECAST_OUTLOOK

_ISSUED = "issued_outlooks"


def keep_outlook(lake: Lake, rows: pd.DataFrame) -> int:
    """Append the rows (columns of forecast.outlook, and more) that were not issued before; returns how many."""
    if rows.empty:
        return 0
    columns = list(FORECAST_OUTLOOK.column_names)
    table = pa.Table.from_pandas(rows[columns], preserve_index=False)
    key = ", ".join(FORECAST_OUTLOOK.key)
    new = f"SELECT * FROM {_ISSUED} ANTI JOIN lake.{FORECAST_OUTLOOK.qualified_name} USING ({key})"
    with lake.registered(_ISSUED, table):
        return lake.append(FORECAST_OUTLOOK, new)
