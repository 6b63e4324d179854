"""What the tables of a lake hold, as a few numbers that any other content would change."""

from collections.abc import Mapping

from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.tables import CONTRACTS

Sums = Mapping[str, tuple[int, int, int]]
_WHEN = {"fetched_at", "available_at", "asked_at"}
"""When readings were asked for is another time in every lake."""


def sums(settings: Settings) -> Sums:
    """Per table that is there: rows, rows of a key that is there before, and a number made of all values."""
    found = {}
    with open_lake(settings, read_only=True) as lake:
        for table in (one for one in CONTRACTS if lake.has(one.qualified_name)):
            columns = ", ".join(name for name in table.column_names if name not in _WHEN)
            query = (
                f"SELECT count(*), count(*) - count(DISTINCT ({', '.join(table.key)})), "
                f"coalesce(sum(hash({columns})), 0) FROM lake.{table.qualified_name}"
            )
            found[table.qualified_name] = lake.query(query).fetchall()[0]
    return found
