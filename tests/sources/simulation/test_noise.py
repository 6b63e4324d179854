import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather_assets.sources.simulation.noise import blend, normal, smooth, stream, uniform

HOURS = np.arange(-50_000, 150_000)


def test_uniform_is_even_and_within_its_bounds() -> None:
    drawn = uniform(stream("even"), HOURS)
    assert 0.0 < drawn.min() < drawn.max() < 1.0
    counts, _ = np.histogram(drawn, bins=20, range=(0.0, 1.0))
    # Chi-square with 19 degrees of freedom exceeds 43.8 once in a thousand.
    expected = len(HOURS) / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8


def test_splitmix64_gives_its_published_numbers() -> None:
    # First two outputs of SplitMix64 with seed 1234567: 6457827717110365317, 3203168211198807973.
    published = np.array([6457827717110365317, 3203168211198807973], dtype=np.uint64)
    drawn = uniform(1234567, np.array([1, 2]))
    assert drawn == pytest.approx(published / 2.0**64, abs=1e-15)


def test_normal_has_the_moments_and_no_memory() -> None:
    drawn = normal(stream("bell"), HOURS)
    assert drawn.mean() == pytest.approx(0.0, abs=0.01)
    assert drawn.std() == pytest.approx(1.0, abs=0.01)
    assert (drawn**4).mean() == pytest.approx(3.0, abs=0.1)
    assert np.corrcoef(drawn[1:], drawn[:-1])[0, 1] == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("spacing_h", [1.2, 6.0, 30.0])
def test_smooth_correlates_as_cubic_splines_do(spacing_h: float) -> None:
    step_h = spacing_h / 4.0
    drawn = smooth(stream("smooth", spacing_h), HOURS * step_h, spacing_h)
    assert drawn.mean() == pytest.approx(0.0, abs=0.03)
    assert drawn.std() == pytest.approx(1.0, abs=0.03)
    # Autocorrelation of random cubic splines: the 7th-degree B-spline, 2416 : 1191 : 120 : 1 at whole spacings.
    for lag, expected in ((4, 1191 / 2416), (8, 120 / 2416), (20, 0.0)):
        assert np.corrcoef(drawn[lag:], drawn[:-lag])[0, 1] == pytest.approx(expected, abs=0.03)
    assert np.abs(np.diff(drawn)).max() < 2.0


@given(first=st.integers(-(10**7), 10**7), length=st.integers(1, 50), spacing_h=st.floats(0.5, 300.0))
def test_smooth_depends_on_the_hour_alone(first: int, length: int, spacing_h: float) -> None:
    hours = np.arange(first - 100, first + 100 + length, dtype=np.float64)
    part = smooth(7, hours[100 : 100 + length], spacing_h)
    assert (part == smooth(7, hours, spacing_h)[100 : 100 + length]).all()


def test_blend_keeps_the_variance() -> None:
    drawn = blend(stream("blend"), HOURS.astype(np.float64), {3.0: 0.5, 40.0: 0.5})
    assert drawn.std() == pytest.approx(1.0, abs=0.03)


def test_other_names_give_unrelated_noise() -> None:
    one, other = (smooth(stream(0, name), HOURS.astype(np.float64), 3.0) for name in ("one", "other"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02
