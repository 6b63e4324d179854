"""The SQL that attaches a lake to a DuckDB connection.

Passwords and keys go into DuckDB secrets only: those it shows redacted, while it repeats the text of an ATTACH in its
errors and in its list of databases.
"""

from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from weather_assets.lake.location import LakeLocation, S3Access

LOCK_DATABASE = "lake_lock"
"""Name under which a writer attaches the database of a PostgreSQL catalogue itself, to lock it."""

_DEFAULT_POSTGRES_PORT = 5432


def extensions(location: LakeLocation) -> tuple[str, ...]:
    """DuckDB extensions that the location needs."""
    catalog = "postgres_scanner" if location.is_postgres else "sqlite_scanner"
    return ("ducklake", catalog, *(("httpfs",) if location.on_s3 else ()))


def secrets_sql(location: LakeLocation) -> Iterator[str]:
    """The CREATE SECRET statements that the location needs. Never log them."""
    if location.is_postgres:
        yield _catalog_secret_sql(location.postgres_url)
    if location.on_s3:
        yield _s3_secret_sql(location.s3 or S3Access(None, None, None))


def attach_sql(location: LakeLocation, *, read_only: bool) -> str:
    """The statement that attaches the lake as `lake`."""
    # Inlined: rows deleted in small and in large numbers from one file can come back (duckdb/ducklake issue 1084).
    options = [f"DATA_PATH {_quoted(location.data_path)}", "DATA_INLINING_ROW_LIMIT 0"]
    if read_only:
        options.append("READ_ONLY")
    if location.snapshot is not None:
        options.append(f"SNAPSHOT_VERSION {location.snapshot}")
    if location.is_postgres:
        target = f"ducklake:postgres:{_libpq_options(location.postgres_url)}"
        options.append("META_SECRET 'lake_catalog'")
    else:
        target = f"ducklake:sqlite:{location.catalog_path}"
        options += ["META_JOURNAL_MODE 'WAL'", "META_BUSY_TIMEOUT 10000"]
    if not location.on_s3:
        # A lake that was moved with its folder opens at its new place.
        options.append("OVERRIDE_DATA_PATH true")
    return f"ATTACH {_quoted(target)} AS lake ({', '.join(options)})"


def attach_lock_sql(location: LakeLocation) -> str:
    """The statement that attaches the database of a PostgreSQL catalogue itself, as LOCK_DATABASE."""
    target = _quoted(_libpq_options(location.postgres_url))
    return f"ATTACH {target} AS {LOCK_DATABASE} (TYPE postgres, SECRET 'lake_catalog')"


def _catalog_secret_sql(url: SplitResult) -> str:
    words = {
        "HOST": url.hostname,
        "PORT": str(url.port or _DEFAULT_POSTGRES_PORT),
        "DATABASE": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
    }
    return _secret_sql("lake_catalog", "postgres", words)


def _s3_secret_sql(access: S3Access) -> str:
    words = {"REGION": access.region, "SESSION_TOKEN": access.session_token}
    if access.key_id and access.secret:
        words |= {"KEY_ID": access.key_id, "SECRET": access.secret}
    if access.endpoint_url:
        url = urlsplit(access.endpoint_url)
        words |= {"ENDPOINT": url.netloc, "URL_STYLE": "path", "USE_SSL": str(url.scheme == "https").lower()}
    return _secret_sql("lake_s3", "s3", words)


def _secret_sql(name: str, kind: str, words: dict[str, str | None]) -> str:
    given = ", ".join(f"{word} {_quoted(value)}" for word, value in words.items() if value)
    return f"CREATE OR REPLACE SECRET {name} (TYPE {kind}, {given})"


def _libpq_options(url: SplitResult) -> str:
    """What follows ? in the URL (sslmode=require) as libpq's key=value words."""
    return " ".join(f"{key}={_libpq_value(value)}" for key, value in parse_qsl(url.query))


def _libpq_value(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
