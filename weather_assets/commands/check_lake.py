"""Checks of the lake and of the S3 bucket it may lie in. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import duckdb

from weather_assets import clock
from weather_assets.commands.check import Check, fail, first_line, ok, warn
from weather_assets.errors import WeatherError
from weather_assets.lake.contracts import TableContract
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.monitoring.lateness import allowed_reading_age
from weather_assets.settings import Settings
from weather_assets.sources.choice import is_simulated
from weather_assets.tables import CONTRACTS, RAW_ASOS_HOURLY

_S3_TIMEOUT_S = 5


def check_lake(settings: Settings) -> Iterator[Check]:
    """Whether it opens, holds the right kind of readings and the tables as declared, and how new they are."""
    if not lake_location(settings).exists():
        remedy = "weather demo, or weather backfill --from DATE --to DATE"
        yield warn("lake", f"none yet at {lake_location(settings).catalog_path}", remedy)
        return
    try:
        with open_lake(settings, read_only=True) as lake:
            yield _stamp(settings, lake)
            yield from _tables(lake)
            yield from _newest(settings, lake)
    except (WeatherError, duckdb.Error) as error:
        yield fail("lake", first_line(error), "check WEATHER_LAKE_CATALOG, WEATHER_LAKE_DATA and AWS_* variables")


def check_s3(settings: Settings) -> Iterator[Check]:
    """Whether the buckets of the data and of Dagster's logs answer with the keys that are set, where they lie in S3."""
    places = [settings.data_root] if lake_location(settings).on_s3 else []
    places += [settings.dagster_logs] if settings.dagster_logs else []
    if not places:
        yield ok("s3", "not used: the data lie in a folder")
    for place in places:
        yield _check_bucket(settings, place)


def _check_bucket(settings: Settings, place: str) -> Check:
    import boto3  # type: ignore[import-untyped]
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    url, access = urlsplit(place), lake_location(settings).s3
    prefix = f"{url.path.strip('/')}/".lstrip("/")
    try:
        client = boto3.client(
            "s3",
            aws_access_key_id=access.key_id if access else None,
            aws_secret_access_key=access.secret if access else None,
            aws_session_token=access.session_token if access else None,
            region_name=settings.aws_region,
            endpoint_url=settings.aws_endpoint_url_s3,
            config=Config(connect_timeout=_S3_TIMEOUT_S, read_timeout=_S3_TIMEOUT_S, retries={"max_attempts": 1}),
        )
        found = client.list_objects_v2(Bucket=url.netloc, Prefix=prefix, MaxKeys=1)
    except (BotoCoreError, ClientError, ValueError) as error:
        remedy = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_S3 and the bucket's name"
        return fail("s3", f"{place}: {first_line(error)}", remedy)
    return ok("s3", f"{place} answers and {'holds objects' if found.get('Contents') else 'is empty'}")


def _stamp(settings: Settings, lake: Lake) -> Check:
    simulated = lake.is_simulated()
    if simulated is None:
        return warn("lake", "holds no readings yet", "weather backfill --from DATE --to DATE")
    kind = "simulated" if simulated else "real"
    if simulated != is_simulated(settings):
        text = f"holds {kind} readings and will refuse those of WEATHER_SOURCE={settings.source}"
        return fail("lake", text, "set another WEATHER_HOME, or the WEATHER_SOURCE that this lake was made from")
    return ok("lake", f"opens for reading; {kind} readings, snapshot {lake.snapshot()}")


def _tables(lake: Lake) -> Iterator[Check]:
    counts = []
    for contract in CONTRACTS:
        try:
            counts.append(f"{contract.qualified_name} {_rows(lake, contract):,}")
        except duckdb.CatalogException:
            remedy = "the next run that writes to the lake makes it"
            yield warn("tables", f"{contract.qualified_name} is not there yet", remedy)
        except duckdb.BinderException as error:
            text = f"{contract.qualified_name} was made by another version: {first_line(error)}"
            yield fail("tables", text, "use a new WEATHER_HOME and backfill it")
    yield ok("tables", f"rows: {', '.join(counts) or 'none'}")


def _rows(lake: Lake, contract: TableContract) -> int:
    """Rows of a table; raises duckdb's errors where the table or one of its columns is not there."""
    table = f"lake.{contract.qualified_name}"
    lake.query(f"SELECT {', '.join(contract.column_names)} FROM {table} LIMIT 0").fetchall()
    row = lake.first_row(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


def _newest(settings: Settings, lake: Lake) -> Iterator[Check]:
    name = RAW_ASOS_HOURLY.qualified_name
    try:
        found = dict(lake.query(f"SELECT station_id, max(observed_at) FROM lake.{name} GROUP BY ALL").fetchall())
    except duckdb.CatalogException:
        return
    others = sorted(set(found) - set(settings.stations))
    for station in settings.stations:
        yield _age(settings, station, found.get(station))
    if others:
        yield ok("readings", f"also held, not among WEATHER_STATIONS: {', '.join(map(str, others))}")


def _age(settings: Settings, station: int, newest: datetime | None) -> Check:
    if newest is None:
        remedy = f"weather backfill --from DATE --to DATE --stations {station}"
        return warn("readings", f"station {station} was never loaded", remedy)
    text = f"station {station}: newest of {newest.astimezone(clock.KST):%Y-%m-%d %H:%M} KST"
    allowed = allowed_reading_age(settings.source)
    if allowed is not None and clock.now() - newest > allowed:
        since, today = clock.kst_date(newest), clock.kst_date(clock.now())
        remedy = f"weather up fetches every hour; to catch up: weather backfill --from {since} --to {today} --no-train"
        return warn("readings", text, remedy)
    return ok("readings", text)
