"""One command line on both stacks by settings alone: the same tables, models and forecasts, wherever they lie."""

import os
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from rich.console import Console
from services import S3Server
from stacks import STACKS, stack_settings
from table_sums import Sums, sums

from weather_assets.automation.instance import STORAGE_VARIABLE, open_instance
from weather_assets.commands.backfill import backfill, train
from weather_assets.commands.span import Layer, Span
from weather_assets.forecasting.registry import CHAMPION, Registry
from weather_assets.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("both stacks")]

SPAN = Span(date(2020, 10, 25), date(2020, 12, 31))
LAST_DAY = Span(date(2020, 12, 31), date(2020, 12, 31))
TARGET = "rain_probability"
_SET = ("DAGSTER_HOME", STORAGE_VARIABLE, "AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3")  # fmt: skip


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[dict[str, Settings]]:
    """A home per stack: readings to features by one backfill, one model, the forecast of the last hour."""
    folder, console = tmp_path_factory.mktemp("stacks"), Console(file=StringIO())
    settings = {name: stack_settings(name, request, folder / name) for name in STACKS}
    with pytest.MonkeyPatch.context() as patch:
        for variable in _SET:
            patch.setenv(variable, "")
            patch.delenv(variable)
        for of_stack in settings.values():
            backfill(of_stack, SPAN, Layer.FEATURES, train=False, console=console)
            train(of_stack, [TARGET], SPAN, console)
            # So few readings pass no gate, which is not what is asked here.
            registry = Registry(of_stack)
            registry.set_alias(registry.version(TARGET, 1), CHAMPION)
            backfill(of_stack, LAST_DAY, Layer.MONITOR, train=False, console=console)
            assert os.environ["DAGSTER_HOME"] == str(of_stack.home / "dagster")
        yield settings


@pytest.fixture(scope="module")
def tables(homes: dict[str, Settings]) -> dict[str, Sums]:
    return {name: sums(settings) for name, settings in homes.items()}


def test_both_stacks_hold_identical_tables(tables: dict[str, Sums]) -> None:
    assert tables["servers"] == tables["folder"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_layer_is_there_and_no_key_twice(tables: dict[str, Sums], stack: str) -> None:
    for table in ("raw.asos_hourly", "clean.asos_hourly", "features.hourly", "features.daily", "forecast.rain"):
        assert tables[stack][table][0] > 0, table
    assert {doubled for _, doubled, _ in tables[stack].values()} == {0}


@pytest.mark.parametrize("stack", STACKS)
def test_the_model_comes_back_from_where_it_lies(homes: dict[str, Settings], stack: str) -> None:
    registry = Registry(homes[stack])
    champion = registry.with_alias(TARGET, CHAMPION)
    assert champion is not None
    assert registry.load(champion).target.name == TARGET


@pytest.mark.parametrize("stack", STACKS)
def test_a_second_backfill_changes_nothing(homes: dict[str, Settings], tables: dict[str, Sums], stack: str) -> None:
    backfill(homes[stack], LAST_DAY, Layer.FEATURES, train=False, console=Console(file=StringIO()))
    assert sums(homes[stack]) == tables[stack]


def test_on_servers_the_home_keeps_nothing_that_matters(homes: dict[str, Settings], s3_server: S3Server) -> None:
    settings = homes["servers"]
    names = {path.suffix for path in settings.home.rglob("*") if path.is_file()}
    assert names <= {".yaml", ".jsonl", ".json", ".lock", ""}
    stored = {path.relative_to(s3_server.folder / "servers").parts[0] for path in s3_server.folder.rglob("servers/*")}
    # No logs: these steps print nothing, and empty files are not kept.
    assert {"lake", "models"} <= stored
    with open_instance(settings) as instance:
        assert instance.get_runs_count() > 0
