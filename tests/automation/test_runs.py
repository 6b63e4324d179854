"""The runner of the command line: what it refuses, and whose errors it lets through."""

from datetime import UTC, date, datetime

import dagster as dg
import pytest
from small_world import World

from weather_assets.assets import failures
from weather_assets.assets.failures import retried_if_transient
from weather_assets.assets.upkeep import Rebuild
from weather_assets.automation.partitions import DAYS, SINGLE_RUN
from weather_assets.automation.rebuild import rebuild
from weather_assets.automation.runs import Runner
from weather_assets.errors import UsageError, WeatherError
from weather_assets.lake.errors import LakeError
from weather_assets.sources.failures import Origin, PermanentFailure, QuotaExceeded, TransientFailure

DAY = date(2021, 3, 10)
ORIGIN = Origin("data.go.kr", "getWthrDataList", "DATA_GO_KR_KEY", "DATA_GO_KR_URL")


@dg.asset(partitions_def=DAYS, backfill_policy=SINGLE_RUN)
def failing(context: dg.AssetExecutionContext, error: dg.ResourceParam[Exception]) -> None:
    with retried_if_transient(context):
        raise error


def runner(world: World, error: Exception | None = None) -> Runner:
    definitions = dg.Definitions(
        assets=[failing],
        jobs=[dg.define_asset_job("fail", [failing]), rebuild],
        resources={"error": error, **world.resources},
        executor=dg.in_process_executor,
    )
    return Runner(definitions, world.instance)


@pytest.mark.parametrize(
    ("first", "last"), [(date(2021, 3, 10), date(2021, 3, 9)), (date(2021, 3, 20), date(2021, 3, 21))]
)
def test_days_in_the_wrong_order_or_to_come_are_refused(world: World, first: date, last: date) -> None:
    with pytest.raises(UsageError, match="up to today, 2021-03-20"):
        runner(world).days("fail", first, last)


QUOTA = QuotaExceeded(ORIGIN, "used up", "wait", at=datetime(2021, 3, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    "error",
    [UsageError("file, line: remedy"), PermanentFailure(ORIGIN, "key refused", "mend it"), QUOTA, LakeError("locked")],
)
def test_errors_that_a_user_can_mend_come_through_as_they_are(world: World, error: WeatherError) -> None:
    with pytest.raises(type(error)) as caught:
        runner(world, error).days("fail", DAY, DAY)
    assert caught.value is error


def test_a_transient_error_comes_through_after_the_last_retry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "RETRIES", dg.RetryPolicy(max_retries=2, delay=0))
    error = TransientFailure(ORIGIN, "no answer in time")
    with pytest.raises(TransientFailure) as caught:
        runner(world, error).days("fail", DAY, DAY)
    assert caught.value is error


def test_what_a_failure_says_without_such_a_cause_stays_a_failure(world: World) -> None:
    with pytest.raises(dg.Failure, match="on purpose"):
        runner(world, dg.Failure("on purpose", allow_retries=False)).days("fail", DAY, DAY)


def test_a_rebuild_by_command_builds_the_named_days(world: World) -> None:
    world.run_days("load_through_clean", 9, 12)
    started = runner(world).rebuild([Rebuild("clean.asos_hourly", DAY, date(2021, 3, 11), (108,))])
    assert world.built(started) == {"clean/asos_hourly": ["10", "11"]}


def test_a_rebuild_of_a_table_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match=r"there is no table clean\.asos"):
        runner(world).rebuild([Rebuild("clean.asos", DAY, DAY, (108,))])
