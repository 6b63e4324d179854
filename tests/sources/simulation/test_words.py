import numpy as np
import pytest

from weather_assets.sources.simulation.ground import Surface
from weather_assets.sources.simulation.sky import Sky
from weather_assets.sources.simulation.words import VOCABULARIES, cloud_form, ground_state, phenomena


def sky(total: float, low_mid: float, rain_mm: float) -> Sky:
    return Sky(np.array([total]), np.array([low_mid]), np.array([rain_mm]), np.array([total / 10.0]))


@pytest.mark.parametrize(
    ("view_m", "humidity_pct", "temperature_c", "rain_mm", "code"),
    [
        (20_000.0, 50.0, 15.0, 0.0, None),
        (5_000.0, 90.0, 15.0, 0.0, "19"),
        (5_000.0, 90.0, 15.0, 1.0, "1901"),
        (400.0, 99.0, 5.0, 0.0, "16"),
        (5_000.0, 45.0, 5.0, 0.0, "40"),
        (20_000.0, 60.0, -4.0, 1.0, "05"),
        (20_000.0, 70.0, 28.0, 1.0, "04"),
    ],
)
def test_phenomena_name_what_dims_and_what_falls(
    view_m: float, humidity_pct: float, temperature_c: float, rain_mm: float, code: str | None
) -> None:
    """Domestic codes as they stand in portal files: 01 rain, 04 shower, 05 snow, 16 fog, 19 mist, 40 haze."""
    found = phenomena(np.array([view_m]), np.array([humidity_pct]), np.array([temperature_c]), sky(9.0, 7.0, rain_mm))
    assert (VOCABULARIES["dmst_mtph_no"][found.steps[0]] if found.present[0] else None) == code


@pytest.mark.parametrize(
    ("total", "low_mid", "rain_mm", "form"),
    [
        (0.0, 0.0, 0.0, None),
        (4.0, 0.0, 0.0, "Ci"),
        (5.0, 5.0, 0.0, "Sc"),
        (10.0, 10.0, 0.5, "StNs"),
        (10.0, 10.0, 20.0, "CbStNs"),
    ],
)
def test_cloud_form_goes_with_the_cover(total: float, low_mid: float, rain_mm: float, form: str | None) -> None:
    found = cloud_form(sky(total, low_mid, rain_mm))
    assert (VOCABULARIES["clfm_abbr_cd"][found.steps[0]] if found.present[0] else None) == form


def test_ground_is_noted_four_times_a_day_and_snow_comes_first() -> None:
    hours = np.arange(24)
    frozen = np.full(24, -5.0)
    snow_cm = np.where(hours < 12, 3.0, 0.0)
    noted = ground_state(hours, Surface(frozen, {}, np.zeros(24), snow_cm), np.zeros(24))
    assert np.flatnonzero(noted.present).tolist() == [3, 9, 15, 21]
    assert [VOCABULARIES["gnd_stt_cd"][noted.steps[hour]] for hour in (3, 9, 15, 21)] == ["13", "13", "4", "4"]
