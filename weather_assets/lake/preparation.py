"""What makes a lake ready: its stamp (simulated or real) and its tables, as the contracts declare them."""

from collections.abc import Iterator, Sequence

import duckdb

from weather_assets.errors import UsageError
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.errors import LakeError
from weather_assets.lake.location import LakeLocation

_MOST_NAMES_SHOWN = 5


def lacking_sql(
    connection: duckdb.DuckDBPyConnection,
    location: LakeLocation,
    contracts: Sequence[TableContract],
    *,
    simulated: bool | None,
) -> list[str]:
    """Statements that give the lake what it lacks for a caller who brings such readings; empty where it is ready.

    Raises UsageError where it holds readings of the other kind, LakeError where a table has another shape.
    """
    statements: list[str] = []
    stamped = stamped_simulated(connection)
    if stamped is None and simulated is not None:
        statements += _stamp_sql(simulated=simulated)
    elif simulated is not None and stamped != simulated:
        raise UsageError(_refusal(location, holds_simulated=not simulated))
    for contract in contracts:
        found = _columns(connection, contract.schema, contract.name)
        if not found:
            statements += _create_sql(contract)
        elif found != _declared(contract):
            raise LakeError(_misfit(location, contract, found))
    return statements


def stamped_simulated(connection: duckdb.DuckDBPyConnection) -> bool | None:
    """Whether the lake holds simulated readings; None where nobody has said so yet."""
    if not _columns(connection, "meta", "stamp"):
        return None
    row = connection.execute("SELECT kind = 'simulated' FROM lake.meta.stamp").fetchone()
    return None if row is None else bool(row[0])


def _stamp_sql(*, simulated: bool) -> Iterator[str]:
    yield "CREATE SCHEMA IF NOT EXISTS lake.meta"
    yield "CREATE TABLE IF NOT EXISTS lake.meta.stamp (kind VARCHAR, made_at TIMESTAMPTZ)"
    yield f"INSERT INTO lake.meta.stamp VALUES ('{'simulated' if simulated else 'real'}', now())"


def _create_sql(contract: TableContract) -> Iterator[str]:
    name = f"lake.{contract.qualified_name}"
    yield f"CREATE SCHEMA IF NOT EXISTS lake.{contract.schema}"
    yield f"CREATE TABLE {name} ({', '.join(f'{column.name} {column.sql_type}' for column in contract.columns)})"
    yield f"ALTER TABLE {name} SET PARTITIONED BY (year({contract.time_column}))"


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'lake' AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, name],
    ).fetchall()
    return [(column, "TIMESTAMPTZ" if kind == "TIMESTAMP WITH TIME ZONE" else kind) for column, kind in rows]


def _declared(contract: TableContract) -> list[tuple[str, str]]:
    return [(column.name, column.sql_type) for column in contract.columns]


def _misfit(location: LakeLocation, contract: TableContract, found: list[tuple[str, str]]) -> str:
    wrong = sorted({name for name, _ in set(found) ^ set(_declared(contract))})
    shown = ", ".join(wrong[:_MOST_NAMES_SHOWN]) or "the order of its columns"
    return (
        f"table {contract.qualified_name} of {location.described} was made by another version or program "
        f"(it differs in {shown}); set a new WEATHER_HOME and run weather backfill"
    )


def _refusal(location: LakeLocation, *, holds_simulated: bool) -> str:
    holds, brought = ("simulated", "real") if holds_simulated else ("real", "simulated")
    return (
        f"{location.described} holds {holds} readings and refuses {brought} ones; "
        "set another WEATHER_HOME or WEATHER_SOURCE"
    )
