"""Skill of the daily and rain forecasts on a lake of real readings: one model per target, scored on a later span.

    WEATHER_HOME=... python benchmarks/daily_and_rain.py [--train-through 2020-12-31] [--to 2021-12-31] [--station 108]

The lake must hold the readings (weather backfill --through features). Daily values from before the hourly readings help
the climatology. Nothing is written.
"""

import argparse
from collections.abc import Sequence
from time import monotonic

import numpy as np
from rich.console import Console
from rich.table import Table

from weather_assets.clock import DAY, HOUR, kst_midnight, now, parse_day
from weather_assets.forecasting.backtest import backtest
from weather_assets.forecasting.dataset import (
    BEGINNING,
    features_known_at,
    observations_known_at,
    oldest_reading,
    stations_of,
)
from weather_assets.forecasting.evaluation import evaluation_rows
from weather_assets.forecasting.scored import Scored
from weather_assets.forecasting.scores_events import brier, exceedance, grade_accuracy, reliability
from weather_assets.forecasting.targets import Target, targets_of
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import load_settings

GRADE_LIMITS_UGM3 = (31.0, 81.0, 151.0)
BAD_UGM3 = 81.0
OUT = Console(width=160)


def scored(lake: Lake, target: Target, first: str, last: str) -> Scored:
    """Train through the day before `first` and score up to `last`."""
    start, end = kst_midnight(parse_day(first) + DAY), kst_midnight(parse_day(last) + DAY)
    stations, oldest, known_at = stations_of(lake), oldest_reading(lake), now()
    features = features_known_at(lake, target.kind, stations, oldest, end, known_at)
    since = BEGINNING if target.kind == "daily" else oldest
    until = end + (target.longest_lead_days + 1) * DAY
    observations = observations_known_at(lake, target, stations, since, until, known_at)
    began = monotonic()
    found = backtest(target, features, observations, start, end, train_through=start - HOUR)
    OUT.print(f"{target.name}: trained and scored in {monotonic() - began:.1f} s")
    return found


def print_daily(lake: Lake, names: Sequence[str], station: int, first: str, last: str) -> None:
    """RMSE and CRPS of every daily target beside its references, skill and coverage; grades of PM10."""
    table = Table(
        "target", "day", "n", "RMSE", "persist.", "climat.", "ridge", "CRPS", "skill p.", "skill c.", "50 %", "80 %"
    )
    start, end = kst_midnight(parse_day(first) + DAY), kst_midnight(parse_day(last) + DAY)
    for target in (target for target in targets_of("daily").values() if target.name in names):
        found = scored(lake, target, first, last)
        for row in evaluation_rows(target, found, target.leads, start, end):
            if row["station_id"] == station and row["lead_hours"] is not None:
                errors = ("rmse", "rmse_persistence", "rmse_climatology", "rmse_ridge", "crps")
                shares = ("skill_vs_persistence", "skill_vs_climatology", "coverage_50", "coverage_80")
                numbers = [f"{row[name]:.3f}" for name in errors] + [f"{row[name]:.1%}" for name in shares]
                table.add_row(target.name, f"{row['lead_days']}", f"{row['n']}", *numbers)
        if target.multiplicative:
            print_grades(found, station)
        crossings = int((np.diff(found.quantiles, axis=2) < 0).sum())
        OUT.print(f"{target.name}: {crossings} crossings")
    if table.row_count:
        OUT.print(table)


def print_grades(found: Scored, station: int) -> None:
    """Grades of the median and of the upper quartile, the day after issue, and of persistence."""
    rows = found.station_ids == station
    truth = found.observed[rows, 0]
    table = Table(
        "forecast of tomorrow's PM10",
        "days",
        f"days >= {BAD_UGM3:.0f}",
        "accuracy",
        "POD",
        "FAR",
        "Peirce",
        "grade right",
    )
    candidates = {
        "median": found.quantile(0.5)[rows, 0],
        "mean": found.expected[rows, 0],
        "p75": found.quantile(0.75)[rows, 0],
        "p90": found.quantile(0.9)[rows, 0],
        **{name: found.baselines[name][rows, 0] for name in ("persistence", "ridge")},
    }
    for name, values in candidates.items():
        bad = exceedance(values, truth, BAD_UGM3)
        ratios = (bad.accuracy, bad.detection, bad.false_alarm_ratio, bad.peirce)
        right = grade_accuracy(values, truth, GRADE_LIMITS_UGM3)
        days, above = int(np.isfinite(truth).sum()), bad.hits + bad.misses
        table.add_row(name, f"{days}", f"{above}", *(f"{ratio:.2f}" for ratio in ratios), f"{right:.1%}")
    OUT.print(table)


def print_rain(lake: Lake, names: Sequence[str], station: int, first: str, last: str) -> None:
    """Brier score and skill by lead, and the reliability curve."""
    for target in (target for target in targets_of("rain").values() if target.name in names):
        found = scored(lake, target, first, last)
        rows = found.station_ids == station
        said, wet = found.expected[rows], found.observed[rows]
        references = {name: values[rows] for name, values in found.baselines.items()}
        table = Table("block ends within", "n", "Brier", "climatology", "persistence", "skill c.", "skill p.")
        for place, lead in [*enumerate(target.leads), (slice(None), None)]:
            score, usual, persistent = (
                brier(values[:, place], wet[:, place])
                for values in (said, references["climatology"], references["persistence"])
            )
            name, count = f"{lead} h" if lead else "all", int(np.isfinite(wet[:, place]).sum())
            skills = (f"{1 - score / usual:.1%}", f"{1 - score / persistent:.1%}")
            table.add_row(name, f"{count}", f"{score:.4f}", f"{usual:.4f}", f"{persistent:.4f}", *skills)
        OUT.print(table)
        curve = Table("said", "happened", "n", title="Reliability")
        for one in reliability(said, wet):
            curve.add_row(f"{one.forecast:.3f}", f"{one.observed:.3f}", f"{one.n}")
        OUT.print(curve)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train-through", default="2020-12-31")
    parser.add_argument("--to", default="2021-12-31")
    parser.add_argument("--station", type=int, default=108)
    parser.add_argument("--target", nargs="+", default=[*targets_of("daily"), *targets_of("rain")])
    options = parser.parse_args()
    with open_lake(load_settings(), read_only=True) as lake:
        print_daily(lake, options.target, options.station, options.train_through, options.to)
        print_rain(lake, options.target, options.station, options.train_through, options.to)


if __name__ == "__main__":
    main()
