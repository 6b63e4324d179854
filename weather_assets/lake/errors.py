"""The lake's error, and DuckDB's words made fit for it."""

import duckdb

from weather_assets.errors import WeatherError


class LakeError(WeatherError):
    """The lake cannot be opened or refuses what is asked; the message says what to do."""


def reason(error: duckdb.Error) -> str:
    """What DuckDB says went wrong, without the statement that it repeats before."""
    first_line = str(error).strip().partition("\n")[0]
    return first_line.rpartition('": ')[2].rstrip(".")
