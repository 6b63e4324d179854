"""A small neural network in NumPy: two hidden layers, all leads at once.

Rectified linear units with dropout, fitted to squared error by Adam with decoupled weight decay (Loshchilov and
Hutter, arXiv 1711.05101) at a step size that falls as a cosine. The same rows give the same bits: fixed seed, and one
thread where the caller limits BLAS to one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from weather_assets.forecasting.inputs import Singles

NETWORK_PARAMETERS: dict[str, float] = {
    "hidden_1": 256,
    "hidden_2": 128,
    "epochs": 8,
    "least_steps": 400,
    "batch_rows": 512,
    "learning_rate": 1e-3,
    "warm_up_steps": 100,
    "dropout": 0.2,
    "weight_decay": 0.01,
}
_FIRST_MOMENT, _SECOND_MOMENT, _TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Network:
    """`weights` (inputs, outputs) and `biases` (outputs,) of each layer, in order."""

    weights: tuple[Singles, ...]
    biases: tuple[Singles, ...]

    def predict(self, inputs: Singles) -> Singles:
        """Return outputs (N, L) for inputs (N, P)."""
        hidden = inputs
        for weights, biases in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = np.maximum(hidden @ weights + biases, 0)
        return np.asarray(hidden @ self.weights[-1] + self.biases[-1])


def fit_network(inputs: Singles, wanted: Singles, seed: int) -> Network:
    """Fit on inputs (N, P) and what is wanted of each (N, L), of unit size; NaN where there is no truth."""
    p = NETWORK_PARAMETERS
    generator = np.random.default_rng(seed)
    network = _begun((inputs.shape[1], int(p["hidden_1"]), int(p["hidden_2"]), wanted.shape[1]), generator)
    adam = _Adam(network)
    batch = min(int(p["batch_rows"]), len(inputs))
    steps_per_epoch = len(inputs) // batch
    epochs = int(max(p["epochs"], -(-p["least_steps"] // steps_per_epoch)))
    for epoch in range(epochs):
        order = generator.permutation(len(inputs))
        for step in range(steps_per_epoch):
            rows = order[step * batch : (step + 1) * batch]
            share = (epoch * steps_per_epoch + step + 1) / (epochs * steps_per_epoch)
            adam.step(_gradients(network, inputs[rows], wanted[rows], generator), share)
    return network


def _begun(sizes: Sequence[int], generator: np.random.Generator) -> Network:
    """He initialisation; a last layer near nothing, so that the first answer is the mean."""
    weights = [
        (generator.standard_normal((size, following)) * np.sqrt(2 / size)).astype(np.float32)
        for size, following in pairwise(sizes)
    ]
    weights[-1] *= np.float32(0.1)
    return Network(tuple(weights), tuple(np.zeros(size, dtype=np.float32) for size in sizes[1:]))


def _gradients(network: Network, inputs: Singles, wanted: Singles, generator: np.random.Generator) -> list[Singles]:
    """Return the gradients of the mean squared error, of all weights and then of all biases, by back-propagation."""
    dropout = np.float32(NETWORK_PARAMETERS["dropout"])
    layers: list[Singles] = [inputs]
    masks: list[Singles] = []
    for weights, biases in zip(network.weights[:-1], network.biases[:-1], strict=True):
        active = layers[-1] @ weights + biases
        mask = (active > 0) & (generator.random(active.shape, dtype=np.float32) >= dropout)
        masks.append(mask.astype(np.float32) / (1 - dropout))
        layers.append(active * masks[-1])
    missed = layers[-1] @ network.weights[-1] + network.biases[-1] - wanted
    slope = np.nan_to_num(missed, nan=0.0) * np.float32(2 / missed.size)
    of_weights: list[Singles] = []
    of_biases: list[Singles] = []
    for layer in reversed(range(len(layers))):
        of_weights.insert(0, layers[layer].T @ slope)
        of_biases.insert(0, slope.sum(axis=0))
        if layer:
            slope = (slope @ network.weights[layer].T) * masks[layer - 1]
    return [*of_weights, *of_biases]


class _Adam:
    """Steps that are scaled by the running moments of each gradient; they change the network in place."""

    def __init__(self, network: Network) -> None:
        self._values = [*network.weights, *network.biases]
        self._decays = [True] * len(network.weights) + [False] * len(network.biases)
        self._means = [np.zeros_like(values) for values in self._values]
        self._squares = [np.zeros_like(values) for values in self._values]
        self._taken = 0

    def step(self, gradients: Sequence[Singles], share: float) -> None:
        """Take one step; `share` of all steps will then have been taken."""
        p = NETWORK_PARAMETERS
        self._taken += 1
        warm = min(1.0, self._taken / p["warm_up_steps"])
        rate = np.float32(p["learning_rate"] * warm * (1 + np.cos(np.pi * share)) / 2)
        mean_share = np.float32(1 - _FIRST_MOMENT**self._taken)
        square_share = np.float32(1 - _SECOND_MOMENT**self._taken)
        parts = zip(self._values, gradients, self._means, self._squares, self._decays, strict=True)
        for values, gradient, mean, square, decays in parts:
            mean += np.float32(1 - _FIRST_MOMENT) * (gradient - mean)  # noqa: PLW2901  # in place, array by array
            square += np.float32(1 - _SECOND_MOMENT) * (np.square(gradient) - square)  # noqa: PLW2901
            move = mean / mean_share / (np.sqrt(square / square_share) + np.float32(_TINY))
            if decays:
                move += np.float32(p["weight_decay"]) * values
            values -= rate * move  # noqa: PLW2901
