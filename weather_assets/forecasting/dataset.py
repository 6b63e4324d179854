"""What a model is trained on and forecasts from, read from the lake as it was known at an instant.

A correction that arrived after that instant is not seen, in features or in targets: the row it replaced is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from weather_assets.clock import HOUR, PUBLICATION_DELAY
from weather_assets.elements import Flag
from weather_assets.errors import WeatherError
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import features_sql
from weather_assets.forecasting.targets import Target
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import is_correction_sql, known_at_sql, newest_rows_sql
from weather_assets.lake.windows import condition_sql, instant_sql
from weather_assets.quality.hourly import clean_hourly_sql
from weather_assets.tables import CLEAN_ASOS_HOURLY, FEATURES_HOURLY, RAW_ASOS_HOURLY

_LOOKBACK = HOURLY_FEATURES.lookback_hours * HOUR
_NOT_FEATURES = ("station_id", "issued_at")
_IN_ORDER = "ORDER BY station_id, issued_at"
_IS_CORRECTION = is_correction_sql(RAW_ASOS_HOURLY)


@dataclass(frozen=True)
class TrainingData:
    """Features and observations up to an instant, and a fingerprint that changes when any of them does."""

    features: pd.DataFrame
    observations: pd.DataFrame
    fingerprint: str
    snapshot: int

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns that are features."""
        return tuple(name for name in self.features.columns if name not in _NOT_FEATURES)


def features_known_at(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> pd.DataFrame:
    """Features issued in start <= issued_at < end, made of nothing that came after `known_at`; one row per issue."""
    return lake.query(f"{_features_sql(lake, station_ids, start, end, known_at)} {_IN_ORDER}").df()


def observations_known_at(
    lake: Lake, target: Target, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> pd.DataFrame:
    """Trusted readings (flag ok) of the target: station_id, observed_at, value, for start <= observed_at < end."""
    return lake.query(_observations_sql(lake, target, station_ids, start, end, known_at)).df()


def training_data(
    lake: Lake, target: Target, station_ids: Sequence[int], through: datetime, known_at: datetime
) -> TrainingData:
    """Readings and features up to the hour `through`, inclusive, with the corrections that had come by `known_at`.

    Raises WeatherError where the stations have no readings up to then.
    """
    first = oldest_reading(lake)
    if first > through:
        stations = _comma(station_ids)
        message = f"no readings of stations {stations} up to {through.isoformat()}; load them with weather backfill"
        raise WeatherError(message)
    end = through + HOUR
    features = f"{_features_sql(lake, station_ids, first, end, known_at)} {_IN_ORDER}"
    observations = _observations_sql(lake, target, station_ids, first, end, known_at)
    return TrainingData(
        features=lake.query(features).df(),
        observations=lake.query(observations).df(),
        fingerprint="-".join(_fingerprint(lake, query) for query in (features, observations)),
        snapshot=lake.snapshot(),
    )


def stations_of(lake: Lake) -> list[int]:
    """Every station with clean readings, in order."""
    rows = lake.query("SELECT DISTINCT station_id FROM lake.clean.asos_hourly ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def newest_reading(lake: Lake) -> datetime:
    """Hour of the newest clean reading of any station; raises WeatherError where there is none."""
    return _edge_of_readings(lake, "max")


def oldest_reading(lake: Lake) -> datetime:
    """Hour of the oldest clean reading of any station; raises WeatherError where there is none."""
    return _edge_of_readings(lake, "min")


def correction_times(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime) -> list[datetime]:
    """Instants at which corrections that features of start <= issued_at < end depend on became available, in order."""
    condition = condition_sql(RAW_ASOS_HOURLY, station_ids, start - _LOOKBACK - HOUR, end)
    rows = lake.query(
        f"SELECT DISTINCT available_at FROM lake.raw.asos_hourly WHERE {condition} AND {_IS_CORRECTION} ORDER BY 1"
    ).fetchall()
    return [row[0] for row in rows]


def _edge_of_readings(lake: Lake, function: str) -> datetime:
    row = lake.query(f"SELECT {function}(observed_at) FROM lake.clean.asos_hourly").fetchone()
    if row is None or row[0] is None:
        message = "the lake holds no readings yet; load some with weather backfill"
        raise WeatherError(message)
    edge: datetime = row[0]
    return edge


def _features_sql(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime) -> str:
    since = start - _LOOKBACK - HOUR
    if not _corrected_after(lake, station_ids, since, end, known_at):
        return f"SELECT * FROM lake.features.hourly WHERE {condition_sql(FEATURES_HOURLY, station_ids, start, end)}"
    clean = _clean_sql(lake, station_ids, since, end, known_at)
    computed = features_sql(HOURLY_FEATURES, clean, start - PUBLICATION_DELAY, end - PUBLICATION_DELAY)
    return f"SELECT * FROM ({computed})"


def _observations_sql(
    lake: Lake, target: Target, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> str:
    return (
        f"SELECT station_id, observed_at, {target.element} AS value "
        f"FROM {_clean_sql(lake, station_ids, start, end, known_at)} "
        f"WHERE {target.element}_flag = '{Flag.OK}' "
        f"ORDER BY station_id, observed_at"
    )


def _clean_sql(lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime) -> str:
    """Relation (in brackets) with the clean rows of start <= observed_at < end as they were known at an instant."""
    if not _corrected_after(lake, station_ids, start, end, known_at):
        condition = condition_sql(CLEAN_ASOS_HOURLY, station_ids, start, end)
        return f"(SELECT * FROM lake.clean.asos_hourly WHERE {condition})"
    condition = (
        f"{condition_sql(RAW_ASOS_HOURLY, station_ids, start, end)} AND {known_at_sql(RAW_ASOS_HOURLY, known_at)}"
    )
    return f"({clean_hourly_sql(newest_rows_sql(RAW_ASOS_HOURLY, ('station_id', 'observed_at'), condition))})"


def _corrected_after(
    lake: Lake, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> bool:
    """Whether a reading of the window was corrected after the instant; if not, the tables hold what was known then."""
    condition = condition_sql(RAW_ASOS_HOURLY, station_ids, start, end)
    sql = (
        f"SELECT 1 FROM lake.raw.asos_hourly "
        f"WHERE {condition} AND {_IS_CORRECTION} AND available_at > {instant_sql(known_at)} LIMIT 1"
    )
    return lake.query(sql).fetchone() is not None


def _fingerprint(lake: Lake, query: str) -> str:
    """Hash of the rows of a query, whatever their order."""
    row = lake.query(f"SELECT count(*), bit_xor(hash(rows)) FROM ({query}) AS rows").fetchone()
    return "0" if row is None else f"{row[0]}.{row[1]:x}"


def _comma(station_ids: Sequence[int]) -> str:
    return ", ".join(str(int(station_id)) for station_id in station_ids)
