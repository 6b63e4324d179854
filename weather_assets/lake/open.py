"""The lake that the settings name, with the platform's tables."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from weather_assets.lake.lake import Lake
from weather_assets.lake.location import PATIENCE_S, LakeLocation, S3Access
from weather_assets.settings import Settings
from weather_assets.tables import ALL_TABLES


def lake_location(settings: Settings) -> LakeLocation:
    """Catalogue and data of the settings; the tables' files lie in `lake/` under the data root."""
    secret, token = settings.aws_secret_access_key, settings.aws_session_token
    access = S3Access(
        key_id=settings.aws_access_key_id,
        secret=secret.get_secret_value() if secret else None,
        session_token=token.get_secret_value() if token else None,
        region=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url_s3,
    )
    return LakeLocation(catalog=settings.catalog, data=f"{settings.data_root}/lake", s3=access)


def open_lake(
    settings: Settings,
    *,
    simulated: bool | None = None,
    read_only: bool = False,
    snapshot: int | None = None,
    patience_s: int = PATIENCE_S,
) -> Lake:
    """Open it. A reader never writes and fails where no lake is; a writer makes what is missing.

    With a `snapshot` (readers only) the lake is as it was then; raises LakeError where that snapshot is gone, or where
    another process keeps a writer waiting for longer than `patience_s`.
    """
    return Lake(
        replace(lake_location(settings), snapshot=snapshot, patience_s=patience_s),
        ALL_TABLES,
        simulated=simulated,
        read_only=read_only,
        memory_limit=settings.duckdb_memory_limit,
    )


def open_if_there(settings: Settings, *, patience_s: int = PATIENCE_S) -> AbstractContextManager[Lake | None]:
    """Open it to write to where there is one; where there is none nothing is made, and the block is given None."""
    return open_lake(settings, patience_s=patience_s) if lake_location(settings).exists() else nullcontext()
