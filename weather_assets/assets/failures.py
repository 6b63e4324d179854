"""What Dagster is told when readings cannot be fetched: try again in a while, or leave it.

Belongs here: how an error of a source becomes a retry or a failure of a step. Does not: which error is which (see
sources/failures.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from weather_assets import clock
from weather_assets.errors import UsageError
from weather_assets.sources.failures import QuotaExceeded, ServiceFailure, TransientFailure

RETRIES = dg.RetryPolicy(max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""Not set on the assets: Dagster would apply it to every error and even to Ctrl-C."""

QUOTA_TAG = "weather/quota_spent_on"
"""A run that met the end of a quota carries the KST day; schedules leave its job alone for the rest of it."""


@contextmanager
def retried_if_transient(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Let an error of the block be retried by RETRIES if it may pass, and end the step at once if it cannot.

    Raises dg.RetryRequested or dg.Failure (never retried), with the error as its cause.
    """
    try:
        yield
    except TransientFailure as error:
        if context.retry_number >= RETRIES.max_retries:
            raise _end_of(error) from error
        wait_s = RETRIES.calculate_delay(context.retry_number + 1)
        raise dg.RetryRequested(max_retries=RETRIES.max_retries, seconds_to_wait=wait_s) from error
    except QuotaExceeded as error:
        context.instance.add_run_tags(context.run_id, {QUOTA_TAG: str(clock.kst_date(clock.now()))})
        raise _end_of(error) from error
    except UsageError as error:
        raise _end_of(error) from error


def _end_of(error: ServiceFailure | UsageError) -> dg.Failure:
    return dg.Failure(description=str(error), allow_retries=False)
