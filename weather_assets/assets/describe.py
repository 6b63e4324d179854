"""What the UI shows of a table asset: its columns with types and descriptions, and where it lies."""

from typing import Any

import dagster as dg

from weather_assets.lake.contracts import TableContract

OWNERS = ["team:weather-platform"]
TRAINING_POOL = "training"
"""Trainings queue on this pool, one at a time; steps that only write to the lake wait for each other's commits."""


def asset_key(table: TableContract) -> dg.AssetKey:
    """The asset of a table carries the table's name."""
    return dg.AssetKey([table.schema, table.name])


def table_metadata(table: TableContract) -> dict[str, Any]:
    """Column schema and table name, as definition metadata."""
    columns = [
        dg.TableColumn(
            name=column.name,
            type=column.sql_type,
            description=column.description,
            constraints=dg.TableColumnConstraints(nullable=column.name not in table.key),
        )
        for column in table.columns
    ]
    return {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "dagster/table_name": f"lake.{table.qualified_name}",
    }


def row_metadata(rows: int, snapshot: int, **more: object) -> dict[str, Any]:
    """A few scalars per event: rows of the whole run, the lake snapshot that holds them, what the caller adds."""
    return {"rows": rows, "snapshot": snapshot, **more}


def link(uri: str) -> dg.MetadataValue[str]:
    """A written file as metadata that the UI opens: an address, or a path on this machine."""
    return dg.MetadataValue.url(uri) if "://" in uri else dg.MetadataValue.path(uri)
