"""Files beside the tables (reports, plots): one writer for the folder or the s3:// prefix of the settings.

Belongs here: putting bytes where people and programs find them. Does not: what is in them.
"""

import os
from pathlib import Path

from weather_assets.errors import WeatherError
from weather_assets.lake.location import S3Access
from weather_assets.lake.open import lake_location
from weather_assets.settings import Settings


def write_artifact(settings: Settings, name: str, data: bytes) -> str:
    """Write a file, named like monitoring/drift/108/2021-03-01.html, below the data root; returns where it lies.

    A reader sees the old file or the new one. Raises WeatherError where the place cannot be written.
    """
    where = f"{settings.data_root}/{name}"
    try:
        if where.startswith("s3://"):
            _put_object(lake_location(settings).s3, where, data)
            return where
        return str(_replace_file(Path(where).absolute(), data))
    except OSError as error:
        raise WeatherError(
            f"{where} could not be written ({error.strerror or 'the S3 server refused it'}); "
            "check the free space, the AWS_* variables and that this user may write there"
        ) from None


def _replace_file(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _put_object(access: S3Access | None, url: str, data: bytes) -> None:
    """An object of S3 is replaced as a whole. Raises OSError where the server does not take it."""
    import boto3  # type: ignore[import-untyped]
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, key = url.removeprefix("s3://").partition("/")
    # Not every server of the protocol knows the checksums that AWS itself now takes by default.
    config = Config(connect_timeout=5, read_timeout=30, request_checksum_calculation="when_required")
    try:
        client = boto3.client(
            "s3",
            aws_access_key_id=access.key_id if access else None,
            aws_secret_access_key=access.secret if access else None,
            aws_session_token=access.session_token if access else None,
            region_name=access.region if access else None,
            endpoint_url=access.endpoint_url if access else None,
            config=config,
        )
        client.put_object(Bucket=bucket, Key=key, Body=data)
    except (BotoCoreError, ClientError, ValueError) as error:
        raise OSError(str(error)) from None
