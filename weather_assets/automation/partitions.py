"""Partitions and how they depend on each other: KST days and years, and targets for models."""

import warnings
from datetime import datetime

import dagster as dg

from weather_assets.forecasting.targets import TARGETS

# Single-run backfills and lenient look-backs are what the graph is built on; Dagster calls them beta at every import.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

# Today is a partition too (end_offset=1): every hour brings it up to date.
DAYS = dg.DailyPartitionsDefinition(start_date="2000-01-01", timezone="Asia/Seoul", end_offset=1)
# Daily values reach back to 1907, when KMA's series of Seoul begins.
YEARS = dg.TimeWindowPartitionsDefinition(
    cron_schedule="0 0 1 1 *", fmt="%Y", start="1907", timezone="Asia/Seoul", end_offset=1
)
# Weeks that are over, by their Monday.
WEEKS = dg.WeeklyPartitionsDefinition(start_date="2000-01-03", day_offset=1, timezone="Asia/Seoul")
TARGET_PARTITIONS = dg.StaticPartitionsDefinition(list(TARGETS))
SINGLE_RUN = dg.BackfillPolicy.single_run()


def days_back(days: int) -> dg.TimeWindowPartitionMapping:
    """A day depends on itself and on the given number of days before it; days before 2000 are not missed."""
    return dg.TimeWindowPartitionMapping(start_offset=-days, allow_nonexistent_upstream_partitions=True)


def years_of() -> dg.TimeWindowPartitionMapping:
    """A day depends on its year and the one before it; years before 1907 are not missed."""
    return dg.TimeWindowPartitionMapping(start_offset=-1, allow_nonexistent_upstream_partitions=True)


def window_of(context: dg.AssetExecutionContext) -> tuple[datetime, datetime]:
    """First and past-the-end instant of the days or years of this run."""
    window = context.partition_time_window
    return window.start, window.end
