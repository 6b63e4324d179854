"""DuckDB's words, as they came, and what is made of them."""

import duckdb
import pytest

from weather_assets.lake.errors import LakeError, is_outage, lake_answering, reason

GONE_WHILE_PREPARING = duckdb.BinderException(
    "Binder Error: Failed to get extended data file list from DuckLake: Failed to prepare query "
    '"SELECT data_file_id, value_count, max_value, min_value\n     FROM "public".ducklake_file_column_stats\n'
    '     WHERE column_id = 1 AND table_id = 4": server closed the connection unexpectedly\n'
    "\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n\n\n"
    "LINE 2:   SELECT * FROM postgres_query('__ducklake_metadata_lake',\n                        ^"
)
WRONG_STATEMENT = duckdb.BinderException(
    'Binder Error: Referenced column "ta" not found in FROM clause!\nCandidate bindings: "day"\n\nLINE 1: SELECT ta\n'
)


def test_a_server_that_goes_while_a_statement_is_prepared_is_an_outage() -> None:
    assert is_outage(GONE_WHILE_PREPARING)
    assert reason(GONE_WHILE_PREPARING) == "server closed the connection unexpectedly"
    told = "^the lake does not answer: server closed the connection unexpectedly; weather doctor"
    with pytest.raises(LakeError, match=told), lake_answering("the lake"):
        raise GONE_WHILE_PREPARING


def test_a_wrong_statement_is_none() -> None:
    assert not is_outage(WRONG_STATEMENT)
    with pytest.raises(duckdb.BinderException), lake_answering("the lake"):
        raise WRONG_STATEMENT


def test_the_statement_is_not_repeated() -> None:
    error = duckdb.IOException('IO Error: Failed to execute query "BEGIN": connection to server at "a" failed.')
    assert reason(error) == 'connection to server at "a" failed'
