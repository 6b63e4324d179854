"""Rolling-origin evaluation: every hour is scored by a model that had seen nothing after the start of its block."""

from collections.abc import Callable, Iterator
from datetime import datetime
from math import ceil

import pandas as pd

from weather_assets.clock import DAY, HOUR, now
from weather_assets.errors import TooFewReadingsError, UsageError
from weather_assets.forecasting.dataset import BEGINNING, observations_known_at, oldest_reading, stations_of
from weather_assets.forecasting.estimators import TrainedModel, estimator_for
from weather_assets.forecasting.replay import features_as_issued
from weather_assets.forecasting.scored import Scored, joined, score_span
from weather_assets.forecasting.targets import Target
from weather_assets.lake.lake import Lake

BLOCK_DAYS = 180
"""About so many days are scored by one model; a year is two blocks, not two and a rest of five days."""


def backtest(
    target: Target,
    features: pd.DataFrame,
    observations: pd.DataFrame,
    start: datetime,
    end: datetime,
    *,
    train_through: datetime | None = None,
    progress: Callable[[str], None] | None = None,
    on_model: Callable[[TrainedModel], None] = lambda _: None,
) -> Scored:
    """Forecast from every issue time in start <= issued_at < end and set the truth beside it.

    `features` (rows of the kind's feature table) and `observations` (station_id, observed_at, value) reach back over
    the training span. With `train_through` one model forecasts all, else one per block of about 180 days, trained up to
    the hour before the block; each is given to `on_model`. Raises UsageError where `train_through` is not before
    `start`, TooFewReadingsError where nothing was issued in the span.
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
        model = estimator_for(target).train()(
            target, features[issued <= through], observations, through, progress=progress
        )
        on_model(model)
        parts.append(score_span(model, features[issued < block_start], wanted, observations))
    if not parts:
        raise TooFewReadingsError(
            f"no forecasts could be issued from {start.isoformat()} to {end.isoformat()}: load readings"
        )
    return joined(parts)


def backtest_data(lake: Lake, target: Target, end: datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return features, as they were when issued, and observations of all stations: what a backtest up to `end` takes.

    Raises WeatherError where the lake holds no readings.
    """
    first, stations = oldest_reading(lake), stations_of(lake)
    features = features_as_issued(lake, target.kind, stations, first, end)
    since, until = BEGINNING if target.kind == "daily" else first, end + (target.longest_lead_days + 1) * DAY
    return features, observations_known_at(lake, target, stations, since, until, known_at=now())


def _blocks(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    days = (end - start) / DAY
    length = ceil(days / max(1, round(days / BLOCK_DAYS))) * DAY
    while start < end:
        yield start, min(start + length, end)
        start += length
