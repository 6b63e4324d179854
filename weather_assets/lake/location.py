"""Where a lake lies: its catalogue, its data files, and how to reach them."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from weather_assets.errors import UsageError
from weather_assets.settings import is_postgres

_SQLITE_SCHEME = "sqlite:///"
PATIENCE_S = 600
"""How long a writer waits for another one, unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class S3Access:
    """How to reach the S3 server. Secrets never show in repr."""

    key_id: str | None
    secret: str | None = field(repr=False)
    session_token: str | None = field(repr=False)
    region: str = "us-east-1"
    endpoint_url: str | None = None


@dataclass(frozen=True, slots=True)
class LakeLocation:
    """Catalogue (SQLite path or postgres URL) and the folder or s3:// prefix of the tables' files.

    With a `snapshot` it is the lake as it was then, which only readers can open. `patience_s` is how long a writer
    waits for another one.
    Raises UsageError for any other kind of catalogue or place: a URL would be taken for a path.
    """

    catalog: str = field(repr=False)
    data: str
    s3: S3Access | None = None
    snapshot: int | None = None
    patience_s: int = PATIENCE_S

    def __post_init__(self) -> None:
        """Refuse what cannot be reached before anything is made there."""
        path = self.catalog.removeprefix(_SQLITE_SCHEME)
        if not (_is_complete(self.postgres_url) if self.is_postgres else "://" not in path):
            message = (
                "setting WEATHER_LAKE_CATALOG: write it as the path of a SQLite file "
                "or as postgresql://user:password@host:port/database"
            )
            raise UsageError(message)
        if "://" in self.data and not self.on_s3:
            message = f"setting WEATHER_LAKE_DATA: '{self.data}' is not reachable; use a folder or s3://bucket/prefix"
            raise UsageError(message)

    @property
    def is_postgres(self) -> bool:
        """Whether the catalogue is a PostgreSQL database."""
        return is_postgres(self.catalog)

    @property
    def postgres_url(self) -> SplitResult:
        """Parts of the URL of a PostgreSQL catalogue, the password among them."""
        return urlsplit(self.catalog)

    @property
    def on_s3(self) -> bool:
        """Whether the table files lie in S3."""
        return self.data.startswith("s3://")

    @property
    def catalog_path(self) -> Path:
        """File of the SQLite catalogue."""
        return Path(self.catalog.removeprefix(_SQLITE_SCHEME)).absolute()

    @property
    def lock_path(self) -> Path:
        """File whose lock serialises the commits of a SQLite catalogue."""
        return self.catalog_path.with_name(self.catalog_path.name + ".lock")

    @property
    def data_path(self) -> str:
        """Folder (absolute) or s3:// prefix of the tables' files, ending in a slash."""
        path = self.data if self.on_s3 else str(Path(self.data).absolute())
        return path.rstrip("/") + "/"

    @property
    def described(self) -> str:
        """The lake in words, without anything secret."""
        return "the lake of the PostgreSQL catalogue" if self.is_postgres else f"the lake {self.catalog_path}"

    def exists(self) -> bool:
        """Whether a lake may be there; only a SQLite catalogue can be known to be absent without asking a server."""
        return self.is_postgres or self.catalog_path.exists()


def _is_complete(url: SplitResult) -> bool:
    """Whether a postgres URL names a host, a usable port and a database."""
    try:
        return bool(url.hostname and url.path.strip("/")) and url.port != 0
    except ValueError:
        return False
