"""The backup procedure: what was saved comes back with the same rows, from an embedded home, PostgreSQL and S3."""

import importlib
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import psycopg2
import pytest
from forecast_lake import NEWEST, fill, issue
from services import PostgresServer, S3Server

from weather_assets.errors import UsageError, WeatherError
from weather_assets.lake.open import lake_location, open_lake
from weather_assets.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
with pytest.MonkeyPatch.context() as _patch:
    # As Python does for a script.
    _patch.syspath_prepend(str(DEPLOY))
    backup = importlib.import_module("backup")
needs_clients = pytest.mark.skipif(shutil.which("pg_dump") is None, reason="apt-get install postgresql")


@pytest.fixture
def bucket(s3_server: S3Server) -> Iterator[Any]:
    """A bucket of its own, which a test may delete."""
    resource = boto3.resource(
        "s3",
        endpoint_url=s3_server.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=s3_server.key_id,
        aws_secret_access_key=s3_server.secret,
    )
    made = resource.create_bucket(Bucket=f"test-{uuid4().hex}")
    yield made
    remove(made)


@pytest.fixture
def stack(tmp_path: Path, postgres_url: str, s3_server: S3Server, bucket: Any) -> Settings:
    """Catalogue in PostgreSQL, files in S3, as in compose.yaml."""
    return Settings(
        _env_file=None,
        home=tmp_path / "home",
        lake_catalog=postgres_url,
        lake_data=f"s3://{bucket.name}/home",
        aws_access_key_id=s3_server.key_id,
        aws_secret_access_key=s3_server.secret,
        aws_endpoint_url_s3=s3_server.endpoint_url,
    )


def remove(bucket: Any) -> None:
    if bucket.creation_date is not None:
        for found in bucket.objects.all():
            found.delete()
        bucket.delete()


def keys(bucket: Any) -> set[str]:
    return {found.key for found in bucket.objects.all()}


def rows(settings: Settings) -> list[tuple[object, ...]]:
    with open_lake(settings, read_only=True) as lake:
        return lake.query("SELECT * EXCLUDE quantiles FROM lake.forecast.hourly ORDER BY ALL").fetchall()


def test_a_home_comes_back_as_it_was_saved(tmp_path):
    home, saved = Settings(_env_file=None, home=tmp_path / "home"), tmp_path / "saved"
    fill(home, NEWEST)
    with sqlite3.connect(home.home / "mlflow.db") as database:
        database.execute("CREATE TABLE runs AS SELECT 7 AS n")
    before = rows(home)
    backup.save(home, saved)
    with open_lake(home) as lake:
        issue(lake, NEWEST.replace(hour=4))
    assert rows(home) != before
    shutil.rmtree(home.home)
    backup.restore(home, saved)
    assert rows(home) == before
    with sqlite3.connect(home.home / "mlflow.db") as database:
        assert database.execute("SELECT n FROM runs").fetchone() == (7,)
    # And it takes new rows.
    fill_more = NEWEST.replace(hour=5)
    with open_lake(home) as lake:
        issue(lake, fill_more)
    assert len(rows(home)) == 2 * len(before)


def test_it_comes_back_in_another_place(tmp_path):
    home, saved = Settings(_env_file=None, home=tmp_path / "home"), tmp_path / "saved"
    fill(home, NEWEST)
    backup.save(home, saved)
    elsewhere = Settings(_env_file=None, home=tmp_path / "elsewhere")
    backup.restore(elsewhere, saved)
    before = rows(home)
    shutil.rmtree(home.home)
    assert rows(elsewhere) == before


@needs_clients
def test_a_postgres_catalogue(tmp_path, postgres_url):
    home = Settings(_env_file=None, home=tmp_path / "home", lake_catalog=postgres_url)
    fill(home, NEWEST)
    before = rows(home)
    backup.save(home, tmp_path / "saved")
    with open_lake(home) as lake:
        issue(lake, NEWEST.replace(hour=4))
    shutil.rmtree(home.home)
    backup.restore(home, tmp_path / "saved")
    assert rows(home) == before


@needs_clients
def test_a_stack_comes_back_on_new_servers(tmp_path, stack, bucket, postgres_server):
    """The bucket is gone, the database another one and the home empty: as after `docker compose down --volumes`."""
    fill(stack, NEWEST)
    model = os.urandom(9 << 20)  # copied in more than one part
    bucket.put_object(Key="home/models/1/artifacts/model.lgb", Body=model)
    bucket.put_object(Key="home-of-others/file", Body=b"not ours")
    before, objects = rows(stack), keys(bucket)
    backup.save(stack, tmp_path / "saved")
    remove(bucket)
    new = stack.model_copy(update={"home": tmp_path / "new", "lake_catalog": postgres_server.new_database()})
    try:
        backup.restore(new, tmp_path / "saved")
        assert rows(new) == before
        assert keys(bucket) == objects - {"home-of-others/file"}
        assert bucket.Object("home/models/1/artifacts/model.lgb").get()["Body"].read() == model
        with open_lake(new) as lake:
            issue(lake, NEWEST.replace(hour=5))
        assert len(rows(new)) == 2 * len(before)
    finally:
        postgres_server.drop(str(new.lake_catalog))


def test_objects_are_copied_while_nobody_writes(tmp_path, stack, monkeypatch):
    """Files that the catalogue's dump names must still be there when they are copied."""
    fill(stack, NEWEST, stations=(108,))
    held: list[bool] = []

    def look(place: object, folder: Path) -> None:
        with closing(psycopg2.connect(stack.lake_catalog)) as other, other.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            held.append(cursor.fetchone()[0] > 0)

    monkeypatch.setattr(backup.Prefix, "download", look)
    monkeypatch.setattr(backup, "_run_postgres", lambda *_: None)
    backup.save(stack, tmp_path / "saved")
    assert held == [False, True]


def test_what_changes_while_objects_are_copied_is_copied_again(tmp_path, stack, bucket):
    bucket.put_object(Key="home/stays", Body=b"old")
    bucket.put_object(Key="home/changes", Body=b"old")
    bucket.put_object(Key="home/goes", Body=b"old")
    place = backup.Prefix(stack, stack.data_root)
    place.download(tmp_path / "copy")
    (tmp_path / "copy" / "stays").write_bytes(b"not fetched again")
    bucket.put_object(Key="home/changes", Body=b"new")
    bucket.put_object(Key="home/comes", Body=b"new")
    bucket.Object("home/goes").delete()
    place.download(tmp_path / "copy")
    found = {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()}
    assert found == {"stays": b"not fetched again", "changes": b"new", "comes": b"new"}


def test_objects_may_be_left_to_a_bucket_that_keeps_versions(tmp_path, stack, monkeypatch):
    fill(stack, NEWEST, stations=(108,))
    monkeypatch.setattr(backup, "_run_postgres", lambda *_: None)
    backup.save(stack, tmp_path / "saved", with_objects=False)
    assert not (tmp_path / "saved" / "data").exists()


@pytest.mark.parametrize("name", ["../outside", "/outside", "a//b", "a/../../outside"])
def test_no_object_is_written_outside_of_the_backup(tmp_path, stack, monkeypatch, name):
    place = backup.Prefix(stack, stack.data_root)
    monkeypatch.setattr(place, "tags", lambda: iter([(name, "tag")]))
    monkeypatch.setattr(place, "_client", None)
    with pytest.raises(WeatherError, match="no file can be named like the object"):
        place.download(tmp_path / "copy")


def test_objects_are_not_written_over(tmp_path, stack, bucket):
    (tmp_path / "saved" / "home").mkdir(parents=True)
    (tmp_path / "saved" / "home" / "mlflow.db").touch()
    (tmp_path / "saved" / "data").mkdir()
    bucket.put_object(Key="home/lake/file.parquet", Body=b"")
    with pytest.raises(UsageError, match=r"/home is not empty: move its objects away"):
        backup.restore(stack, tmp_path / "saved")
    assert not stack.home.exists()


def test_a_backup_of_before_leaves_objects_alone(tmp_path, stack, bucket):
    """Before, they stayed in their bucket: what is there is what the backup's catalogue names."""
    (tmp_path / "saved" / "home").mkdir(parents=True)
    bucket.put_object(Key="home/lake/file.parquet", Body=b"")
    backup.restore(stack, tmp_path / "saved")
    assert keys(bucket) == {"home/lake/file.parquet"}


def test_every_page_of_a_listing_is_read(stack, s3_server, bucket):
    folder = s3_server.folder.parent / bucket.name / "home" / "lake"
    folder.mkdir(parents=True)
    for number in range(1001):
        (folder / f"{number}.parquet").touch()
    assert len(dict(backup.Prefix(stack, stack.data_root).tags())) == 1001


def test_a_server_that_refuses_is_an_error_with_a_remedy(tmp_path, stack):
    gone = stack.model_copy(update={"aws_endpoint_url_s3": "http://127.0.0.1:9"})
    with pytest.raises(WeatherError, match=r"s3://.*/home: .*check the AWS_\* variables"):
        backup.Prefix(gone, gone.data_root).download(tmp_path / "copy")


@needs_clients
def test_the_lines_of_the_readme_bring_a_database_back(postgres_server: PostgresServer, postgres_url: str):
    text = (DEPLOY / "README.md").read_text()
    dump, restore = (
        shlex.split(found.replace('"$name"', postgres_url.rpartition("/")[2]))
        for found in re.findall(r"exec -T postgres (pg_\w+ .*?) [<>] ", text)
    )
    assert (dump[0], restore[0]) == ("pg_dump", "pg_restore")
    place = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres_server.port), "PGPASSWORD": postgres_server.password}
    environment = {**os.environ, **place}
    with closing(psycopg2.connect(postgres_url)) as database, database.cursor() as cursor:
        cursor.execute("CREATE TABLE runs AS SELECT 7 AS n")
        database.commit()
        saved = subprocess.run(dump, env=environment, check=True, capture_output=True).stdout
        cursor.execute("UPDATE runs SET n = 8")
        database.commit()
        subprocess.run(restore, env=environment, check=True, input=saved)
        cursor.execute("SELECT n FROM runs")
        assert cursor.fetchall() == [(7,)]


def test_without_pg_dump_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    home = Settings(_env_file=None, home=tmp_path / "home", lake_catalog="postgresql://w:secret@127.0.0.1:9/catalog")
    with pytest.raises(WeatherError, match="pg_dump is not installed here: install PostgreSQL's client") as raised:
        backup._run_postgres(lake_location(home), "pg_dump", "--format=custom")
    assert "secret" not in str(raised.value)


def test_nothing_is_written_over(tmp_path):
    home = Settings(_env_file=None, home=tmp_path / "home")
    fill(home, NEWEST, stations=(108,))
    (tmp_path / "saved").mkdir()
    with pytest.raises(UsageError, match="name a new folder"):
        backup.save(home, tmp_path / "saved")
    with pytest.raises(UsageError, match="is not empty"):
        backup.restore(home, tmp_path / "saved")


def test_a_writer_waits_for_the_backup(tmp_path, monkeypatch):
    home = Settings(_env_file=None, home=tmp_path / "home")
    fill(home, NEWEST, stations=(108,))
    done: list[str] = []

    def write() -> None:
        with open_lake(home) as lake:
            issue(lake, NEWEST.replace(hour=4), stations=(108,))
        done.append("write")

    writer = threading.Thread(target=write)
    copy = backup._copy

    def copy_slowly(source: Path, target: Path) -> None:
        writer.start()
        writer.join(0.5)
        copy(source, target)
        done.append("copy")

    monkeypatch.setattr(backup, "_copy", copy_slowly)
    backup.save(home, tmp_path / "saved")
    writer.join()
    assert done == ["copy", "write"]
