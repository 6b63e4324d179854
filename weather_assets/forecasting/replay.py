"""Forecasts of the past as they would have been: models trained only before, hours as they were known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pandas as pd
import pyarrow as pa

from weather_assets.clock import HOUR
from weather_assets.forecasting.dataset import correction_times, features_known_at, stations_of, training_data
from weather_assets.forecasting.issue import REPLAY, issue
from weather_assets.forecasting.model import train
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import spans
from weather_assets.tables import FORECAST_HOURLY


def replay(
    lake: Lake,
    station_ids: Sequence[int],
    start: datetime,
    end: datetime,
    retrain_every: timedelta,
    progress: Callable[[str], None],
) -> int:
    """Issue the forecasts of start <= issued_at < end anew, marked replay, and replace those of an earlier replay.

    Per block of `retrain_every` one model per target is trained on what was known at the block's start. Returns the
    rows written. Raises WeatherError where nothing was known before `start`.
    """
    return sum(
        _replace(lake, station_ids, block_start, block_end, _block(lake, station_ids, block_start, block_end, progress))
        for block_start, block_end in spans(start, end, retrain_every)
    )


def _replace(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, tables: Iterable[pa.Table]) -> int:
    rows, among = "SELECT * FROM replayed_forecasts", f"kind = '{REPLAY}'"
    with lake.registered("replayed_forecasts", pa.concat_tables(tables)):
        return lake.replace_window(FORECAST_HOURLY, rows, station_ids, start, end, among=among)


def _block(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, progress: Callable[[str], None]
) -> Iterator[pa.Table]:
    """The forecasts of one block, target by target, from models trained through the hour before it."""
    through = start - HOUR
    features = features_as_issued(lake, station_ids, start, end)
    for target in TARGETS.values():
        data = training_data(lake, target, stations_of(lake), through, known_at=start)
        forecaster = train(target, data.features, data.observations, through)
        version = f"replay-{through:%Y-%m-%dT%H}"
        yield issue(forecaster, features, model_version=version, role=CHAMPION, kind=REPLAY)
        progress(f"replayed {target.name} {start:%Y-%m-%d} .. {end:%Y-%m-%d}")


def features_as_issued(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> pd.DataFrame:
    """Features of start <= issued_at < end, each hour made of what was known at that hour.

    Between two corrections the past does not change, so one query per correction serves all hours between them.
    """
    corrected = [instant for instant in correction_times(lake, station_ids, start, end) if start < instant < end]
    edges = [start, *corrected, end]
    parts = [
        features_known_at(lake, station_ids, edge, following, known_at=edge) for edge, following in pairwise(edges)
    ]
    return pd.concat(parts, ignore_index=True)
