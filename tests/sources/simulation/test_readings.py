"""The invented weather against physics and against what is published of Korea's; faultless readings, no mess."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from weather_assets.sources.simulation.ground import MEMORY_H
from weather_assets.sources.simulation.readings import simulate
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.site import site_of
from weather_assets.sources.simulation.timeline import Timeline

SEOUL, BAENGNYEONGDO, ULLEUNGDO, DAEGWALLYEONG = 108, 102, 115, 100
FIRST = 350_640  # 2010-01-01 00:00 UTC in hours since 1970
YEARS = 8


@cache
def weather(station_id: int, years: int = YEARS) -> pd.DataFrame:
    """Values in the elements' units under KMA's codes, blank = NaN, by KST stamp."""
    timeline = Timeline(FIRST - MEMORY_H, FIRST + years * 8766)
    numbers = simulate(Scene(0, site_of(station_id), timeline)).numbers
    index = pd.to_datetime(timeline.hours, unit="h", utc=True).tz_convert("Asia/Seoul")
    values = {code: np.where(column.present, column.values, np.nan) for code, column in numbers.items()}
    return pd.DataFrame(values, index=index).iloc[MEMORY_H:]


@pytest.fixture(scope="module")
def seoul() -> pd.DataFrame:
    return weather(SEOUL)


def rmse(error: pd.Series) -> float:
    return float(np.sqrt((error**2).mean()))


def magnus_hpa(temperature_c: pd.Series) -> pd.Series:
    """Alduchov and Eskridge 1996, written out here on its own."""
    return 6.1094 * np.exp(17.625 * temperature_c / (243.04 + temperature_c))


def anomaly(values: pd.Series) -> pd.Series:
    return values - values.groupby([values.index.month, values.index.hour]).transform("mean")


@pytest.mark.parametrize("station_id", [SEOUL, ULLEUNGDO, DAEGWALLYEONG, 12_345])
def test_temperature_dew_point_humidity_and_vapour_agree(station_id: int) -> None:
    now = weather(station_id)
    humidity = 100.0 * magnus_hpa(now.td) / magnus_hpa(now.ta)
    assert (now.hm - humidity).abs().max() <= 0.7
    assert (now.pv - magnus_hpa(now.td)).abs().max() <= 0.051
    assert (now.td <= now.ta).all()
    assert now.hm.between(1.0, 100.0).all()


@pytest.mark.parametrize("station_id", [SEOUL, DAEGWALLYEONG])
def test_the_two_pressures_differ_by_the_weight_of_the_air_between(station_id: int) -> None:
    now = weather(station_id)
    height_m = site_of(station_id).elevation_m
    layer_k = now.ta + 273.15 + 0.00325 * height_m
    assert (now.ps - now.pa * np.exp(0.0341632 * height_m / layer_k)).abs().max() < 0.2


def test_rain_and_snow_fall_from_clouds_only(seoul: pd.DataFrame) -> None:
    cover = seoul.dc10_tca.rolling(3, min_periods=1).max()
    assert (cover[seoul.rn.notna()] >= 7).all()
    assert (seoul.dc10_lmcs_ca <= seoul.dc10_tca).all()
    assert seoul.lcs_ch.isna().equals(seoul.dc10_lmcs_ca.eq(0))


def test_winter_rain_is_a_three_hour_total(seoul: pd.DataFrame) -> None:
    wet = seoul.rn.dropna()
    winter = wet.index.month.isin([11, 12, 1, 2, 3])
    assert (wet.index.hour[winter] % 3 == 0).all()
    assert len(set(wet.index.hour[~winter])) == 24
    assert winter.sum() > 100


def test_the_monsoon_is_the_wettest_time(seoul: pd.DataFrame) -> None:
    by_month = seoul.rn.groupby(seoul.index.month).sum() / YEARS
    # KMA normals of Seoul 1981-2010: 395 and 364 mm in July and August, 1,451 mm a year.
    assert 200 < by_month[7] < 550
    assert 200 < by_month[8] < 550
    assert 1000 < by_month.sum() < 1900
    assert by_month[[12, 1, 2]].max() < 0.25 * by_month[[7, 8]].min()


def test_snow_lies_in_the_cold_months_only_and_goes(seoul: pd.DataFrame) -> None:
    lying = seoul.dsnw.dropna()
    assert set(lying.index.month) <= {11, 12, 1, 2, 3, 4}
    assert 0.005 < len(lying) / len(seoul) < 0.1
    assert lying.max() < 80.0
    new = seoul.hr3_fhsc.dropna()
    assert (new.index.hour % 3 == 0).all()
    assert (seoul.ta[new.index] < 6.0).all()
    assert weather(DAEGWALLYEONG).dsnw.count() > 2 * len(lying)


@pytest.mark.parametrize(
    ("day", "first_hour", "last_hour"),
    # The sun of Seoul is up 05:11-19:57 KST at the summer and 07:43-17:17 at the winter solstice (KASI almanac);
    # an hour counts by its middle.
    [("2012-06-21", 6, 20), ("2012-12-21", 9, 17)],
)
def test_the_sun_shines_from_sunrise_to_sunset(seoul: pd.DataFrame, day: str, first_hour: int, last_hour: int) -> None:
    for code in ("icsr", "ss"):
        lit = seoul.loc[day, code].dropna()
        assert lit.index.hour.tolist() == list(range(first_hour, last_hour + 1))


def test_radiation_is_bright_at_noon_and_dims_under_cloud(seoul: pd.DataFrame) -> None:
    noon = seoul[(seoul.index.hour == 13) & (seoul.index.month == 6)]
    clear, overcast = noon.icsr[noon.dc10_tca == 0], noon.icsr[noon.dc10_tca == 10]
    # Highest hour at Seoul in published records: about 3.8 MJ/m2.
    assert 2.7 < clear.mean() < 3.8
    assert overcast.mean() < 0.4 * clear.mean()
    assert seoul.ss.between(0.0, 1.0).eq(seoul.ss.notna()).all()


def test_the_year_of_seoul(seoul: pd.DataFrame) -> None:
    by_month = seoul.ta.groupby(seoul.index.month).mean()
    normals = [-2.4, 0.4, 5.7, 12.5, 17.8, 22.2, 24.9, 25.7, 21.2, 14.8, 7.2, 0.4]
    assert np.abs(by_month.to_numpy() - normals).max() < 2.0
    assert np.abs(by_month.to_numpy() - normals).mean() < 1.0
    pressure = seoul.ps.groupby(seoul.index.month).mean()
    assert pressure[1] - pressure[7] == pytest.approx(18.4, abs=3.0)


def test_the_day_is_flat_under_cloud(seoul: pd.DataFrame) -> None:
    cover = seoul.dc10_tca.groupby(seoul.index.date).transform("mean")
    course = {name: seoul.ta[rows].groupby(seoul.index[rows].hour).mean() for name, rows in
              {"clear": cover < 2, "overcast": cover > 9}.items()}  # fmt: skip
    span = {name: values.max() - values.min() for name, values in course.items()}
    assert 8.0 < span["clear"] < 14.0
    assert span["overcast"] < 0.5 * span["clear"]
    assert course["clear"].idxmax() in (14, 15, 16)
    assert course["clear"].idxmin() in (5, 6, 7)


def test_ground_and_soil_are_damped_and_late(seoul: pd.DataFrame) -> None:
    depths = ["m005_te", "m01_te", "m02_te", "m03_te"]
    # Harmonics of one day: amplitude falls and the highest comes later with depth.
    by_hour = seoul[["ts", *depths]].groupby(seoul.index.hour).mean()
    wave = np.fft.rfft(by_hour.to_numpy(), axis=0)[1]
    assert (np.diff(np.abs(wave)) < 0).all()
    assert (np.diff(np.unwrap(np.angle(wave))) < 0).all()
    assert (seoul[depths].std().diff().iloc[1:] < 0).all()
    assert (seoul[depths].min().diff().iloc[1:] > 0).all()
    # Seoul at 30 cm, 2010-2021: not below -3 C.
    assert -5.0 < seoul.m03_te.min() < 2.0


def test_fog_and_rain_shorten_the_view(seoul: pd.DataFrame) -> None:
    assert seoul.vs[seoul.hm < 50].median() > 2 * seoul.vs[seoul.hm > 90].median()
    wet = seoul.rn > 2
    assert seoul.vs[wet].median() < seoul.vs[~wet & (seoul.hm > 80)].median()


def test_a_calm_has_no_direction(seoul: pd.DataFrame) -> None:
    calm = seoul.wd == 0
    assert (seoul.ws[calm] < 0.45).all()
    assert (seoul.ws[~calm] > 0.45).all()
    assert 0.01 < calm.mean() < 0.15
    assert 1.5 < seoul.ws.mean() < 3.5


def test_rising_pressure_brings_north_westerlies_and_colder_air(seoul: pd.DataFrame) -> None:
    rise = anomaly(seoul.ps).diff(6)
    north_west = seoul.wd.between(260, 360) | seoul.wd.between(10, 20)
    assert north_west[rise > 3].mean() > 0.6
    assert north_west[rise < -3].mean() < 0.45
    cooling = anomaly(seoul.ta).diff(24)
    assert cooling[rise > 4].mean() < -1.0
    assert cooling[rise < -4].mean() > 1.0


def test_weather_moves_from_west_to_east_at_ten_metres_a_second() -> None:
    west, east = anomaly(weather(BAENGNYEONGDO, 4).ps), anomaly(weather(ULLEUNGDO, 4).ps)
    lags = range(-36, 37)
    best = max(lags, key=lambda lag: west.shift(lag).corr(east))
    # 124.7 E to 130.9 E at 37.7 N: 546 km, 15 h at 10 m/s.
    assert 12 <= best <= 18
    assert west.shift(best).corr(east) > west.corr(east) + 0.1


def test_neighbours_share_their_weather_more_than_far_places() -> None:
    here = anomaly(weather(SEOUL, 4).ta)
    near, far = anomaly(weather(119, 4).ta), anomaly(weather(189, 4).ta)
    assert here.corr(near) > 0.9
    assert here.corr(near) > here.corr(far) + 0.1


def test_persistence_is_as_wrong_as_at_real_stations(seoul: pd.DataFrame) -> None:
    assert 0.6 < rmse(seoul.ta.diff(1)) < 1.2
    assert 3.0 < rmse(seoul.ta.diff(24)) < 4.5
    assert 15.0 < rmse(seoul.hm.diff(24)) < 22.0


def test_tomorrow_can_be_forecast_but_not_known(seoul: pd.DataFrame) -> None:
    """Least squares on a few readings beats persistence and climatology at 24 h, and stays far from perfect."""
    now = pd.DataFrame({code: anomaly(seoul[code]) for code in ("ta", "td", "ps", "hm")})
    inputs = pd.concat([now, now.diff(6), now.diff(24), now.rolling(72).mean()], axis=1)
    upstream = anomaly(weather(BAENGNYEONGDO).ps)
    inputs = inputs.set_axis(range(inputs.shape[1]), axis=1).assign(upstream=upstream, upstream_change=upstream.diff(6))
    rows = pd.concat([inputs, now.ta.shift(-24).rename("target")], axis=1).dropna()
    past, later = rows[rows.index.year < 2016], rows[rows.index.year >= 2016]
    weights, *_ = np.linalg.lstsq(past.drop(columns="target"), past.target, rcond=None)
    model = rmse(later.target - later.drop(columns="target") @ weights)
    persistence, climatology = rmse(later.target - now.ta[later.index]), rmse(later.target)
    assert model < 0.85 * persistence
    assert model < 0.92 * climatology
    assert model > 0.5 * climatology
