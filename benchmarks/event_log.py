"""Dagster's SQLite event log against ours: one run over a range of days, on assets that do nothing. Prints Markdown.

python benchmarks/event_log.py                                   800 days x 3 assets on both
python benchmarks/event_log.py --days 4383 --assets 5 --only ours
"""

import argparse
import os
import tempfile
import time
import warnings
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from weather_assets.automation.event_log import BATCH_SIZE_VARIABLE, EVENTS_PER_BATCH, BatchingSqliteEventLogStorage

FIRST_DAY = date(2010, 1, 1)
STORAGES = {"stock": (SqliteEventLogStorage, 0), "ours": (BatchingSqliteEventLogStorage, EVENTS_PER_BATCH)}
"""Name -> storage and how many events make a batch; stock gains nothing from batches, it stores them one by one."""
QUIET = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}


def main() -> None:
    """Measure the storages asked for, one after the other in this process."""
    parser = argparse.ArgumentParser(description="Event log of Dagster against ours", allow_abbrev=False)
    parser.add_argument("--days", type=int, default=800)
    parser.add_argument("--assets", type=int, default=3)
    parser.add_argument("--only", choices=STORAGES)
    asked = parser.parse_args()
    job = chain_of_assets(asked.assets)
    print(f"{asked.days} days x {asked.assets} assets, one run:\n")
    print("| event log | seconds | MB | days materialised |\n|---|---|---|---|")
    seconds = [measure(name, job, asked.days) for name in STORAGES if asked.only in {None, name}]
    if len(seconds) == len(STORAGES):
        print(f"\nRatio: {seconds[0] / seconds[1]:.0f}")


def chain_of_assets(length: int) -> dg.JobDefinition:
    """A job over `length` daily assets, each after the one before, that records four numbers per day."""
    days = dg.DailyPartitionsDefinition(start_date="2000-01-01", timezone="Asia/Seoul", end_offset=1)

    def numbered(number: int) -> dg.AssetsDefinition:
        @dg.asset(
            name=f"asset_{number}",
            deps=[f"asset_{number - 1}"] if number else [],
            partitions_def=days,
            backfill_policy=dg.BackfillPolicy.single_run(),
        )
        def nothing() -> dg.MaterializeResult[None]:
            return dg.MaterializeResult(metadata={"rows": 24, "missing": 0, "snapshot": 17, "seconds": 0.5})

        return nothing

    warnings.simplefilter("ignore", dg.BetaWarning)
    assets = [numbered(number) for number in range(length)]
    return dg.Definitions(assets, jobs=[dg.define_asset_job("chain", "*")]).resolve_job_def("chain")


def measure(name: str, job: dg.JobDefinition, days: int) -> float:
    """Run the job over so many days on a fresh storage, print its row and return the seconds it took."""
    storage, batch = STORAGES[name]
    os.environ[BATCH_SIZE_VARIABLE] = str(batch)
    span = {
        "dagster/asset_partition_range_start": FIRST_DAY.isoformat(),
        "dagster/asset_partition_range_end": (FIRST_DAY + timedelta(days=days - 1)).isoformat(),
    }
    with tempfile.TemporaryDirectory() as home:
        log = {"module": storage.__module__, "class": storage.__name__, "config": {"base_dir": f"{home}/log"}}
        with dg.DagsterInstance.local_temp(
            home, {"event_log_storage": log, "telemetry": {"enabled": False}}
        ) as instance:
            began = time.perf_counter()
            job.execute_in_process(run_config=QUIET, instance=instance, tags=span)
            seconds = time.perf_counter() - began
            done = len(instance.get_materialized_partitions(dg.AssetKey("asset_0")))
        megabytes = sum(file.stat().st_size for file in Path(home).rglob("*") if file.is_file()) / 1e6
    print(f"| {name} | {seconds:.1f} | {megabytes:.0f} | {done} |", flush=True)
    return seconds


if __name__ == "__main__":
    main()
