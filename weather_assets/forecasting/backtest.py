"""Rolling-origin evaluation: every hour is scored by a model that had seen nothing after the start of its block."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weather_assets.clock import HOUR, KST
from weather_assets.errors import UsageError, WeatherError
from weather_assets.forecasting import scores
from weather_assets.forecasting.baselines import fit_baselines
from weather_assets.forecasting.forecaster import Forecaster
from weather_assets.forecasting.hours import Floats, Hours, times_of
from weather_assets.forecasting.inputs import Integers, issues_of
from weather_assets.forecasting.model import train, training_issues
from weather_assets.forecasting.series import observed_series
from weather_assets.forecasting.spread import LEVELS
from weather_assets.forecasting.targets import Target

BASELINES = ("persistence", "climatology", "ridge")
LEAD_GROUPS: tuple[tuple[int, int], ...] = ((1, 6), (7, 12), (13, 24), (25, 48))
BLOCK = timedelta(days=180)


@dataclass(frozen=True)
class Scored:
    """Forecasts with their truth: `quantiles` (N, L, 19), `observed` (N, L) and `baselines`, each (N, L).

    `observed` is NaN where the hour was not read or any baseline has no answer, so that all are scored on one set.
    """

    station_ids: Integers
    issue_hours: Hours
    leads: Integers
    quantiles: Floats
    observed: Floats
    baselines: Mapping[str, Floats]
    trained_through: tuple[datetime, ...]

    @property
    def expected(self) -> Floats:
        """Mean of the predictive distribution (N, L)."""
        return np.asarray(self.quantiles.mean(axis=2))

    def quantile(self, level: float) -> Floats:
        """Return the quantile (N, L) of a level."""
        return self.quantiles[:, :, LEVELS.index(level)]


def backtest(
    target: Target,
    features: pd.DataFrame,
    observations: pd.DataFrame,
    start: datetime,
    end: datetime,
    *,
    train_through: datetime | None = None,
    progress: Callable[[str], None] | None = None,
) -> Scored:
    """Forecast from every issue time in start <= issued_at < end and set the truth beside it.

    `features` and `observations` (station_id, observed_at, value) reach back over the training span. With
    `train_through` one model forecasts all, else one per block of 180 days, trained up to the hour before the block.
    Raises UsageError where `train_through` is not before `start`, WeatherError where nothing was issued in the span.
    """
    if train_through is not None and train_through >= start:
        raise UsageError(
            f"--train-through {train_through.isoformat()} is not before the first hour scored, {start.isoformat()}: "
            "a model may not be scored on hours it has seen"
        )
    issued = features["issued_at"]
    spans = [(start, end)] if train_through is not None else list(_blocks(start, end))
    parts = []
    for block_start, block_end in spans:
        wanted = features[(issued >= block_start) & (issued < block_end)]
        if wanted.empty:
            continue
        through = train_through or block_start - HOUR
        known = features[issued <= through]
        forecaster = train(target, known, observations, through, progress=progress)
        parts.append(score_span(forecaster, known, wanted, observations))
    if not parts:
        raise WeatherError(f"no forecasts could be issued from {start.isoformat()} to {end.isoformat()}: load readings")
    return _joined(parts)


def score_span(forecaster: Forecaster, known: pd.DataFrame, wanted: pd.DataFrame, observations: pd.DataFrame) -> Scored:
    """Forecast the rows `wanted` and set truth and baselines beside them; baselines are fitted on the rows `known`."""
    forecast = forecaster.predict(wanted)
    issues = issues_of(wanted, forecaster.feature_names)
    series = observed_series(observations)
    past = series.through(int(forecaster.trained_through.timestamp()) // 3600)
    training = training_issues(
        forecaster.target, issues_of(known, forecaster.feature_names), past, forecaster.trained_through
    )
    fitted = fit_baselines(forecaster.distribution.mean.background, training, past)
    baselines = {name: fitted[name].forecast(issues) for name in BASELINES}
    observed = series.at(issues.station_ids, issues.valid_hours(forecast.leads))
    comparable = np.isfinite(np.stack(list(baselines.values()))).all(axis=0)
    return Scored(
        station_ids=issues.station_ids,
        issue_hours=issues.issue_hours,
        leads=forecast.leads,
        quantiles=forecast.quantiles,
        observed=np.where(comparable, observed, np.nan),
        baselines=baselines,
        trained_through=(forecaster.trained_through,),
    )


def evaluation_rows(
    target: Target, scored: Scored, leads: Sequence[int], start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return the rows of `weather evaluate --json`: per station one for each lead, and one for the mean over all leads.

    Times are ISO 8601; train_through is the end of training of the last model. RMSE and bias are those of the mean of
    the predictive distribution, MAE that of its median: each score of the point forecast that it rewards (Gneiting
    2011, doi 10.1198/jasa.2011.r10138).
    The mean row is the mean of the scores of all leads of the target, whatever `leads` were asked for.
    """
    rows = []
    for station in np.unique(scored.station_ids):
        of_station = scored.station_ids == station
        by_lead = [_lead_scores(scored, of_station, place) for place in range(len(scored.leads))]
        facts = {"target": target.name, "station_id": int(station)}
        span = {
            "train_through": max(scored.trained_through).isoformat(),
            "from": start.isoformat(),
            "to": end.isoformat(),
        }
        for lead in leads:
            place = int(np.flatnonzero(scored.leads == lead)[0])
            rows.append({**facts, "lead_hours": lead, **_with_skill(by_lead[place]), **span})
        mean = {name: float(np.mean([row[name] for row in by_lead])) for name in by_lead[0]}
        mean["n"] = sum(row["n"] for row in by_lead)
        rows.append({**facts, "lead_hours": None, **_with_skill(mean), **span})
    return rows


def coverage_table(scored: Scored, lower: float = 0.1, upper: float = 0.9) -> pd.DataFrame:
    """Return the share of hours within a band by KST month of validity and group of leads.

    Columns: month (YYYY-MM), first_lead, last_lead, n, coverage.
    """
    valid = times_of((scored.issue_hours[:, None] + scored.leads).ravel())
    months = valid.tz_convert(KST).strftime("%Y-%m").to_numpy().reshape(scored.observed.shape)
    low, high = scored.quantile(lower), scored.quantile(upper)
    rows = []
    for month in np.unique(months):
        for first, last in LEAD_GROUPS:
            cells = (months == month) & (scored.leads >= first) & (scored.leads <= last)
            truth = scored.observed[cells]
            known = int(np.isfinite(truth).sum())
            rows.append((month, first, last, known, scores.coverage(low[cells], high[cells], truth)))
    return pd.DataFrame(rows, columns=["month", "first_lead", "last_lead", "n", "coverage"])


def _blocks(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        yield start, min(start + BLOCK, end)
        start += BLOCK


def _lead_scores(scored: Scored, of_station: NDArray[np.bool_], place: int) -> dict[str, float]:
    truth = scored.observed[of_station, place]
    quantiles, expected = scored.quantiles[of_station, place], scored.expected[of_station, place]
    low, lower, median, upper, high = (
        scored.quantile(level)[of_station, place] for level in (0.1, 0.25, 0.5, 0.75, 0.9)
    )
    references = {f"rmse_{name}": scores.rmse(scored.baselines[name][of_station, place], truth) for name in BASELINES}
    return {
        "n": int(np.isfinite(truth).sum()),
        "rmse": scores.rmse(expected, truth),
        "mae": scores.mae(median, truth),
        "bias": scores.bias(expected, truth),
        "crps": float(np.nanmean(scores.crps(quantiles, LEVELS, truth))),
        "coverage_50": scores.coverage(lower, upper, truth),
        "coverage_80": scores.coverage(low, high, truth),
        **references,
        # The CRPS of a forecast without spread is its absolute error.
        "crps_persistence": scores.mae(scored.baselines["persistence"][of_station, place], truth),
    }


def _with_skill(row: dict[str, float]) -> dict[str, float]:
    return {
        **row,
        "skill_vs_persistence": scores.skill(row["rmse"], row["rmse_persistence"]),
        "skill_vs_climatology": scores.skill(row["rmse"], row["rmse_climatology"]),
    }


def _joined(parts: Sequence[Scored]) -> Scored:
    return Scored(
        station_ids=np.concatenate([part.station_ids for part in parts]),
        issue_hours=np.concatenate([part.issue_hours for part in parts]),
        leads=parts[0].leads,
        quantiles=np.concatenate([part.quantiles for part in parts]),
        observed=np.concatenate([part.observed for part in parts]),
        baselines={name: np.concatenate([part.baselines[name] for part in parts]) for name in BASELINES},
        trained_through=tuple(through for part in parts for through in part.trained_through),
    )
