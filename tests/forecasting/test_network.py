"""The network against derivatives by finite differences and against functions that no line fits."""

import numpy as np
import pytest

from weather_assets.forecasting import network
from weather_assets.forecasting.network import Network, fit_network

SEED = 4


@pytest.fixture
def without_dropout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(network.NETWORK_PARAMETERS, "dropout", 0.0)


def curve(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    inputs = np.random.default_rng(seed).normal(size=(rows, 3)).astype(np.float32)
    wanted = np.column_stack([np.abs(inputs[:, 0]) - 0.8, inputs[:, 1] * inputs[:, 2]]).astype(np.float32)
    return inputs, wanted


def loss(made: Network, inputs: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.nanmean((made.predict(inputs) - wanted) ** 2))


@pytest.mark.usefixtures("without_dropout")
def test_gradients_are_those_of_finite_differences() -> None:
    inputs, wanted = (values.astype(np.float64) for values in curve(40))
    generator = np.random.default_rng(SEED)
    sizes = ((3, 5), (5, 4), (4, 2))
    made = Network(
        tuple(generator.normal(size=size) for size in sizes), tuple(generator.normal(size=size[1]) for size in sizes)
    )
    found = network._gradients(made, inputs, wanted, generator)
    for values, gradient in zip([*made.weights, *made.biases], found, strict=True):
        for place in np.ndindex(values.shape):
            before = values[place]
            values[place] = before + 1e-6
            above = loss(made, inputs, wanted)
            values[place] = before - 1e-6
            below = loss(made, inputs, wanted)
            values[place] = before
            assert gradient[place] == pytest.approx((above - below) / 2e-6, abs=1e-5)


def test_a_curve_is_learnt_that_no_line_fits() -> None:
    made = fit_network(*curve(8000), SEED)
    # The best line leaves everything: neither |x| nor x y is correlated with an input.
    inputs, wanted = curve(2000, seed=2)
    assert loss(made, inputs, wanted) < 0.15 * np.mean(wanted**2)


def test_what_is_not_known_is_not_learnt_from() -> None:
    inputs, wanted = curve(4000)
    gaps = wanted.copy()
    gaps[::2, 0] = np.nan
    spoiled = gaps.copy()
    spoiled[:, 1] = np.nan
    assert np.isfinite(fit_network(inputs, gaps, SEED).predict(inputs)).all()
    # An output without any truth keeps its small first answer.
    assert np.abs(fit_network(inputs, spoiled, SEED).predict(inputs)[:, 1]).mean() < 0.3


def test_the_same_seed_gives_the_same_bits_and_another_seed_others() -> None:
    inputs, wanted = curve(1500)
    first, again, other = (fit_network(inputs, wanted, seed).predict(inputs) for seed in (SEED, SEED, SEED + 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_fewer_rows_than_a_batch_are_enough() -> None:
    inputs, wanted = curve(100)
    assert np.isfinite(fit_network(inputs, wanted, SEED).predict(inputs)).all()
