"""The platform's settings on both stacks: everything in a folder, or everything on servers. Nothing else differs."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from services import PostgresServer, S3Server

from weather_assets.commands.services import environment
from weather_assets.settings import Settings

STACKS = ["folder", "servers"]


def folder_settings(home: Path, **others: object) -> Settings:
    """The embedded default."""
    return Settings(_env_file=None, home=home, **others)  # type: ignore[arg-type]


def server_settings(home: Path, postgres: PostgresServer, s3: S3Server, **others: object) -> Settings:
    """Catalogue, Dagster's tables and MLflow's in databases of a PostgreSQL server, files and logs in S3."""
    prefix = f"s3://{s3.bucket}/{home.name}"
    return folder_settings(
        home,
        lake_catalog=postgres.new_database(),
        lake_data=prefix,
        dagster_storage=postgres.new_database(),
        dagster_logs=f"{prefix}/logs",
        mlflow_tracking_uri=postgres.new_database(),
        aws_access_key_id=s3.key_id,
        aws_secret_access_key=s3.secret,
        aws_endpoint_url_s3=s3.endpoint_url,
        **others,
    )


def stack_settings(name: str, request: pytest.FixtureRequest, home: Path, **others: object) -> Settings:
    """Settings of a stack by its name; the servers are started where they are asked for."""
    if name == "folder":
        return folder_settings(home, **others)
    servers = request.getfixturevalue("postgres_server"), request.getfixturevalue("s3_server")
    return server_settings(home, *servers, **others)


def variables(settings: Settings) -> Mapping[str, str]:
    """The environment in which another process has the same settings."""
    return {**environment(settings, settings.home.resolve() / "dagster"), "COLUMNS": "200"}
