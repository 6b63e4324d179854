"""Twelve years of hourly portal files into storage that can be queried: ours, pandas, Polars."""

import tempfile
from pathlib import Path

import pandas as pd
import polars as pl

from benchmarks.inputs import SEOUL, YEARS, Place, load_seoul, opened, portal_files
from benchmarks.measuring import OURS, SIDE_COLUMNS, Section, interleaved, side_figures, side_rows

TEMPERATURE, STAMP = "기온(°C)", "일시"
TOLERANCE = 1e-3


def ours(place: Place) -> tuple[int, float]:
    """Into the lake: a cold start, every row checked, kept as received, with source and times."""
    with tempfile.TemporaryDirectory() as home, opened(Path(home), simulated=False) as lake:
        load_seoul(lake, place, YEARS)
        found = lake.first_row("SELECT count(*), sum(try_cast(ta AS DOUBLE)) FROM lake.raw.asos_hourly")
    assert found is not None  # noqa: S101
    return int(found[0]), float(found[1])


def with_pandas(place: Place) -> tuple[int, float]:
    """read_csv + concat, times parsed, one Parquet file."""
    frames = [pd.read_csv(path, encoding=encoding_of(path), low_memory=False) for path in _files(place)]
    table = pd.concat(frames, ignore_index=True)
    table[STAMP] = pd.to_datetime(table[STAMP])
    with tempfile.TemporaryDirectory() as folder:
        table.astype(dict.fromkeys(table.select_dtypes("object").columns, str)).to_parquet(f"{folder}/raw.parquet")
    return len(table), float(table[TEMPERATURE].sum())


def with_polars(place: Place) -> tuple[int, float]:
    """read_csv + concat, times parsed, one Parquet file."""
    frames = [pl.read_csv(path, encoding=encoding_of(path), infer_schema_length=None) for path in _files(place)]
    table = pl.concat(frames, how="diagonal_relaxed").with_columns(pl.col(STAMP).str.to_datetime("%Y-%m-%d %H:%M"))
    with tempfile.TemporaryDirectory() as folder:
        table.write_parquet(f"{folder}/raw.parquet")
    return table.height, float(table[TEMPERATURE].sum())


def compare(place: Place, rounds: int = 5) -> Section:
    """Seconds of each, once they agree on rows and on the sum of the temperatures."""
    portal_files(place)
    sides = interleaved({OURS: (ours, place), "pandas": (with_pandas, place), "Polars": (with_polars, place)}, rounds)
    rows, total = sides[0].answer
    for side in sides[1:]:
        if side.answer[0] != rows or abs(side.answer[1] - total) > TOLERANCE * abs(total):
            raise ValueError(f"{side.name} read {side.answer}, we {rows, total}")
    return Section(
        "CSV import",
        f"{YEARS} years of station {SEOUL} from {len(_files(place))} files "
        f"({rows:,} rows, {place.kind}) into storage. Ours checks every line, keeps every column as received and "
        "commits to a lake that is made for it; the others write one Parquet file and check nothing.",
        SIDE_COLUMNS,
        side_rows(sides),
        figures={"rows": rows, "runs": side_figures(sides)},
    )


def _files(place: Place) -> list[Path]:
    return sorted(place.readings.glob("*.csv"))


def encoding_of(path: Path) -> str:
    """Portal files are CP949, unless a program saved them again."""
    with path.open("rb") as stream:
        line = stream.readline()
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"
