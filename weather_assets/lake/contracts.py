"""What a table contract is: columns, types, key and time column. Tables are created from it and checked against it."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name (with unit), DuckDB type and one line of description.

    `since` is the version of the table that brought it; rows from before hold NULL there. `limits` are the lowest and
    highest value that may stand there.
    """

    name: str
    sql_type: str
    description: str
    since: int = 1
    limits: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContract:
    """A table `schema.name`, equal to the Dagster asset key `schema/name`.

    `time_column` says when a row belongs: it selects the window that is replaced, and its year partitions the files.
    It holds instants (TIMESTAMPTZ) or KST days (DATE). A new column gets a new `version`, and lakes of an older one get
    the column; any other change of columns needs a new lake.
    """

    schema: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    time_column: str
    version: int = 1

    @property
    def qualified_name(self) -> str:
        """schema.name, as people write it in SQL."""
        return f"{self.schema}.{self.name}"

    @property
    def is_daily(self) -> bool:
        """Whether the time column holds days rather than instants."""
        return any(column.name == self.time_column and column.sql_type == "DATE" for column in self.columns)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in the order of the table."""
        return tuple(column.name for column in self.columns)


_ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "FLOAT[]": pa.list_(pa.float32()),
    "DATE": pa.date32(),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
}


def arrow_schema(table: TableContract) -> pa.Schema:
    """The columns of a forecast table as Arrow types; raises KeyError for a type that no forecast table has."""
    return pa.schema([(column.name, _ARROW[column.sql_type]) for column in table.columns])
