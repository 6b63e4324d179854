"""Objects of S3 for the scripts beside this one: buckets are made, prefixes copied into a folder and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import boto3  # type: ignore[import-untyped]
from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from weather_assets.errors import WeatherError
from weather_assets.settings import Settings

_ABSENT = {"404", "NoSuchBucket", "NoSuchKey"}


class Prefix:
    """What lies below s3://bucket/prefix. Every method raises WeatherError where the server refuses it."""

    def __init__(self, settings: Settings, url: str) -> None:
        self.url = url
        self._bucket, _, path = url.removeprefix("s3://").partition("/")
        # The slash keeps out a neighbour whose name only begins the same.
        self._start = f"{path.strip('/')}/".lstrip("/")
        self._copied: dict[str, str] = {}
        with self._reached():
            self._client = _client(settings)

    def make_bucket(self) -> None:
        """Make the bucket unless it is there; a role that may use this bucket alone is enough for looking."""
        with self._reached():
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                if error.response["Error"]["Code"] not in _ABSENT:
                    raise
                self._client.create_bucket(Bucket=self._bucket, **_placed(self._client.meta.region_name))

    def tags(self) -> Iterator[tuple[str, str]]:
        """Name, without the prefix, and tag of each object; the tag is another one when the object was replaced."""
        with self._reached():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._start)
            found = ((one["Key"], one["ETag"]) for page in pages for one in page.get("Contents", ()))
            # Consoles mark an empty folder with an object that ends in a slash: no file can be named so.
            yield from ((key.removeprefix(self._start), tag) for key, tag in found if not key.endswith("/"))

    def is_empty(self) -> bool:
        """Whether no object is there."""
        return next(self.tags(), None) is None

    def download(self, folder: Path) -> None:
        """Make a folder hold every object; called again, just what has changed since is copied or deleted."""
        folder.mkdir(parents=True, exist_ok=True)
        there = dict(self.tags())
        for name in self._copied.keys() - there.keys():
            (folder / name).unlink()
        kept = {name: tag for name, tag in there.items() if self._copied.get(name) == tag}
        fetched = {name: tag for name, tag in there.items() if name not in kept and self._fetch(name, folder)}
        self._copied = kept | fetched

    def _fetch(self, name: str, folder: Path) -> bool:
        """Copy an object piece by piece, for it may be larger than the memory; False where it is gone since."""
        copy = folder / name
        if PurePosixPath(name).as_posix() != name or not copy.resolve().is_relative_to(folder.resolve()):
            raise WeatherError(f"{self.url}: no file can be named like the object '{name}': delete it")
        copy.parent.mkdir(parents=True, exist_ok=True)
        with self._reached():
            try:
                self._client.download_file(self._bucket, f"{self._start}{name}", str(copy))
            except ClientError as error:
                if error.response["Error"]["Code"] not in _ABSENT:
                    raise
                return False
        return True

    def upload(self, folder: Path) -> None:
        """Copy every file of a folder to where `download` would find it."""
        for path in folder.rglob("*"):
            if path.is_file():
                with self._reached():
                    key = f"{self._start}{path.relative_to(folder).as_posix()}"
                    self._client.upload_file(str(path), self._bucket, key)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (Boto3Error, BotoCoreError, ClientError, ValueError) as error:
            raise WeatherError(f"{self.url}: {error}; check the AWS_* variables and that the server answers") from None


def _client(settings: Settings) -> "boto3.client":
    secret, token = settings.aws_secret_access_key, settings.aws_session_token
    return boto3.client(
        "s3",
        aws_access_key_id=settings.aws_access_key_id,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        aws_session_token=token.get_secret_value() if token else None,
        region_name=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url_s3,
        # Not every server of the protocol knows the checksums that AWS itself now takes by default, and rclone's gives
        # that of the whole object with a part of it.
        config=Config(request_checksum_calculation="when_required", response_checksum_validation="when_required"),
    )


def _placed(region: str) -> dict[str, dict[str, str]]:
    """What AWS wants to be told of every region but its first."""
    return {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
