"""Run before the services: makes the bucket, Dagster's home and its pools where they are not there yet.

Run as often as you like: once in compose.yaml, before every service on Kubernetes and ECS, where no disk is shared.
"""

import os
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from weather_assets.automation.pools import register_pools
from weather_assets.settings import load_settings

_ABSENT = {"404", "NoSuchBucket"}


def main() -> None:
    """Make what is missing."""
    settings = load_settings()
    register_pools(settings)
    place = urlsplit(settings.data_root)
    if place.scheme == "s3":
        make_bucket(place.netloc)


def make_bucket(name: str) -> None:
    """Make a bucket unless it is there; a role that may use this bucket alone is enough for looking."""
    client = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        client.create_bucket(Bucket=name, **_placed(client.meta.region_name))


def _placed(region: str | None) -> dict[str, dict[str, str]]:
    """What AWS wants to be told of every region but its first."""
    if region in (None, "us-east-1"):
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": str(region)}}


if __name__ == "__main__":
    main()
