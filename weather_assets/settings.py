"""Settings from the environment or .env, read here and nowhere else. docs: README, "Settings"."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from weather_assets.errors import UsageError

SOURCES = ("simulator", "csv:DIR", "kma_api_hub", "data_go_kr")


class Settings(BaseSettings):
    """Everything that can be set. Secrets are SecretStr: printing the settings never shows them."""

    model_config = SettingsConfigDict(
        env_prefix="WEATHER_",
        env_file=".env",
        # A line of a template that was left blank sets nothing.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    home: Path = Path(".weather")
    source: str = "simulator"
    stations: Annotated[tuple[int, ...], NoDecode] = (108,)
    start: date | None = None
    lake_catalog: str | None = Field(None, repr=False)
    lake_data: str | None = None
    # None means in the home.
    dagster_storage: str | None = Field(None, repr=False)
    dagster_logs: str | None = None
    legacy_pm10_cutoffs: bool = False
    duckdb_memory_limit: str = "2GB"
    executor: Literal["in_process", "kubernetes"] = "in_process"
    mlflow_tracking_uri: str | None = Field(None, repr=False, validation_alias=AliasChoices("MLFLOW_TRACKING_URI"))
    aws_access_key_id: str | None = Field(None, validation_alias=AliasChoices("AWS_ACCESS_KEY_ID"))
    aws_secret_access_key: SecretStr | None = Field(None, validation_alias=AliasChoices("AWS_SECRET_ACCESS_KEY"))
    aws_session_token: SecretStr | None = Field(None, validation_alias=AliasChoices("AWS_SESSION_TOKEN"))
    aws_region: str = Field("us-east-1", validation_alias=AliasChoices("AWS_REGION", "AWS_DEFAULT_REGION"))
    aws_endpoint_url_s3: str | None = Field(
        None, validation_alias=AliasChoices("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    )
    kma_api_hub_key: SecretStr | None = Field(None, validation_alias=AliasChoices("KMA_API_HUB_KEY"))
    data_go_kr_key: SecretStr | None = Field(None, validation_alias=AliasChoices("DATA_GO_KR_KEY"))
    # None means the provider's own address and the limit its documentation names (sources/).
    kma_api_hub_url: str | None = None
    data_go_kr_url: str | None = None
    airkorea_url: str | None = None
    kma_api_hub_daily_calls: Annotated[int, Field(gt=0)] = 10_000
    data_go_kr_daily_calls: Annotated[int, Field(gt=0)] = 10_000
    airkorea_daily_calls: Annotated[int, Field(gt=0)] = 500
    airkorea_sites: Annotated[dict[int, str], NoDecode] = Field(default_factory=lambda: {108: "중구"})
    dagster_url: str = "http://127.0.0.1:3000"
    # Where the HTTP API asks Dagster; None means dagster_url, which people's links lead to.
    dagster_api_url: str | None = None
    mlflow_url: str = "http://127.0.0.1:5000"
    slack_webhook_url: SecretStr | None = Field(None, validation_alias=AliasChoices("SLACK_WEBHOOK_URL"))
    alert_webhook_url: SecretStr | None = None
    # Without a token the HTTP API only reads.
    api_token: SecretStr | None = None
    api_requests_per_minute: Annotated[int, Field(gt=0)] = 6_000

    @field_validator("stations", mode="before")
    @classmethod
    def _split_stations(cls, value: object) -> object:
        """Accept 108,129 as well as a sequence."""
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, list | tuple):
            if not value:
                message = "no station is named; write KMA station numbers, for example 108,129"
                raise ValueError(message)
            return tuple(dict.fromkeys(_station_id(part) for part in value))
        return value

    @field_validator("airkorea_sites", mode="before")
    @classmethod
    def _split_sites(cls, value: object) -> object:
        """Accept 108:중구,159:광복동."""
        if not isinstance(value, str):
            return value
        pairs = [part.partition(":") for part in value.split(",") if part.strip()]
        return {_station_id(station.strip()): site.strip() for station, _, site in pairs}

    @field_validator("source")
    @classmethod
    def _known_source(cls, value: str) -> str:
        if value in {"simulator", "kma_api_hub", "data_go_kr"} or (value.startswith("csv:") and value != "csv:"):
            return value
        message = f"'{value}' is not a source; use one of {', '.join(SOURCES)}"
        raise ValueError(message)

    @field_validator("dagster_storage")
    @classmethod
    def _postgres_url(cls, value: str | None) -> str | None:
        """Dagster's tables lie in the home or in PostgreSQL; SQLAlchemy knows that by one of its two names only."""
        if not value:
            return None
        url = value.replace("postgres://", "postgresql://", 1)
        if not url.startswith("postgresql://") or not urlsplit(url).path.strip("/"):
            message = "write it as postgresql://user:password@host:port/database"
            raise ValueError(message)
        return url

    @field_validator("dagster_logs")
    @classmethod
    def _s3_prefix(cls, value: str | None) -> str | None:
        """What steps print lies in the home or in S3."""
        if not value:
            return None
        if not re.fullmatch(r"s3://[^/]+/.*[^/]/?", value):
            message = f"'{value}' is not s3://bucket/prefix"
            raise ValueError(message)
        return value.rstrip("/")

    @property
    def s3_variables(self) -> dict[str, str]:
        """Environment of libraries that reach S3 by themselves: they do not know .env, where the settings may be."""
        secret, token = self.aws_secret_access_key, self.aws_session_token
        given = {
            "AWS_ACCESS_KEY_ID": self.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": secret.get_secret_value() if secret else None,
            "AWS_SESSION_TOKEN": token.get_secret_value() if token else None,
            "AWS_DEFAULT_REGION": self.aws_region,
            "AWS_ENDPOINT_URL_S3": self.aws_endpoint_url_s3,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def catalog(self) -> str:
        """Path of the SQLite catalogue, or a postgres URL."""
        return self.lake_catalog or str(self.home / "catalog.sqlite")

    @property
    def data_root(self) -> str:
        """Folder or s3:// prefix that holds `lake/` (the tables), `models/`, `evaluation/`, `predictions/`."""
        return (self.lake_data or str(self.home / "data")).rstrip("/")

    @property
    def models_root(self) -> str:
        """Folder or prefix of the trained models' files, absolute: MLflow's server may run elsewhere."""
        root = self.data_root if "://" in self.data_root else str(Path(self.data_root).absolute())
        return f"{root}/models"

    @property
    def mlflow_database(self) -> Path:
        """File of the embedded MLflow store."""
        return self.home / "mlflow.db"

    @property
    def tracking_uri(self) -> str:
        """Where MLflow keeps runs and versions."""
        return self.mlflow_tracking_uri or f"sqlite:///{self.mlflow_database.absolute()}"


def _station_id(part: object) -> int:
    text = str(part)
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        message = f"'{text}' is not a station id; write KMA station numbers, for example 108,129"
        raise ValueError(message)
    return int(text)


def is_postgres(address: str) -> bool:
    """Whether a catalogue's or a storage's address is that of a PostgreSQL database."""
    return address.startswith(("postgres://", "postgresql://"))


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; a wrong one becomes a UsageError that names the variable.

    Overrides (None = not given) are what a command line option says about a setting of the same name.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic validates them
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0]) if first["loc"] else "settings"
        variable = where if where.isupper() else f"WEATHER_{where.upper()}"
        reason = first["msg"].removeprefix("Value error, ")
        message = f"setting {variable}: {reason}"
        raise UsageError(message) from None
