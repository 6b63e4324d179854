"""How often the promotion test decides rightly, falsely and how soon: simulated pairs, and pairs from a real lake.

    python benchmarks/promotion.py                     simulated, some seconds
    python benchmarks/promotion.py --home .weather     trains pairs of versions on the lake of that home and measures
                                                       how their scores differ, then resamples those differences

Looked at daily for a year, by the rules of forecasting/trial.py. Gains are shares of the champion's usual score.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from weather_assets.forecasting.sequential import BLOCK_DAYS, THRESHOLD, evidence
from weather_assets.forecasting.trial import LONGEST_RECIPE_TRIAL, LONGEST_REFRESH_TRIAL, REFRESH_MARGIN

if TYPE_CHECKING:
    import pandas as pd

    from weather_assets.forecasting.forecast import Forecast
    from weather_assets.forecasting.targets import Target
    from weather_assets.lake.lake import Lake

Floats = NDArray[np.float64]

PAIRS, DAYS, SEED = 4_000, 364, 20210601
BLOCK_HOURS = 24 * BLOCK_DAYS
NEVER = np.iinfo(np.int64).max
REFRESH_SPREAD, RECIPE_SPREAD, MEMORY = 0.042, 0.075, 0.93
"""Hourly differences measured on Seoul 2021 (--home): standard deviation of a refresh a month newer and of a recipe
without a third of the features, and the hourly memory that gives their autocorrelation of 0.65 at 6 h."""
RUN_HOURS = 240
"""Real differences are resampled in runs of ten days, far longer than they last."""


def lasting(generator: np.random.Generator, spread: float, memory: float) -> Floats:
    """Differences (pairs, hours) of an AR(1) process about 0."""
    hours = DAYS * 24
    noise = generator.normal(0, spread * np.sqrt(1 - memory**2), (hours, PAIRS))
    noise[0] = generator.normal(0, spread, PAIRS)
    for hour in range(1, hours):
        noise[hour] += memory * noise[hour - 1]
    return noise.T


def resampled(generator: np.random.Generator, differences: Floats) -> Floats:
    """Differences (pairs, hours) about 0, drawn in runs from real ones (hours,)."""
    apart = differences - differences.mean()
    runs = DAYS * 24 // RUN_HOURS + 1
    begins = generator.integers(0, len(apart) - RUN_HOURS, (PAIRS, runs))
    hours = (begins[:, :, None] + np.arange(RUN_HOURS)).reshape(PAIRS, -1)
    return np.asarray(apart[hours[:, : DAYS * 24]])


def promoted_on(gains: Floats, *, is_refresh: bool) -> NDArray[np.int64]:
    """Day on which each pair's challenger is promoted, NEVER where it is retired first or stays undecided."""
    shifted = gains + (REFRESH_MARGIN if is_refresh else 0.0)
    longest = LONGEST_REFRESH_TRIAL if is_refresh else LONGEST_RECIPE_TRIAL
    shown, against = (_first(evidence(side[:, :longest])) for side in (shifted, -shifted))
    return np.where((shown < NEVER) & (shown <= against), (shown + 1) * BLOCK_DAYS, NEVER)


def _first(capital: Floats) -> NDArray[np.int64]:
    crossed = capital >= THRESHOLD
    return np.where(crossed.any(axis=1), crossed.argmax(axis=1), NEVER)


def blocks(differences: Floats) -> Floats:
    """Block means (pairs, blocks) of hourly differences."""
    whole = differences.shape[1] // BLOCK_HOURS * BLOCK_HOURS
    return np.asarray(differences[:, :whole].reshape(len(differences), -1, BLOCK_HOURS).mean(axis=2))


def report(name: str, noise: Floats) -> None:
    """Print what becomes of challengers whose scores differ by this noise (pairs, blocks) about a true gain."""
    false = (promoted_on(noise, is_refresh=False) < NEVER).mean()
    worse = (promoted_on(noise - REFRESH_MARGIN, is_refresh=True) < NEVER).mean()
    equal = promoted_on(noise, is_refresh=True)
    better = promoted_on(noise + 0.05, is_refresh=False)
    cells = [false, worse, (equal <= 45).mean(), (equal < NEVER).mean(), *((better <= d).mean() for d in (30, 90, 180))]
    print(f"{name:46s}" + "".join(f"{cell:9.1%}" for cell in cells), flush=True)


@dataclass(frozen=True)
class Pair:
    """Two versions of a target and the hourly differences (hours,) of their scores over the year after training."""

    name: str
    differences: Floats


def real_pairs(home: Path) -> Iterator[Pair]:
    """Train on the lake of a home up to a year before its end and score the last year, hour of validity by hour."""
    from weather_assets.forecasting.targets import targets_of
    from weather_assets.lake.open import open_lake
    from weather_assets.settings import Settings

    with open_lake(Settings(_env_file=None, home=home), read_only=True) as lake:
        for target in targets_of("hourly").values():
            base = scored(lake, target, 0)
            yield Pair(f"{target.name}: refresh, a month newer", scored(lake, target, 30) - base)
            yield Pair(f"{target.name}: refresh, a year newer", scored(lake, target, 365) - base)
            fewer = scored(lake, target, 0, keep_all=False)
            yield Pair(f"{target.name}: recipe with fewer features", base - fewer)


def scored(lake: "Lake", target: "Target", days_before: int, *, keep_all: bool = True) -> Floats:
    """Scores (hours,) of the last year, as shares of the usual one, by a model trained so long before it."""
    from weather_assets import clock
    from weather_assets.forecasting import dataset
    from weather_assets.forecasting.model import train

    end, known_at, stations = dataset.newest_reading(lake), clock.now(), dataset.stations_of(lake)
    start = end - timedelta(days=365)
    data = dataset.training_data(lake, target, stations, start - timedelta(days=days_before), known_at)
    kept = [name for n, name in enumerate(data.features) if keep_all or n % 3 or n < 2 or name == target.element]
    model = train(target, data.features[kept], data.observations, start - timedelta(days=days_before))
    wanted = dataset.features_known_at(lake, "hourly", stations, start, end - timedelta(hours=48), known_at)
    truth = dataset.observations_known_at(lake, target, stations, start, end, known_at)
    return _hourly_scores(model.predict(wanted), truth) / model.holdout.mean_crps


def _hourly_scores(forecast: "Forecast", truth: "pd.DataFrame") -> Floats:
    """Mean CRPS over leads and stations of each hour of validity that was read."""
    from weather_assets.forecasting import scores
    from weather_assets.forecasting.series import observed_series
    from weather_assets.forecasting.spread import LEVELS

    hours = forecast.issue_hours[:, None] + forecast.leads
    crps = scores.crps(forecast.quantiles, LEVELS, observed_series(truth).at(forecast.station_ids, hours))
    known = np.isfinite(crps)
    place = (hours - hours.min())[known]
    counts = np.bincount(place)
    return np.asarray(np.bincount(place, crps[known])[counts > 0] / counts[counts > 0])


def describe(pair: Pair) -> None:
    """Print how the scores of a real pair differ."""
    apart = pair.differences - pair.differences.mean()
    lasting_h = [float(np.mean(apart[:-lag] * apart[lag:]) / apart.var()) for lag in (1, 6, 24, 48)]
    means = blocks(pair.differences[None])[0]
    print(
        f"{pair.name:46s} mean {pair.differences.mean():+.4f}, spread {apart.std():.4f} hourly, "
        f"{means.std():.4f} per block; autocorrelation at 1, 6, 24, 48 h "
        + ", ".join(f"{value:.2f}" for value in lasting_h)
    )


def main() -> None:
    """Print the table for simulated pairs, and for those of a lake where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a WEATHER_HOME whose lake holds two years or more")
    home = parser.parse_args().home
    generator = np.random.default_rng(SEED)
    pairs = list(real_pairs(home)) if home else []
    for pair in pairs:
        describe(pair)
    heads = ["false", "5% worse", "equal 45d", "equal", "gain 30d", "90d", "180d"]
    print(f"{'share promoted':46s}" + "".join(f"{head:>9s}" for head in heads))
    for spread in (0.03, 0.0625, 0.1, 0.15, 0.3):
        report(f"AR(0.90), hourly spread {spread}", blocks(lasting(generator, spread, 0.9)))
    for name, spread in (("a refresh", REFRESH_SPREAD), ("a new recipe", RECIPE_SPREAD)):
        report(f"as measured for {name}: AR({MEMORY}), {spread}", blocks(lasting(generator, spread, MEMORY)))
    for pair in pairs:
        report(f"{pair.name}, resampled", blocks(resampled(generator, pair.differences)))


if __name__ == "__main__":
    main()
