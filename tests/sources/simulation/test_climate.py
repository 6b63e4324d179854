import pytest

from weather_assets.sources.simulation.climate import temperature_c
from weather_assets.sources.simulation.site import site_of
from weather_assets.sources.simulation.timeline import Timeline

YEAR = Timeline(350_640, 350_640 + 8_766)


@pytest.mark.parametrize(
    ("station_id", "january_c", "august_c"),
    # KMA normals 1981-2010: Seoul, Busan, Jeju, Daegwallyeong.
    [(108, -2.4, 25.7), (159, 3.2, 25.9), (184, 5.7, 26.8), (100, -7.7, 19.1)],
)
def test_climate_is_near_the_normals_of_the_place(station_id: int, january_c: float, august_c: float) -> None:
    mean_c = temperature_c(YEAR, site_of(station_id))
    assert mean_c[YEAR.kst_month == 1].mean() == pytest.approx(january_c, abs=2.2)
    assert mean_c[YEAR.kst_month == 8].mean() == pytest.approx(august_c, abs=2.2)
