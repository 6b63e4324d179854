"""Run once before the services of compose.yaml: makes the bucket and Dagster's home where they are not there yet."""

import os
from urllib.parse import urlsplit

import boto3

from weather_assets.automation.instance import dagster_home
from weather_assets.settings import load_settings


def main() -> None:
    """Make what is missing."""
    settings = load_settings()
    dagster_home(settings)
    place = urlsplit(settings.data_root)
    if place.scheme != "s3":
        return
    client = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))
    if place.netloc not in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
        client.create_bucket(Bucket=place.netloc)


if __name__ == "__main__":
    main()
