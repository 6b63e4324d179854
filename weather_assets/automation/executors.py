"""Where the steps of a run that the daemon or a page launches are executed.

Belongs here: the choice. Does not: where runs go, which is the run launcher of a dagster.yaml (deploy/).
"""

import dagster as dg

from weather_assets.errors import UsageError
from weather_assets.settings import Settings


def executor_of(settings: Settings) -> dg.ExecutorDefinition:
    """One process for all steps of a run, or where WEATHER_EXECUTOR says so a pod for each.

    One process is right up to many thousands of stations: importing a model library costs more than the work on one.
    Raises UsageError where dagster-k8s is not installed.
    """
    if settings.executor == "in_process":
        return dg.in_process_executor
    try:
        from dagster_k8s import k8s_job_executor
    except ImportError:
        message = "setting WEATHER_EXECUTOR: kubernetes needs dagster-k8s; pip install 'weather-assets[kubernetes]'"
        raise UsageError(message) from None
    executor: dg.ExecutorDefinition = k8s_job_executor
    return executor
