"""Forecasts of the past as they would have been: models trained only before, hours as they were known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pandas as pd
import pyarrow as pa

from weather_assets.clock import HOUR
from weather_assets.errors import TooFewReadingsError
from weather_assets.forecasting.dataset import correction_times, features_known_at, stations_of, training_data
from weather_assets.forecasting.estimators import estimator_for
from weather_assets.forecasting.issue import REPLAY, issue
from weather_assets.forecasting.products import PRODUCTS
from weather_assets.forecasting.registry import CHAMPION
from weather_assets.forecasting.targets import Kind, targets_of
from weather_assets.forecasting.width import HISTORY
from weather_assets.lake.lake import Lake
from weather_assets.lake.windows import spans


def replay(
    lake: Lake,
    kind: Kind,
    station_ids: Sequence[int],
    start: datetime,
    end: datetime,
    retrain_every: timedelta,
    progress: Callable[[str], None],
) -> int:
    """Issue the forecasts of a kind of start <= issued_at < end anew, marked replay, in place of an earlier replay's.

    Per block of `retrain_every` one model per target is trained on what was known at the block's start. Returns the
    rows written. Raises WeatherError where nothing was known before `start`; a target that had too little to learn from
    is left out.
    """
    return sum(
        _replace(lake, kind, station_ids, *block, _block(lake, kind, station_ids, *block, progress))
        for block in spans(start, end, retrain_every)
    )


def _replace(
    lake: Lake, kind: Kind, station_ids: Sequence[int], start: datetime, end: datetime, tables: Iterable[pa.Table]
) -> int:
    issued = list(tables)
    if not issued:
        return 0
    rows, among = "SELECT * FROM replayed_forecasts", f"kind = '{REPLAY}'"
    with lake.registered("replayed_forecasts", pa.concat_tables(issued)):
        return lake.replace_window(PRODUCTS[kind].forecast, rows, station_ids, start, end, among=among)


def _block(
    lake: Lake, kind: Kind, station_ids: Sequence[int], start: datetime, end: datetime, progress: Callable[[str], None]
) -> Iterator[pa.Table]:
    """The forecasts of one block, target by target, from models trained through the hour before it."""
    through = start - HOUR
    features = features_as_issued(lake, kind, station_ids, start, end)
    # Only hourly models follow their errors, on all stations; of each row they use what was issued up to it.
    history = features_as_issued(lake, kind, stations_of(lake), start - HISTORY, end) if kind == "hourly" else None
    for target in targets_of(kind).values():
        data = training_data(lake, target, stations_of(lake), through, known_at=start)
        try:
            forecaster = estimator_for(target).train()(target, data.features, data.observations, through)
        except TooFewReadingsError as error:
            progress(f"left out: {error}")
            continue
        version = f"replay-{through:%Y-%m-%dT%H}"
        yield issue(forecaster, features, history=history, model_version=version, role=CHAMPION, kind=REPLAY)
        progress(f"replayed {target.name} {start:%Y-%m-%d} .. {end:%Y-%m-%d}")


def features_as_issued(
    lake: Lake, kind: Kind, station_ids: Sequence[int], start: datetime, end: datetime
) -> pd.DataFrame:
    """Features of a kind of start <= issued_at < end, each row made of what was known when it was issued.

    Between two corrections the past does not change, so one query per correction serves all hours between them.
    """
    corrected = [instant for instant in correction_times(lake, kind, station_ids, start, end) if start < instant < end]
    edges = [start, *corrected, end]
    parts = [
        features_known_at(lake, kind, station_ids, edge, following, known_at=edge)
        for edge, following in pairwise(edges)
    ]
    return pd.concat(parts, ignore_index=True)
