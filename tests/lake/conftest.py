"""The same lake in the two places it can lie."""

from pathlib import Path

import pytest
from services import S3Server

from weather_assets.lake.location import LakeLocation, S3Access


@pytest.fixture
def local_location(tmp_path: Path) -> LakeLocation:
    """A SQLite catalogue and a folder, neither made yet."""
    return LakeLocation(
        catalog=str(tmp_path / "home" / "catalog.sqlite"), data=str(tmp_path / "home" / "data" / "lake")
    )


@pytest.fixture
def server_location(postgres_url: str, s3_server: S3Server, s3_prefix: str) -> LakeLocation:
    """A PostgreSQL catalogue and a prefix in S3, both empty."""
    access = S3Access(s3_server.key_id, s3_server.secret, None, endpoint_url=s3_server.endpoint_url)
    return LakeLocation(catalog=postgres_url, data=f"{s3_prefix}/lake", s3=access)


@pytest.fixture(params=["sqlite and folder", "postgres and s3"])
def location(request: pytest.FixtureRequest) -> LakeLocation:
    """Both, one after the other: what holds of a lake holds wherever it lies."""
    name = "local_location" if request.param == "sqlite and folder" else "server_location"
    chosen: LakeLocation = request.getfixturevalue(name)
    return chosen


@pytest.fixture(params=["sqlite and folder", "postgres and s3", "postgres and another s3"])
def any_location(request: pytest.FixtureRequest, tmp_path: Path) -> LakeLocation:
    """Both and a second S3 server of other people: what is written must come back from any."""
    if request.param != "postgres and another s3":
        kind = "local_location" if request.param == "sqlite and folder" else "server_location"
        chosen: LakeLocation = request.getfixturevalue(kind)
        return chosen
    moto: S3Server = request.getfixturevalue("moto_server")
    access = S3Access(moto.key_id, moto.secret, None, endpoint_url=moto.endpoint_url)
    data = f"s3://{moto.bucket}/{tmp_path.name}/lake"
    return LakeLocation(request.getfixturevalue("postgres_url"), data, s3=access)
