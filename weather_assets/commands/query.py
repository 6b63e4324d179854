"""`weather sql`: a read-only query on the lake."""

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from weather_assets.commands.output import print_json
from weather_assets.errors import UsageError
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings

_READING = {duckdb.StatementType.SELECT}


def query(settings: Settings, sql: str, *, as_json: bool, console: Console) -> None:
    """Run one SELECT and print its rows, as a table or as JSON."""
    with open_lake(settings, read_only=True) as lake:
        try:
            statements = lake.connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READING:
                message = "weather sql takes one reading statement (SELECT, FROM, SHOW or DESCRIBE)"
                raise UsageError(message)
            cursor = lake.query(sql)
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            message = f"the query failed: {str(error).splitlines()[0]}; SHOW ALL TABLES lists the tables"
            raise UsageError(message) from None
    if as_json:
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        print_json(console, objects)
        return
    table = Table(*names)
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console.print(table)
