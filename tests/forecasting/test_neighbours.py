"""The nearest station's features against a join in pandas."""

import numpy as np
import pandas as pd
import pytest

from weather_assets.forecasting.inputs import Issues, issues_of
from weather_assets.forecasting.neighbours import neighbour_names, with_neighbours

SEOUL, SUWON, SEOSAN, BUSAN = 108, 119, 129, 159
NAMES = ("hour_of_day", "air_temperature_c", "dew_point_c")


@pytest.fixture
def table() -> pd.DataFrame:
    generator = np.random.default_rng(8)
    times = pd.date_range("2020-05-01T00:10Z", periods=200, freq="h")
    frames = [
        pd.DataFrame(
            {"station_id": station, "issued_at": times, **{name: generator.normal(size=200) for name in NAMES}}
        )
        for station in (SEOUL, SUWON, SEOSAN, BUSAN)
    ]
    table = pd.concat(frames, ignore_index=True).astype(dict.fromkeys(NAMES, np.float32))
    return table[generator.random(len(table)) < 0.8]


def widened(table: pd.DataFrame) -> Issues:
    return with_neighbours(issues_of(table, NAMES), NAMES)


def of(issues: Issues, station: int) -> np.ndarray:
    return issues.features[issues.station_ids == station]


def test_the_nearest_that_has_the_hour_is_taken(table: pd.DataFrame) -> None:
    here = table[table["station_id"] == SEOUL].set_index("issued_at")
    suwon, seosan = (table[table["station_id"] == other].set_index("issued_at") for other in (SUWON, SEOSAN))
    for place, name in enumerate(NAMES[1:]):
        # Suwon lies 35 km from Seoul, Seosan 98 km, Busan 325 km.
        expected = suwon[name].reindex(here.index).fillna(seosan[name].reindex(here.index))
        found = of(widened(table), SEOUL)
        np.testing.assert_array_equal(found[:, 3 + place], expected)
        np.testing.assert_allclose(found[:, 5 + place], expected - here[name], rtol=1e-6)
    assert neighbour_names(NAMES) == (
        "neighbour_air_temperature_c",
        "neighbour_dew_point_c",
        "neighbour_air_temperature_c_less_own",
        "neighbour_dew_point_c_less_own",
    )


def test_far_away_is_no_neighbour_and_the_own_features_stay(table: pd.DataFrame) -> None:
    found = of(widened(table), BUSAN)
    assert np.isnan(found[:, 3:]).all()
    np.testing.assert_array_equal(found[:, :3], table.loc[table["station_id"] == BUSAN, list(NAMES)])


def test_a_station_alone_or_without_a_place_has_none(table: pd.DataFrame) -> None:
    alone = widened(table[table["station_id"] == SEOUL])
    nowhere = widened(table.replace({"station_id": {SUWON: 9001, SEOSAN: 9002}}))
    assert np.isnan(alone.features[:, 3:]).all()
    assert np.isnan(of(nowhere, SEOUL)[:, 3:]).all()
