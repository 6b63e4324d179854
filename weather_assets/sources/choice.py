"""Which provider the settings name."""

from pathlib import Path

from pydantic import SecretStr

from weather_assets.errors import UsageError
from weather_assets.settings import Settings
from weather_assets.sources.protocol import ReadingsSource


def is_simulated(settings: Settings) -> bool:
    """Whether the chosen source invents its readings."""
    return settings.source == "simulator"


def make_source(settings: Settings) -> ReadingsSource:
    """The provider that WEATHER_SOURCE names; raises UsageError where it cannot be used as set."""
    if settings.source == "simulator":
        from weather_assets.sources.simulator import SimulatorSource

        return SimulatorSource()
    if settings.source.startswith("csv:"):
        from weather_assets.sources.kma_csv import KmaCsvSource

        return KmaCsvSource(Path(settings.source.removeprefix("csv:")).expanduser())
    return _data_go_kr(settings) if settings.source == "data_go_kr" else _kma_api_hub(settings)


def _data_go_kr(settings: Settings) -> ReadingsSource:
    from weather_assets.sources.airkorea import AIRKOREA_URL
    from weather_assets.sources.call_budget import shared_budget
    from weather_assets.sources.data_go_kr import DATA_GO_KR_URL, DataGoKrSource
    from weather_assets.sources.http import Access

    return DataGoKrSource(
        key=_key(settings.data_go_kr_key, settings.source, "DATA_GO_KR_KEY"),
        url=settings.data_go_kr_url or DATA_GO_KR_URL,
        daily_calls=settings.data_go_kr_daily_calls,
        airkorea_url=settings.airkorea_url or AIRKOREA_URL,
        airkorea_daily_calls=settings.airkorea_daily_calls,
        airkorea_sites=settings.airkorea_sites,
        access=Access(budget=shared_budget(settings)),
    )


def _kma_api_hub(settings: Settings) -> ReadingsSource:
    from weather_assets.sources.call_budget import shared_budget
    from weather_assets.sources.http import Access
    from weather_assets.sources.kma_api_hub import KMA_API_HUB_URL, KmaApiHubSource

    return KmaApiHubSource(
        key=_key(settings.kma_api_hub_key, settings.source, "KMA_API_HUB_KEY"),
        url=settings.kma_api_hub_url or KMA_API_HUB_URL,
        daily_calls=settings.kma_api_hub_daily_calls,
        access=Access(budget=shared_budget(settings)),
    )


def _key(key: SecretStr | None, source: str, variable: str) -> SecretStr:
    if key is None or not key.get_secret_value().strip():
        message = f"source {source} needs a key: set {variable} in the environment or in .env"
        raise UsageError(message)
    return key
