"""How MLflow is reached: quietly, with the keys of the settings, and with one clear error where it does not answer."""

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from weather_assets.errors import WeatherError
from weather_assets.settings import Settings


def prepare_mlflow(settings: Settings) -> None:
    """Make mlflow quiet, local where nothing else is set; call before its first use in a process."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    # By default its client asks a server that is down for minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if settings.mlflow_tracking_uri is None:
        settings.home.mkdir(parents=True, exist_ok=True)


class MlflowError(WeatherError):
    """MLflow, or the store of its files, does not answer."""


@contextmanager
def mlflow_answering(settings: Settings) -> Iterator[None]:
    """Use MLflow inside the block: it finds the S3 keys of the settings.

    Raises MlflowError, naming the address, where it or the store of its files does not answer.
    """
    prepare_mlflow(settings)
    from botocore.exceptions import BotoCoreError, ClientError
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    with _environment(_s3_variables(settings)):
        try:
            yield
        except (MlflowException, SQLAlchemyError) as error:
            where, remedy = without_login(settings.tracking_uri), "check MLFLOW_TRACKING_URI and that its server runs"
            raise MlflowError(
                f"MLflow at {where} does not answer as it should ({_first_line(error)}); {remedy}"
            ) from None
        except (BotoCoreError, ClientError) as error:
            remedy = "check the AWS_* variables and AWS_ENDPOINT_URL_S3; weather doctor tries them"
            raise MlflowError(
                f"the models' files in {settings.models_root} are not reached ({_first_line(error)}); {remedy}"
            ) from None


def _s3_variables(settings: Settings) -> Mapping[str, str]:
    """What MLflow's S3 client reads."""
    endpoint = settings.aws_endpoint_url_s3
    return {**settings.s3_variables, **({"MLFLOW_S3_ENDPOINT_URL": endpoint} if endpoint else {})}


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the block where they are not set already: another home of this process may have others."""
    added = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def without_login(text: str) -> str:
    """Text without the user and password that an address in it may hold."""
    return re.sub(r"//[^/@\s]*@", "//", text)


def _first_line(error: Exception) -> str:
    return without_login(str(error).strip().partition("\n")[0])[:200]
