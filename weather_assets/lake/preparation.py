"""What makes a lake ready: its stamp (simulated or real) and its tables, as the contracts declare them.

A table of an older version of its contract gets the columns that came since; one of a newer version is refused.
"""

from collections.abc import Iterator, Sequence

import duckdb

from weather_assets.errors import UsageError
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.errors import LakeError
from weather_assets.lake.location import LakeLocation
from weather_assets.lake.rows import first_row

_MOST_NAMES_SHOWN = 5


def lacking_sql(
    connection: duckdb.DuckDBPyConnection,
    location: LakeLocation,
    contracts: Sequence[TableContract],
    *,
    simulated: bool | None,
) -> list[str]:
    """Statements that give the lake what it lacks for a caller who brings such readings; empty where it is ready.

    Raises UsageError where it holds readings of the other kind, LakeError where a table has another shape or is of a
    newer version.
    """
    statements: list[str] = []
    stamped = stamped_simulated(connection)
    if stamped is None and simulated is not None:
        statements += _stamp_sql(simulated=simulated)
    elif simulated is not None and stamped != simulated:
        raise UsageError(_refusal(location, holds_simulated=not simulated))
    versions = _versions(connection)
    for contract in contracts:
        found = columns_of(connection, contract.schema, contract.name)
        version = versions.get(contract.qualified_name, 1)
        if not found:
            statements += _create_sql(contract)
        elif version > contract.version:
            raise LakeError(_too_new(location, contract, version))
        elif found != _declared(contract, version):
            raise LakeError(_misfit(location, contract, found))
        elif version < contract.version:
            statements += _upgrade_sql(contract, version)
    return statements


def stamped_simulated(connection: duckdb.DuckDBPyConnection) -> bool | None:
    """Whether the lake holds simulated readings; None where nobody has said so yet."""
    if not columns_of(connection, "meta", "stamp"):
        return None
    row = first_row(connection, "SELECT kind = 'simulated' FROM lake.meta.stamp")
    return None if row is None else bool(row[0])


def _versions(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Versions of the tables by name; those that never changed are not listed."""
    if not columns_of(connection, "meta", "versions"):
        return {}
    rows = connection.execute("SELECT table_name, max(version) FROM lake.meta.versions GROUP BY ALL").fetchall()
    return dict(rows)


def _stamp_sql(*, simulated: bool) -> Iterator[str]:
    yield "CREATE SCHEMA IF NOT EXISTS lake.meta"
    yield "CREATE TABLE IF NOT EXISTS lake.meta.stamp (kind VARCHAR, made_at TIMESTAMPTZ)"
    yield f"INSERT INTO lake.meta.stamp VALUES ('{'simulated' if simulated else 'real'}', now())"


def _create_sql(contract: TableContract) -> Iterator[str]:
    name = f"lake.{contract.qualified_name}"
    yield f"CREATE SCHEMA IF NOT EXISTS lake.{contract.schema}"
    yield f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in _declared(contract))})"
    yield f"ALTER TABLE {name} SET PARTITIONED BY (year({contract.time_column}))"
    if contract.version > 1:
        yield from _note_version_sql(contract)


def _upgrade_sql(contract: TableContract, version: int) -> Iterator[str]:
    for column in contract.columns:
        if column.since > version:
            yield f"ALTER TABLE lake.{contract.qualified_name} ADD COLUMN {column.name} {column.sql_type}"
    yield from _note_version_sql(contract)


def _note_version_sql(contract: TableContract) -> Iterator[str]:
    yield "CREATE SCHEMA IF NOT EXISTS lake.meta"
    yield "CREATE TABLE IF NOT EXISTS lake.meta.versions (table_name VARCHAR, version INTEGER, made_at TIMESTAMPTZ)"
    yield f"INSERT INTO lake.meta.versions VALUES ('{contract.qualified_name}', {contract.version}, now())"


def columns_of(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[tuple[str, str]]:
    """Name and type of the columns that a table of the lake has, in order; none where there is no table."""
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'lake' AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, name],
    ).fetchall()
    return [(column, "TIMESTAMPTZ" if kind == "TIMESTAMP WITH TIME ZONE" else kind) for column, kind in rows]


def _declared(contract: TableContract, version: int | None = None) -> list[tuple[str, str]]:
    """The columns of a version (the newest by default) in the order in which they came."""
    newest = contract.version if version is None else version
    in_order = sorted(contract.columns, key=lambda column: column.since)
    return [(column.name, column.sql_type) for column in in_order if column.since <= newest]


def _misfit(location: LakeLocation, contract: TableContract, found: list[tuple[str, str]]) -> str:
    wrong = sorted({name for name, _ in set(found) ^ set(_declared(contract))})
    shown = ", ".join(wrong[:_MOST_NAMES_SHOWN]) or "the order of its columns"
    return (
        f"table {contract.qualified_name} of {location.described} was made by another version or program "
        f"(it differs in {shown}); set a new WEATHER_HOME and run weather backfill"
    )


def _too_new(location: LakeLocation, contract: TableContract, version: int) -> str:
    return (
        f"table {contract.qualified_name} of {location.described} is of version {version} and this program knows "
        f"version {contract.version}: install the program that wrote it, or set a new WEATHER_HOME"
    )


def _refusal(location: LakeLocation, *, holds_simulated: bool) -> str:
    holds, brought = ("simulated", "real") if holds_simulated else ("real", "simulated")
    return (
        f"{location.described} holds {holds} readings and refuses {brought} ones; "
        "set another WEATHER_HOME or WEATHER_SOURCE"
    )
