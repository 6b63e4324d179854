"""The Magnus formula and the tests on humidity made of it."""

import duckdb
import pyarrow as pa
import pytest
from quality.conftest import run_clean

from weather_assets.quality.humidity import disagrees_sql, saturation_vapor_pressure_sql


def value(sql: str) -> float:
    row = duckdb.execute(f"SELECT {sql}").fetchone()
    assert row is not None
    return float(row[0])


@pytest.mark.parametrize(
    ("temperature_c", "tabulated_hpa"),
    # Smithsonian Meteorological Tables, saturation over water (Goff-Gratch).
    [(-20, 1.2540), (-10, 2.8627), (0, 6.1078), (10, 12.272), (20, 23.373), (30, 42.430), (40, 73.777)],
)
def test_saturation_is_within_the_published_error(temperature_c: float, tabulated_hpa: float) -> None:
    # Alduchov & Eskridge give a relative error below 0.4 % from -40 to 50 C.
    assert value(saturation_vapor_pressure_sql(f"{temperature_c}::DOUBLE")) == pytest.approx(tabulated_hpa, rel=0.004)


def test_the_coefficients_are_those_of_alduchov_and_eskridge() -> None:
    assert value(saturation_vapor_pressure_sql("0.0")) == pytest.approx(6.1094, abs=1e-9)
    # exp(17.625 * 20 / 263.04) * 6.1094, by hand
    assert value(saturation_vapor_pressure_sql("20.0")) == pytest.approx(23.3344, abs=1e-3)


@pytest.mark.parametrize(
    ("temperature_c", "humidity_pct", "dew_point_c", "expected"),
    [
        (20.0, 100.0, 20.0, False),
        (20.0, 52.6, 10.0, False),
        (20.0, 56.0, 10.0, True),
        (20.0, 49.0, 10.0, True),
        (-10.0, 100.0, -9.9, True),
        (20.0, 100.0, 20.1, True),
    ],
)
def test_disagreement(temperature_c: float, humidity_pct: float, dew_point_c: float, expected: bool) -> None:
    sql = disagrees_sql(f"{temperature_c}::DOUBLE", f"{humidity_pct}::DOUBLE", f"({dew_point_c}::DOUBLE)")
    assert duckdb.execute(f"SELECT {sql}").fetchone() == (expected,)


@pytest.mark.slow
def test_on_real_hours_the_three_go_together(seoul_raw: pa.Table) -> None:
    """METEOROLOGY.md: on a clean year of Seoul the median is 0.19 and the maximum 0.69 points; 2018 here."""
    vapor, saturation = map(saturation_vapor_pressure_sql, ("dew_point_c", "air_temperature_c"))
    rebuilt = f"100 * ({vapor}) / ({saturation})"
    row = (
        run_clean(seoul_raw)
        .execute(
            f"SELECT median(d), max(d), count(*) FROM (SELECT abs(relative_humidity_pct - {rebuilt}) AS d FROM clean "
            "WHERE year(observed_at) = 2018) WHERE d IS NOT NULL"
        )
        .fetchone()
    )
    assert row is not None
    assert row[0] == pytest.approx(0.19, abs=0.02)
    assert row[1] < 0.75
    assert row[2] > 8700
