"""The morning review as a schedule and a run, and the jobs for people."""

from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from small_world import World, at

from tests.forecasting.shelf import TARGET, Shelf
from weather_assets.assets.resources import LakeStore
from weather_assets.automation.promotion import promote_job, roll_back_job
from weather_assets.forecasting.registry import CHAMPION, PREVIOUS
from weather_assets.forecasting.targets import TARGETS
from weather_assets.settings import Settings


def test_before_the_first_training_there_is_nobody_to_review(world: World) -> None:
    assert world.schedule("promotion_review") == "no model was trained yet: there is nobody to review"


def test_every_target_is_reviewed_in_one_run_and_written_down(world: World) -> None:
    world.registry.of[TARGET] = []
    (request,) = world.schedule("promotion_review")
    run_id = world.run("review", request)
    assert sorted(world.built(run_id)["monitor/promotion"]) == sorted(TARGETS)
    rows = world.rows("SELECT target, decision FROM lake.monitor.promotion ORDER BY target")
    assert rows == [(target, "none") for target in sorted(TARGETS)]


def test_a_tick_that_a_later_one_has_overtaken_does_nothing(world: World) -> None:
    world.registry.of[TARGET] = []
    assert "a later one does its work" in world.schedule("promotion_review", at(18, 6, 30))


def issued(world: World, **metadata: str) -> None:
    """As if forecast/hourly had been materialised just now."""
    event = dg.AssetMaterialization(["forecast", "hourly"], partition="2021-03-20", metadata=metadata)
    world.instance.report_runless_asset_event(event)


def tick(world: World) -> dg.RunRequest | str:
    with dg.build_sensor_context(instance=world.instance, repository_def=world.repository) as context:
        answer = world.repository.get_sensor_def("broken_version").evaluate_tick(context)
    return answer.run_requests[0] if answer.run_requests else str(answer.skip_message)


def test_a_version_that_failed_to_forecast_has_all_reviewed_once_a_day(world: World) -> None:
    assert "gave one" in tick(world)
    issued(world, failed="air_temperature_c version 3 cannot forecast: ValueError: shapes")
    request = tick(world)
    assert request.tags["weather/reason"].startswith("air_temperature_c version 3")
    assert tick(world).run_key == request.run_key
    world.now = at(21, 12)
    assert tick(world).run_key != request.run_key
    issued(world)
    assert "gave one" in tick(world)


@pytest.fixture
def resources(tmp_path: Path) -> dict[str, object]:
    shelf = Shelf(2)
    return {
        "lake": LakeStore(Settings(_env_file=None, home=tmp_path)),
        "tracking": SimpleNamespace(registry=lambda: shelf),
    }


def press(job: dg.JobDefinition, op: str, resources: dict[str, object], **config: object) -> dg.ExecuteInProcessResult:
    """Launch a job from the UI's launchpad."""
    return job.execute_in_process(
        run_config={"ops": {op: {"config": config}}}, resources=resources, raise_on_error=False
    )


def test_a_person_promotes_and_rolls_back_in_the_ui_and_it_is_written_down(resources) -> None:
    shelf = resources["tracking"].registry()
    for version in (1, 2):
        assert press(promote_job, "promote_version", resources, target=TARGET, version=version).success
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}
    assert press(roll_back_job, "roll_back_target", resources, target=TARGET).success
    assert shelf.borne() == {CHAMPION: 1}
    with resources["lake"].reader() as lake:
        rows = lake.query("SELECT decision, champion FROM lake.monitor.promotion ORDER BY decided_at").fetchall()
    assert rows == [("promote by hand", None), ("promote by hand", 1), ("roll back by hand", 2)]


@pytest.mark.parametrize(("target", "version"), [(TARGET, 7), ("sunshine", 1)])
def test_what_is_not_there_is_not_promoted(resources, target: str, version: int) -> None:
    assert not press(promote_job, "promote_version", resources, target=target, version=version).success
    assert resources["tracking"].registry().borne() == {}
