"""All features of the specification from the same clean hours: ours, pandas, Polars; of one series: mlforecast."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMax, RollingMean, RollingMin

from benchmarks.inputs import Place, clean_home, clean_parquet, opened, station_ids, years
from benchmarks.measuring import OURS, SIDE_COLUMNS, Section, Side, interleaved, side_figures, side_rows
from weather_assets.assets.builds import FEATURES
from weather_assets.features.arrays import feature_table
from weather_assets.features.signals import FeatureSpecification, Signal
from weather_assets.features.specification import HOURLY_FEATURES
from weather_assets.features.sql import calendar_sql, readings_sql
from weather_assets.tables import FEATURES_HOURLY

CYCLES = {"hour_of_day": 24.0, "day_of_year": 365.2425}
HARMONICS = (1, 2, 3)
TEMPERATURE = next(signal for signal in HOURLY_FEATURES.signals if signal.name == "air_temperature_c")
TOLERANCE = 2e-3
"""Largest relative difference that is rounding: features are FLOAT, and ours are made of values rounded to 2^-20."""

_EQUAL = f"equal within {TOLERANCE:g} of (1 + value)"
_SERIES = (
    "The last two rows are a comparison of their own: mlforecast makes lags and windows of one series only, with gaps "
    "filled beforehand. Their `times ours` is against the first of them."
)
WIND = {"wind_eastward_ms": np.sin, "wind_northward_ms": np.cos}


def ours(place: Place, stations: int, count: int) -> int:
    """Into the lake, checked against the contract, with the book of what each day was built from."""
    with opened(clean_home(place, stations, count)) as lake:
        lake.connection.execute(f"DELETE FROM lake.{FEATURES_HOURLY.qualified_name}")
        return FEATURES.run(lake, station_ids(stations), *years(count))


def alone(source: Path, target: Path, count: int, signals: Sequence[str] = ()) -> int:
    """What makes our features without the lake: from the same Parquet file as the others, into a Parquet file.

    With `signals` of those only, and without the calendar.
    """
    chosen = tuple(signal for signal in HOURLY_FEATURES.signals if signal.name in signals)
    specification = FeatureSpecification((), chosen) if signals else HOURLY_FEATURES
    start, end = years(count)
    with _quiet_duckdb() as connection:
        readings = readings_sql(specification, f"'{source}'", start, end)
        in_order = connection.execute(f"{readings} ORDER BY station_id, observed_at").to_arrow_table()
        calendar = connection.execute(calendar_sql(specification, start, end)).to_arrow_table()
        made = feature_table(specification, in_order, calendar, start)
        connection.register("made", made)
        connection.execute(f"COPY made TO '{target}' (FORMAT parquet)")
    return made.num_rows


def with_pandas(source: Path, target: Path) -> int:
    """groupby, shift and rolling on a completed hourly grid."""
    clean = pd.read_parquet(source, columns=["station_id", "observed_at", *_columns()])
    grid = _pandas_grid(clean)
    by_station = grid["station_id"]
    features = {"station_id": by_station, "observed_at": grid["observed_at"], **_pandas_cycles(grid["observed_at"])}
    for signal in HOURLY_FEATURES.signals:
        features |= _pandas_signal(signal, _pandas_value(signal, grid), by_station)
    table = pd.DataFrame(features, copy=False)
    table = table[table[_usable_names()].notna().any(axis=1)]
    table.to_parquet(target)
    return len(table)


def _columns() -> list[str]:
    return [name for element in HOURLY_FEATURES.elements for name in (element, f"{element}_flag")]


def _usable_names() -> list[str]:
    return [signal.name for signal in HOURLY_FEATURES.signals if signal.level]


def _pandas_grid(clean: pd.DataFrame) -> pd.DataFrame:
    stations = {
        station: rows.set_index("observed_at").asfreq("h").assign(station_id=station)
        for station, rows in clean.groupby("station_id")
    }
    return pd.concat(stations.values()).reset_index()


def _pandas_cycles(observed_at: "pd.Series[pd.Timestamp]") -> dict[str, object]:
    local = observed_at.dt.tz_convert("Asia/Seoul").dt
    phases = {"hour_of_day": local.hour.astype(float), "day_of_year": local.dayofyear - 1 + local.hour / 24}
    cycles: dict[str, object] = {}
    for name, phase in phases.items():
        cycles[name] = phase.astype(np.float32)
        for order in HARMONICS:
            angle = order * 2 * np.pi * phase / CYCLES[name]
            cycles |= {f"{name}_sin_{order}": np.sin(angle).astype(np.float32)}
            cycles |= {f"{name}_cos_{order}": np.cos(angle).astype(np.float32)}
    return cycles


def _pandas_value(signal: Signal, grid: pd.DataFrame) -> pd.Series:
    is_ok = np.logical_and.reduce([grid[f"{element}_flag"].eq("ok") for element in signal.inputs])
    if signal.name in WIND:
        angle = np.deg2rad(grid["wind_direction_deg"])
        return (-grid["wind_speed_ms"] * WIND[signal.name](angle)).where(is_ok)
    value = grid[signal.name].where(is_ok)
    if signal.blank_value is not None:
        value = value.mask(grid[f"{signal.name}_flag"].eq("missing"), signal.blank_value)
    return value


def _pandas_signal(signal: Signal, value: pd.Series, by_station: pd.Series) -> Mapping[str, pd.Series]:
    stations = value.groupby(by_station, sort=False)
    made = {signal.name: value} if signal.level else {}
    made |= {f"{signal.name}_change_{hours}h": value - stations.shift(hours) for hours in signal.changes_h}
    for statistic, hours in signal.windows():
        rolled = getattr(stations.rolling(hours, min_periods=1), statistic)()
        made[f"{signal.name}_{statistic}_{hours}h"] = rolled.droplevel(0)
    return {name: column.astype(np.float32) for name, column in made.items()}


def with_polars(source: Path, target: Path) -> int:
    """Lazy expressions over stations, all columns in one select."""
    clean = pl.scan_parquet(source).select("station_id", "observed_at", *_columns()).sort("station_id", "observed_at")
    grid = clean.collect().upsample("observed_at", every="1h", group_by="station_id", maintain_order=True)
    grid = grid.with_columns(pl.col("station_id").forward_fill())
    values = grid.lazy().select(
        "station_id", "observed_at", *(_polars_value(signal).alias(signal.name) for signal in HOURLY_FEATURES.signals)
    )
    features = [feature for signal in HOURLY_FEATURES.signals for feature in _polars_signal(signal)]
    table = values.select("station_id", "observed_at", *_polars_cycles(), *features)
    table = table.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in _usable_names())).collect()
    table.write_parquet(target)
    return table.height


def _polars_cycles() -> list[pl.Expr]:
    local = pl.col("observed_at").dt.convert_time_zone("Asia/Seoul").dt
    hour = local.hour().cast(pl.Float64)
    phases = {"hour_of_day": hour, "day_of_year": local.ordinal_day().cast(pl.Float64) - 1 + hour / 24}
    made = [phase.cast(pl.Float32).alias(name) for name, phase in phases.items()]
    for name, phase in phases.items():
        for order in HARMONICS:
            angle = phase * (order * 2 * np.pi / CYCLES[name])
            made.append(angle.sin().cast(pl.Float32).alias(f"{name}_sin_{order}"))
            made.append(angle.cos().cast(pl.Float32).alias(f"{name}_cos_{order}"))
    return made


def _polars_value(signal: Signal) -> pl.Expr:
    is_ok = pl.all_horizontal(pl.col(f"{element}_flag") == "ok" for element in signal.inputs)
    angle = pl.col("wind_direction_deg").radians()
    winds = {"wind_eastward_ms": angle.sin(), "wind_northward_ms": angle.cos()}
    value = -pl.col("wind_speed_ms") * winds[signal.name] if signal.name in winds else pl.col(signal.name)
    chosen = pl.when(is_ok).then(value)
    if signal.blank_value is not None:
        return chosen.when(pl.col(f"{signal.name}_flag") == "missing").then(signal.blank_value)
    return chosen.otherwise(None)


def _polars_signal(signal: Signal) -> list[pl.Expr]:
    value = pl.col(signal.name)
    made = {signal.name: value} if signal.level else {}
    made |= {f"{signal.name}_change_{hours}h": value - value.shift(hours) for hours in signal.changes_h}
    for statistic, hours in signal.windows():
        rolled = getattr(value, f"rolling_{statistic}")(hours, min_samples=1)
        made[f"{signal.name}_{statistic}_{hours}h"] = rolled
    return [column.over("station_id").cast(pl.Float32).alias(name) for name, column in made.items()]


def with_mlforecast(source: Path, target: Path) -> int:
    """Lags and rolling windows of the air temperature only, gaps filled: it makes features of one series."""
    clean = pd.read_parquet(source, columns=["station_id", "observed_at", TEMPERATURE.name])
    grid = _pandas_grid(clean)
    series = pd.DataFrame(
        {
            "unique_id": grid["station_id"],
            "ds": grid["observed_at"].dt.tz_convert("UTC").dt.tz_localize(None),
            "y": grid[TEMPERATURE.name].ffill().astype(np.float32),
        }
    )
    kinds: dict[str, Callable[..., object]] = {"mean": RollingMean, "min": RollingMin, "max": RollingMax}
    windows = [kinds[statistic](hours, min_samples=1) for statistic, hours in TEMPERATURE.windows()]
    lags = [hours + 1 for hours in TEMPERATURE.changes_h]
    table = MLForecast(models=[], freq="h", lags=[1, *lags], lag_transforms={1: windows}).preprocess(
        series, dropna=False
    )
    table.to_parquet(target)
    return len(table)


def compare(place: Place, stations: int = 10, count: int = 10, rounds: int = 3) -> Section:
    """All sides in turn, once they agree on every feature of every row."""
    source = clean_parquet(place, stations, count)
    with tempfile.TemporaryDirectory() as folder:
        made = {name: Path(folder) / f"{name}.parquet" for name in ("ours", "pandas", "polars", "one", "mlforecast")}
        sides = interleaved(
            {
                OURS: (ours, place, stations, count),
                "ours without the lake, to Parquet": (alone, source, made["ours"], count),
                "pandas": (with_pandas, source, made["pandas"]),
                "Polars": (with_polars, source, made["polars"]),
            },
            rounds,
        )
        compared = [agreement(made["ours"], made[name]) for name in ("pandas", "polars")]
        series = interleaved(
            {
                "ours without the lake, air temperature": (alone, source, made["one"], count, (TEMPERATURE.name,)),
                "mlforecast, air temperature": (with_mlforecast, source, made["mlforecast"]),
            },
            rounds,
        )
    return _section(sides, series, compared, f"{stations} stations x {count} years")


def agreement(ours_file: Path, other: Path) -> int:
    """Compare every feature of every row of two files; returns how many values. Raises ValueError where they differ."""
    names = HOURLY_FEATURES.feature_names()
    delay = f"INTERVAL {int(timedelta(minutes=10).total_seconds())} SECOND"
    differs = " + ".join(f"count(*) FILTER ({_differs(name)})" for name in names)
    with _quiet_duckdb() as connection:
        row = connection.execute(
            f"SELECT count(*), (SELECT count(*) FROM '{ours_file}'), (SELECT count(*) FROM '{other}'), {differs} "
            f"FROM '{ours_file}' AS a JOIN '{other}' AS b "
            f"ON a.station_id = b.station_id AND a.issued_at = b.observed_at + {delay}"
        ).fetchone()
    if row is None or not row[0] == row[1] == row[2] or row[3]:
        raise ValueError(f"{other.stem} differs from our features: rows joined, ours, theirs, values apart = {row}")
    return int(row[0]) * len(names)


def _quiet_duckdb() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"memory_limit": "4GB"})
    connection.execute("SET enable_progress_bar = false")
    return connection


def _differs(name: str) -> str:
    # pandas and Polars write a value that is missing as NaN or as NULL.
    a, b = (f"CASE WHEN isnan({side}.{name}) THEN NULL ELSE {side}.{name} END" for side in "ab")
    return f"({a}) IS DISTINCT FROM ({b}) AND NOT coalesce(abs({a} - {b}) <= {TOLERANCE} * (1 + abs({a})), FALSE)"


def _section(sides: list[Side], series: list[Side], compared: list[int], size: str) -> Section:
    rows = sides[0].answer
    return Section(
        "Features",
        f"{len(HOURLY_FEATURES.feature_names())} features of {size} ({rows:,} rows) from clean hours. Ours reads the "
        "lake, checks keys and window, commits and keeps a book of every day; the others read and write Parquet.",
        SIDE_COLUMNS,
        [*side_rows(sides), *side_rows(series)],
        notes=[
            f"Every value of pandas and of Polars was compared with ours ({compared[0]:,} each): {_EQUAL}.",
            _SERIES,
        ],
        figures={"rows": rows, "runs": side_figures([*sides, *series])},
    )
