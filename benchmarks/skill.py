"""Skill and calibration of the hourly forecasts, on a lake of real readings. Prints Markdown.

WEATHER_HOME=... python benchmarks/skill.py                          train through 2020, score 2021, station 108
WEATHER_HOME=... python benchmarks/skill.py --year 2019 --targets air_temperature_c

The year scored lies wholly after the end of training. `--probe` adds forecasts from rows with elements missing.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from scipy.stats import norm

from weather_assets.clock import KST
from weather_assets.forecasting import scores
from weather_assets.forecasting.backtest import backtest_data
from weather_assets.forecasting.boosting import boost
from weather_assets.forecasting.evaluation import LEAD_GROUPS
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.hours import times_of
from weather_assets.forecasting.mean import CORRECTION_PARAMETERS
from weather_assets.forecasting.model import train
from weather_assets.forecasting.scored import Scored, score_span
from weather_assets.forecasting.spread import LEVELS
from weather_assets.forecasting.targets import TARGETS
from weather_assets.forecasting.width import HISTORY
from weather_assets.lake.open import open_lake
from weather_assets.settings import load_settings
from weather_assets.stations import STATIONS

LEADS = (1, 3, 6, 12, 24, 48)
TOLERANCE = 0.06
BLOCK_DAYS = 3


def main() -> None:
    """Train, score and time each target asked for."""
    parser = argparse.ArgumentParser(description="Skill of the hourly forecasts", allow_abbrev=False)
    parser.add_argument("--year", type=int, default=2021)
    parser.add_argument("--station", type=int, default=108)
    parser.add_argument("--targets", nargs="+", default=["air_temperature_c", "relative_humidity_pct"])
    parser.add_argument("--probe", action="store_true")
    asked = parser.parse_args()
    through = datetime(asked.year - 1, 12, 31, 23, tzinfo=KST)
    for name in asked.targets:
        with open_lake(load_settings(), read_only=True) as lake:
            features, observations = backtest_data(lake, TARGETS[name], datetime(asked.year + 1, 1, 1, tzinfo=KST))
        before, wanted = features[features["issued_at"] <= through], features[features["issued_at"] > through]
        began = time.perf_counter()
        forecaster = train(TARGETS[name], before, observations, through)
        print(f"\n## {name}, trained through {through:%Y-%m-%d}, scored on {asked.year}")
        print(f"training {time.perf_counter() - began:.0f} s; left out: {forecaster.parameters['left_out']}")
        scored = _of_station(score_span(forecaster, before, wanted, observations), asked.station)
        report(scored, asked.year)
        if asked.probe:
            probe(forecaster, before, wanted, observations, asked.station)
        timings(forecaster, features)


def _of_station(scored: Scored, station: int) -> Scored:
    rows = scored.station_ids == station
    return Scored(
        station_ids=scored.station_ids[rows],
        issue_hours=scored.issue_hours[rows],
        leads=scored.leads,
        valid_hours=scored.valid_hours[rows],
        quantiles=scored.quantiles[rows],
        observed=scored.observed[rows],
        baselines={name: values[rows] for name, values in scored.baselines.items()},
        trained_through=scored.trained_through,
    )


def report(scored: Scored, year: int) -> None:
    """Print scores by lead, the least skill by lead and month, coverage by month and group of leads, crossings."""
    places = range(len(scored.leads))
    by_lead = pd.DataFrame(
        {
            "rmse": [scores.rmse(scored.expected[:, p], scored.observed[:, p]) for p in places],
            **{
                name: [scores.rmse(values[:, p], scored.observed[:, p]) for p in places]
                for name, values in scored.baselines.items()
            },
            "crps": np.nanmean(scores.crps(scored.quantiles, LEVELS, scored.observed), axis=0),
            "bias": [scores.bias(scored.expected[:, p], scored.observed[:, p]) for p in places],
        },
        index=scored.leads,
    )
    shown = pd.concat([by_lead.loc[list(LEADS)], by_lead.mean().to_frame("mean").T]).round(3)
    print("\n| lead h | " + " | ".join(shown.columns) + " |\n|" + "---|" * (len(shown.columns) + 1))
    for lead, row in shown.iterrows():
        print(f"| {lead} | " + " | ".join(f"{value:.3f}" for value in row) + " |")
    months = _months(scored)
    for name in ("persistence", "climatology"):
        by_month = [_skill(scored, name, months == month) for month in range(1, 13)]
        least = float((1 - by_lead["rmse"] / by_lead[name]).min())
        print(f"\nskill over {name}: 1 h {_at(by_lead, name, 1):.1%}, 24 h {_at(by_lead, name, 24):.1%}, ", end="")
        print(f"least of 48 leads {least:.1%}, least of 12 months {min(by_month):.1%}")
    is_year = times_of(scored.valid_hours.ravel()).tz_convert(KST).year.to_numpy().reshape(months.shape) == year
    for band, low, high in ((0.8, 0.1, 0.9), (0.5, 0.25, 0.75)):
        coverage(scored, np.where(is_year, months, 0), band, low, high)
    print(f"crossings: {int((np.diff(scored.quantiles, axis=2) < 0).sum())}, ", end="")
    print(f"quantiles from {scored.quantiles.min():.1f} to {scored.quantiles.max():.1f}")


def _at(by_lead: pd.DataFrame, name: str, lead: int) -> float:
    return float(1 - by_lead.loc[lead, "rmse"] / by_lead.loc[lead, name])


def _months(scored: Scored) -> np.ndarray:
    return times_of(scored.valid_hours.ravel()).tz_convert(KST).month.to_numpy().reshape(scored.observed.shape)


def _skill(scored: Scored, name: str, cells: np.ndarray) -> float:
    truth = np.where(cells, scored.observed, np.nan)
    return scores.skill(scores.rmse(scored.expected, truth), scores.rmse(scored.baselines[name], truth))


def coverage(scored: Scored, months: np.ndarray, band: float, low: float, high: float) -> None:
    """Print the share within a band: over all, and how many cells of month and group of leads lie more than 6 % off.

    A cell holds a month of weather, so it scatters by itself: its standard error is that of means over blocks of three
    days, and says how many cells would lie outside if every one of them were right on the whole.
    """
    inside = (scored.observed >= scored.quantile(low)) & (scored.observed <= scored.quantile(high))
    known = np.isfinite(scored.observed)
    off, errors = [], []
    for month in range(1, 13):
        for first, last in LEAD_GROUPS:
            cells = (months == month) & known & (scored.leads >= first) & (scored.leads <= last)
            blocks = pd.Series(inside[cells]).groupby(scored.valid_hours[cells] // (24 * BLOCK_DAYS)).mean()
            off.append(float(inside[cells].mean()) - band)
            errors.append(float(blocks.std() / np.sqrt(len(blocks))))
    outside = [place for place, value in enumerate(off) if abs(value) > TOLERANCE]
    by_chance = float(2 * norm.sf(TOLERANCE / np.array(errors)).sum())
    print(
        f"\n{band:.0%} band: {inside[known].mean():.1%} within; cells more than 6 % off: {len(outside)} of {len(off)}"
    )
    print(f"(largest {min(off):+.1%} and {max(off):+.1%}; a cell's standard error {np.median(errors):.1%}, ", end="")
    print(f"so about {by_chance:.0f} would be outside by chance were bands and weather steady)")
    for place in outside:
        month, (first, last) = place // len(LEAD_GROUPS) + 1, LEAD_GROUPS[place % len(LEAD_GROUPS)]
        print(f"  month {month}, leads {first}-{last} h: {off[place]:+.1%} (standard error {errors[place]:.1%})")


def probe(
    forecaster: Forecaster, before: pd.DataFrame, wanted: pd.DataFrame, observations: pd.DataFrame, station: int
) -> None:
    """Print the RMSE at some leads with an element missing altogether, and with no reading of the last hour at all."""
    rows = wanted.iloc[::5]
    names = forecaster.feature_names
    elements = sorted({name for name in names if any(other.startswith(f"{name}_") for other in names)})
    cases: dict[str, list[str]] = {"nothing": []}
    cases |= {element: [name for name in names if name.startswith(element)] for element in elements}
    cases["last hour of every element"] = [name for name in names if name in elements or "_change_" in name]
    print("\n| missing | " + " | ".join(f"{lead} h" for lead in LEADS) + " |\n|" + "---|" * (len(LEADS) + 1))
    truth = _of_station(score_span(forecaster, before, rows, observations), station).observed
    for case, columns in cases.items():
        forecast = forecaster.predict(rows.assign(**dict.fromkeys(columns, np.nan)))
        expected = forecast.expected[forecast.station_ids == station]
        errors = [scores.rmse(expected[:, lead - 1], truth[:, lead - 1]) for lead in LEADS]
        print(f"| {case} | " + " | ".join(f"{error:.3f}" for error in errors) + " |")


def timings(forecaster: Forecaster, features: pd.DataFrame) -> None:
    """Print how long one forecast takes, for one station and for 95, and 2,000 trees on 30 days."""
    newest = features["issued_at"].max()
    here = features["station_id"] == features.loc[features["issued_at"].idxmax(), "station_id"]
    recent = features[here & (features["issued_at"] >= newest - HISTORY)]
    for stations in (list(STATIONS)[:1], list(STATIONS)[:95]):
        rows = pd.concat([recent.assign(station_id=station) for station in stations], ignore_index=True)
        is_now = rows["issued_at"] == newest
        informed = forecaster.informed(rows[~is_now])
        seconds = _seconds(lambda informed=informed, now=rows[is_now]: informed.predict(now))
        print(f"forecast of 48 h for {len(stations)} stations: {seconds:.2f} s")
    month = features[features["issued_at"] > newest - timedelta(days=30)][list(forecaster.feature_names)]
    inputs, wanted = month.to_numpy(np.float32), month[forecaster.target.element].shift(-24).fillna(0).to_numpy()
    parameters = {**CORRECTION_PARAMETERS, "min_data_in_leaf": 20}
    seconds = _seconds(lambda: boost(inputs, wanted, list(month), parameters, 2000), times=1)
    print(f"2,000 trees on 30 days: {seconds:.1f} s")


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the least seconds of some runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main()
