"""What a table contract is: columns, types, key and time column. Tables are created from it and checked against it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name (with unit), DuckDB type and one line of description."""

    name: str
    sql_type: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContract:
    """A table `schema.name`, equal to the Dagster asset key `schema/name`.

    `time_column` says when a row belongs: it selects the window that is replaced, and its year partitions the files.
    It holds instants (TIMESTAMPTZ) or KST days (DATE).
    """

    schema: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    time_column: str

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
