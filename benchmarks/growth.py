"""What more stations and more years cost: the measured figures behind deploy/GROWTH.md.

    python benchmarks/growth.py lake --home .weather           # bytes per row of every table, of a lake that is there
    python benchmarks/growth.py steps --home .weather-demo     # seconds of every step of the newest run of each job
    python benchmarks/growth.py training --home .weather       # memory of the table that training reads
    python benchmarks/growth.py stations --counts 1,10,95   # loading and one day's update of so many, simulated

All but the last only read. `stations` works in temporary homes; what it measures is of one process and holds the
making of simulated readings too. Prints JSON, one line per figure.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from measuring import peak_mib

from weather_assets import clock
from weather_assets.commands.reading import instance_for_reading
from weather_assets.forecasting.inputs import issues_of
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.stations import STATIONS

Figure = dict[str, object]
_MIB = 1 << 20
# The catalogue's own tables: a name in the lake may be there in several schemas.
_FILES = """
SELECT s.schema_name || '.' || t.table_name, sum(f.record_count), sum(f.file_size_bytes), count(*)
FROM ducklake_data_file f JOIN ducklake_table t ON t.table_id = f.table_id
JOIN ducklake_schema s ON s.schema_id = t.schema_id
WHERE f.end_snapshot IS NULL AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL GROUP BY 1 ORDER BY 3 DESC"""


def lake_figures(settings: Settings) -> Iterator[Figure]:
    """Rows, bytes and bytes per row of every table that has files, and what Dagster keeps; the catalogue is SQLite."""
    with closing(sqlite3.connect(f"file:{settings.catalog}?mode=ro", uri=True)) as catalogue:
        rows = catalogue.execute(_FILES).fetchall()
    for table, count, size, files in rows:
        each = round(size / count, 1)
        yield {"table": table, "rows": int(count), "bytes": int(size), "files": files, "bytes_per_row": each}
    folder = settings.home / "dagster"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    yield {"dagster_mib": round(size / _MIB, 1), "days": _days(settings)}


def _days(settings: Settings) -> int:
    with open_lake(settings, read_only=True) as lake:
        row = lake.first_row("SELECT count(DISTINCT CAST(observed_at AS DATE)) FROM lake.clean.asos_hourly")
    return int(row[0]) if row else 0


def step_figures(settings: Settings) -> Iterator[Figure]:
    """Seconds of the steps of the newest finished run of every job."""
    with instance_for_reading(settings) as instance:
        if instance is None:
            return
        told = set()
        for record in instance.get_run_records():
            job = record.dagster_run.job_name
            if job in told or record.end_time is None:
                continue
            told.add(job)
            for step in instance.get_run_step_stats(record.dagster_run.run_id):
                if step.start_time and step.end_time:
                    yield {"job": job, "step": step.step_key, "seconds": round(step.end_time - step.start_time, 2)}


def training_figures(settings: Settings) -> Iterator[Figure]:
    """Memory that training needs for its table of features, per row; the stations and years of the lake as it is."""
    with open_lake(settings, read_only=True) as lake:
        lake.query("SELECT 1").fetchall()
        before = peak_mib()
        frame = lake.query("FROM lake.features.hourly").df()
        features = [name for name in frame.columns if name not in {"station_id", "issued_at"}]
        issues = issues_of(frame, features)
    grown = round(peak_mib() - before)
    size = round(grown * 1024 / len(frame), 2)
    yield {"rows": len(frame), "features": issues.features.shape[1], "peak_mib": grown, "kib_per_row": size}


def station_figures(counts: list[int], days: int) -> Iterator[Figure]:
    """Seconds and peak memory of loading `days` days, and of bringing today up to date, for so many stations."""
    today = clock.kst_date(clock.now())
    first = today - timedelta(days=days)
    for count in counts:
        chosen = list(STATIONS)[:count]
        with tempfile.TemporaryDirectory() as home:
            load = _timed(Path(home), chosen, f"{first}", f"{today - timedelta(days=1)}")
            hour = _timed(Path(home), chosen, f"{today}", f"{today}")
        rows = count * days * 24
        yield {"stations": len(chosen), "days": days, "rows": rows, "load": load, "today": hour}


def _timed(home: Path, stations: list[int], first: str, last: str) -> Figure:
    """A `weather backfill` of its own process: how long it took, and the most memory it held."""
    command = [Path(sys.executable).with_name("weather"), "backfill", "--from", first, "--to", last]
    chosen = ["--stations", ",".join(map(str, stations)), "--through", "features", "--no-train"]
    begun = perf_counter()
    process = subprocess.Popen(
        [*command, *chosen], env={**os.environ, "WEATHER_HOME": str(home)}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"weather backfill failed with {os.waitstatus_to_exitcode(status)}")
    seconds = perf_counter() - begun
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": used.ru_maxrss // 1024,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["lake", "steps", "training", "stations"])
    parser.add_argument("--home", type=Path, default=Path(".weather"))
    parser.add_argument("--counts", default="1,10,95", help="how many of the KMA stations")
    parser.add_argument("--days", type=int, default=30)
    given = parser.parse_args()
    settings = Settings(_env_file=None, home=given.home)
    figures = {
        "lake": lambda: lake_figures(settings),
        "steps": lambda: step_figures(settings),
        "training": lambda: training_figures(settings),
        "stations": lambda: station_figures([int(count) for count in given.counts.split(",")], given.days),
    }
    for figure in figures[given.what]():
        print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
