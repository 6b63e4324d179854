"""What a model is trained on and forecasts from, read from the lake as it was known at an instant.

A correction that arrived after that instant is not seen, in features or in targets: the row it replaced is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from weather_assets.clock import HOUR
from weather_assets.errors import WeatherError
from weather_assets.forecasting.daily.days import newest_issue
from weather_assets.forecasting.inputs import feature_names_of
from weather_assets.forecasting.known import FEATURES_LOOK_BACK, FEATURES_SQL, OBSERVATIONS_SQL
from weather_assets.forecasting.products import PRODUCTS
from weather_assets.forecasting.targets import Kind, Target
from weather_assets.lake.lake import Lake
from weather_assets.lake.versions import is_correction_sql
from weather_assets.lake.windows import condition_sql

BEGINNING = datetime(1904, 1, 1, tzinfo=UTC)
"""Before the first daily value of any station: KMA's oldest series begins in 1904."""

_IN_ORDER = "ORDER BY station_id, issued_at"


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
        return feature_names_of(self.features)


def features_known_at(
    lake: Lake, kind: Kind, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> pd.DataFrame:
    """Features issued in start <= issued_at < end, made of nothing that came after `known_at`; one row per issue."""
    return lake.query(f"{FEATURES_SQL[kind](lake, station_ids, start, end, known_at)} {_IN_ORDER}").df()


def observations_known_at(
    lake: Lake, target: Target, station_ids: Sequence[int], start: datetime, end: datetime, known_at: datetime
) -> pd.DataFrame:
    """Trusted observations of the target: station_id, observed_at, value, for start <= observed_at < end.

    `observed_at` is the hour of a reading, the first instant of a KST day, or the end of a 3-hour block (value 1 where
    it was wet, else 0).
    """
    return lake.query(OBSERVATIONS_SQL[target.kind](lake, target, station_ids, start, end, known_at)).df()


def training_data(
    lake: Lake, target: Target, station_ids: Sequence[int], through: datetime, known_at: datetime
) -> TrainingData:
    """Readings and features up to the hour `through`, inclusive, with the corrections that had come by `known_at`.

    Of a daily target they end with the newest hour of issue up to then: a later hour of the day changes nothing.

    Raises WeatherError where the stations have no readings up to then.
    """
    first = oldest_reading(lake)
    if first > through:
        stations = _comma(station_ids)
        message = f"no readings of stations {stations} up to {through.isoformat()}; load them with weather backfill"
        raise WeatherError(message)
    end = _last_hour(target, through) + HOUR
    features = f"{FEATURES_SQL[target.kind](lake, station_ids, first, end, known_at)} {_IN_ORDER}"
    since = BEGINNING if target.kind == "daily" else first
    observations = OBSERVATIONS_SQL[target.kind](lake, target, station_ids, since, end, known_at)
    return TrainingData(
        features=lake.query(features).df(),
        observations=lake.query(observations).df(),
        fingerprint="-".join(_fingerprint(lake, query) for query in (features, observations)),
        snapshot=lake.snapshot(),
    )


def _last_hour(target: Target, through: datetime) -> datetime:
    if target.kind != "daily":
        return through
    return datetime.fromtimestamp(newest_issue(int(through.timestamp()) // 3600) * 3600, tz=through.tzinfo)


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


def correction_times(
    lake: Lake, kind: Kind, station_ids: Sequence[int], start: datetime, end: datetime
) -> list[datetime]:
    """Instants at which corrections that features of start <= issued_at < end depend on became available, in order."""
    since = start - FEATURES_LOOK_BACK
    queries = [
        f"SELECT available_at FROM lake.{table.qualified_name} "
        f"WHERE {condition_sql(table, station_ids, since, end)} AND {is_correction_sql(table)}"
        for table in PRODUCTS[kind].raw
    ]
    rows = lake.query(f"SELECT DISTINCT available_at FROM ({' UNION ALL '.join(queries)}) ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def _edge_of_readings(lake: Lake, function: str) -> datetime:
    row = lake.first_row(f"SELECT {function}(observed_at) FROM lake.clean.asos_hourly")
    if row is None or row[0] is None:
        message = "the lake holds no readings yet; load some with weather backfill"
        raise WeatherError(message)
    edge: datetime = row[0]
    return edge


def _fingerprint(lake: Lake, query: str) -> str:
    """Hash of the rows of a query, whatever their order."""
    row = lake.first_row(f"SELECT count(*), bit_xor(hash(rows)) FROM ({query}) AS rows")
    return "0" if row is None else f"{row[0]}.{row[1] or 0:x}"


def _comma(station_ids: Sequence[int]) -> str:
    return ", ".join(str(int(station_id)) for station_id in station_ids)
