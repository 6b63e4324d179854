"""Run before the services: makes the bucket, Dagster's home and its pools where they are not there yet.

Run as often as you like: once in compose.yaml, before every service on Kubernetes and ECS, where no disk is shared.
"""

from objects import Prefix

from weather_assets.automation.pools import register_pools
from weather_assets.settings import load_settings


def main() -> None:
    """Make what is missing."""
    settings = load_settings()
    register_pools(settings)
    if settings.data_root.startswith("s3://"):
        Prefix(settings, settings.data_root).make_bucket()


if __name__ == "__main__":
    main()
