"""The features of many hours as arrays: the specification and the bits of the query in `sql`, several times as fast.

DuckDB works out each window by itself. Here a window is put together from two shorter ones, which the windows of a
signal share: the last 24 hours are the last 16 and the 8 before. Look-ahead is impossible by construction: all that
moves values moves them towards later hours.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.features.signals import FeatureSpecification, Signal, Statistic

Floats = NDArray[np.float64]
Values = NDArray[np.generic]
_MICROSECONDS_PER_HOUR = 3_600_000_000
_DELAY_IN_MICROSECONDS = PUBLICATION_DELAY // timedelta(microseconds=1)
_SIGNALS_AT_ONCE = 4
_HOURS_OF_A_STRETCH = 32_768
"""Hours that are worked on together: what is made of them on the way stays in the processor's cache."""
_ROWS_OF_A_GROUP = 122_880
"""Rows of a group in the Parquet files that DuckDB writes."""


def feature_table(
    specification: FeatureSpecification, readings: pa.Table, calendar: pa.Table, start: datetime
) -> pa.Table:
    """Work out the features of the usable hours from `start` on.

    ``readings`` are the rows of `sql.readings_sql` in the order of station and time, ``calendar`` those of
    `sql.calendar_sql` from `start` on. Columns of the result as of `sql.features_sql`, rows in the order of `readings`.
    Raises ValueError where the calendar lacks an hour of a reading.
    """
    stations, times = _numbers(readings, "station_id"), readings["observed_at"].cast(pa.int64()).to_numpy()
    hours = times // _MICROSECONDS_PER_HOUR
    grid = _Grid.of(stations, hours, specification.lookback_hours)
    wanted = np.flatnonzero(_numbers(readings, "is_usable") & (times >= int(start.timestamp() * 1_000_000)))
    stretches = list(_stretches(grid.places[wanted], specification.lookback_hours))

    def columns_of(signal: Signal) -> dict[str, pa.Array]:
        series = grid.spread(_numbers(readings, signal.name))
        made = {name: np.empty(len(wanted), np.float32) for name in signal.feature_names()}
        for stretch in stretches:
            for name, values in _features(signal, series[stretch.hours]):
                made[name][stretch.rows] = values[stretch.places]
        return {name: pa.array(values, from_pandas=True) for name, values in made.items()}

    issued = pa.array(times[wanted] + _DELAY_IN_MICROSECONDS).cast(readings["observed_at"].type)
    columns = {"station_id": readings["station_id"].take(pa.array(wanted)), "issued_at": issued}
    columns |= _calendar_columns(calendar, hours[wanted])
    # NumPy lets go of the interpreter while it works; few threads, for more would push each other out of the cache.
    with ThreadPoolExecutor(_SIGNALS_AT_ONCE) as pool:
        for made in pool.map(columns_of, specification.signals):
            columns |= made
    # DuckDB reads pieces side by side, but one piece with one thread; each fills a row group, and stays whole.
    whole = pa.table(columns)
    return pa.Table.from_batches(whole.to_batches(_ROWS_OF_A_GROUP), whole.schema)


def _calendar_columns(calendar: pa.Table, hours: NDArray[np.int64]) -> dict[str, pa.Array]:
    """What the calendar says of the hours; it has a row for each, in order."""
    first, *names = calendar.column_names
    places = hours - int(calendar[first][0].as_py())
    if len(places) and (places.min() < 0 or places.max() >= len(calendar)):
        raise ValueError(f"readings are of hours {places.min()} to {places.max()} of a calendar of {len(calendar)}")
    return {name: pa.array(_numbers(calendar, name)[places]) for name in names}


def _numbers(table: pa.Table, name: str) -> Values:
    """A column as NumPy; NULL of a DOUBLE becomes NaN."""
    return np.asarray(table[name].combine_chunks().to_numpy(zero_copy_only=False))


@dataclass(frozen=True)
class _Grid:
    """The hours of all stations in one row, none left out, and between stations nothing as far as windows look back."""

    places: NDArray[np.int64]
    length: int

    @classmethod
    def of(cls, stations: Values, hours: NDArray[np.int64], lookback_hours: int) -> "_Grid":
        """Place each reading; they come in the order of station and hour."""
        if not len(hours):
            return cls(np.zeros(0, np.int64), 0)
        first = np.flatnonzero(np.concatenate([[True], stations[1:] != stations[:-1]]))
        last = np.append(first[1:], len(hours)) - 1
        lengths = hours[last] - hours[first] + 1 + lookback_hours
        begins = np.cumsum(lengths) - lengths
        places = hours + np.repeat(begins - hours[first], last - first + 1)
        return cls(places, int(lengths.sum()))

    def spread(self, values: Values) -> Floats:
        """Values of the readings at their places, NaN at all others."""
        row = np.full(self.length, np.nan)
        row[self.places] = values
        return row


@dataclass(frozen=True)
class _Stretch:
    """Rows of the result, the hours of the grid that they depend on, and the places of the rows among those hours."""

    rows: slice
    hours: slice
    places: "slice | NDArray[np.int64]"


def _stretches(places: NDArray[np.int64], lookback_hours: int) -> Iterator[_Stretch]:
    """Cut the rows at these places of the grid, in order, wherever so many hours of it have passed."""
    if not len(places):
        return
    firsts = np.searchsorted(places, np.arange(places[0], places[-1] + 1, _HOURS_OF_A_STRETCH))
    for first, last in pairwise([*firsts.tolist(), len(places)]):
        if first < last:
            hours = slice(max(0, int(places[first]) - lookback_hours), int(places[last - 1]) + 1)
            yield _Stretch(slice(first, last), hours, _compact(places[first:last] - hours.start))


def _compact(places: NDArray[np.int64]) -> "slice | NDArray[np.int64]":
    """Places without a gap as a slice, which is not copied value by value."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if last - first == len(places) - 1 else places


def _features(signal: Signal, series: Floats) -> Iterator[tuple[str, Floats]]:
    """Name and values of each feature of a signal over the hours of a series."""
    if signal.level:
        yield signal.name, series
    for hours in signal.changes_h:
        change = np.full_like(series, np.nan)
        np.subtract(series[hours:], series[:-hours], out=change[hours:])
        yield f"{signal.name}_change_{hours}h", change
    windows = _Windows(series)
    for statistic, hours in signal.windows():
        yield f"{signal.name}_{statistic}_{hours}h", windows.over(statistic, hours)


@dataclass
class _Windows:
    """The windows of one series that end at each hour; a missing value takes part in none."""

    series: Floats
    _trailing: dict[str, "_Trailing"] = field(default_factory=dict)

    def over(self, statistic: Statistic, hours: int) -> Floats:
        """The statistic over the last hours, NaN where all of them are missing."""
        if statistic == "min":
            return self._of("min", np.fmin).over(hours)
        if statistic == "max":
            return self._of("max", np.fmax).over(hours)
        total, count = self._of("sum", np.add).over(hours), self._of("count", np.add).over(hours)
        with np.errstate(invalid="ignore"):
            # Sums of multiples of the grain are exact, so it does not matter from which halves they are put together.
            return total / count if statistic == "mean" else np.where(count > 0, total, np.nan)

    def _of(self, name: str, join: Callable[..., Values]) -> "_Trailing":
        if name not in self._trailing:
            self._trailing[name] = _Trailing(self._start(name), join)
        return self._trailing[name]

    def _start(self, name: str) -> Values:
        if name == "count":
            return (~np.isnan(self.series)).astype(np.uint16)
        # Adding zero makes -0.0 the 0.0 with which a sum begins.
        return np.nan_to_num(self.series) + 0.0 if name == "sum" else self.series


@dataclass
class _Trailing:
    """A series joined over its last hours: over 1 as given, over more from two shorter stretches."""

    given: Values
    join: Callable[..., Values]
    _made: dict[int, Values] = field(default_factory=dict)

    def over(self, hours: int) -> Floats:
        """The last so many hours, this one included."""
        if hours == 1:
            return self.given  # type: ignore[return-value]
        if hours not in self._made:
            recent = 1 << ((hours - 1).bit_length() - 1)
            near, far = self.over(recent), self.over(hours - recent)
            joined = near.copy()
            self.join(near[recent:], far[:-recent], out=joined[recent:])
            self._made[hours] = joined
        return self._made[hours]  # type: ignore[return-value]
