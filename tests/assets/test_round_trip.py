"""What a service sends of real days becomes the very clean rows that the files it was fed from become."""

from datetime import date
from pathlib import Path

import pytest
from local_services import KEY, Rows, load, rows, service_settings

from weather_assets.settings import Settings
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.kma_service import KmaService

FIRST, LAST = date(2020, 12, 1), date(2021, 1, 20)
"""Winter, with 3-hour rain, snow and temperatures of -9.0; a new year; two windows of each service."""

HOURS = 51 * 24


def clean(settings: Settings) -> Rows:
    return rows(settings, "SELECT * FROM clean.asos_hourly ORDER BY observed_at")


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["data_go_kr", "kma_api_hub"])
def test_clean_rows_are_those_of_the_csv_import(provider: str, tmp_path: Path, shared_data: Path) -> None:
    folder = shared_data / "asos_hourly" / "108"
    imported = Settings(_env_file=None, home=tmp_path / "csv", source=f"csv:{folder}")
    load(imported, FIRST, LAST, "load_through_clean")
    with KmaService(KmaCsvSource(folder), key=KEY, station_ids=[108]) as service:
        fetched = service_settings(tmp_path / "fetched", service, provider)
        load(fetched, FIRST, LAST, "load_through_clean")
        assert service.calls() == 2
    assert len(clean(fetched)) == HOURS
    assert clean(fetched) == clean(imported)
    assert rows(fetched, "SELECT count(*) FROM clean.asos_hourly WHERE air_temperature_c = -9.0")[0][0] > 0
