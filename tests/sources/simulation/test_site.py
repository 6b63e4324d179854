import pytest

from weather_assets.sources.simulation.site import site_of


def test_a_listed_station_stands_where_the_catalogue_says() -> None:
    assert site_of(108).longitude_deg == pytest.approx(126.97, abs=0.01)
    assert site_of(108).maritime < 0.3 < site_of(112).maritime
    assert site_of(115).maritime == 1.0


@pytest.mark.parametrize("station_id", [1, 500, 9_999, -3, 2_000_000_000])
def test_an_unlisted_station_stands_somewhere_in_korea(station_id: int) -> None:
    place = site_of(station_id)
    assert 34.5 < place.latitude_deg < 38.5
    assert 126.0 < place.longitude_deg < 129.5
    assert 0.0 < place.elevation_m < 2_000.0
    assert place == site_of(station_id)
