"""The sensors that have models trained again, tick by tick. What they see is written into the lake by hand."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
from pydantic import SecretStr
from sensor_ticks import Sensors
from small_world import DAY, World, at
from webhook import webhook

from weather_assets.assets.describe import asset_key
from weather_assets.forecasting.registry import Version
from weather_assets.forecasting.targets import TARGETS
from weather_assets.tables import DRIFT, SENSOR_FAULTS, VERIFICATION

WEEK = timedelta(days=7)
MONDAY = date(2021, 3, 1)
TEMPERATURE = "air_temperature_c"


@pytest.fixture
def sensors(world: World) -> Sensors:
    return Sensors(world)


def report(world: World, week: date, *drifted: str) -> None:
    """A drift report of a week, in the lake and in Dagster's books."""
    rows = " UNION ALL ".join(
        f"SELECT 108 AS station_id, DATE '{week}' AS week, '{element}' AS element, {element in drifted} AS drifted, "
        f"{0.9 if element in drifted else 0.2} AS score, 'test' AS method, NULL::VARCHAR AS report_uri"
        for element in ("air_temperature_c", "wind_speed_ms")
    )
    with world.store.writer() as lake:
        lake.append(DRIFT, rows)
    world.instance.report_runless_asset_event(dg.AssetMaterialization(asset_key(DRIFT), partition=str(week)))
    world.now = datetime.combine(week + WEEK, datetime.min.time(), tzinfo=UTC)


def fault(world: World, days: int, element: str = TEMPERATURE, kind: str = "bias") -> None:
    """A sensor fault on days from 1 March on."""
    with world.store.writer() as lake:
        lake.append(
            SENSOR_FAULTS,
            f"SELECT 108 AS station_id, day::DATE AS observed_on, '{element}' AS element, '{kind}' AS fault, "
            f"day AS began_at, day AS detected_at, NULL::TIMESTAMPTZ AS ended_at, 'test' AS evidence FROM "
            f"(SELECT unnest(generate_series(DATE '{MONDAY}', DATE '{MONDAY}' + {days - 1}, INTERVAL 1 DAY)) AS day)",
        )


def targets_of(answer: list[dg.RunRequest] | str) -> list[str | None]:
    return [request.partition_key for request in answer] if isinstance(answer, list) else []


def test_a_quiet_report_starts_nothing(world: World, sensors: Sensors) -> None:
    assert sensors.tick("retrain_on_drift") == "no new drift report"
    report(world, MONDAY)
    assert sensors.tick("retrain_on_drift") == "nothing has drifted"
    assert sensors.tick("retrain_on_drift") == "no new drift report"


def test_a_drift_trains_every_target_once_however_long_it_lasts(world: World, sensors: Sensors) -> None:
    report(world, MONDAY, TEMPERATURE)
    asked = sensors.tick("retrain_on_drift")
    assert targets_of(asked) == list(TARGETS)
    assert [request.run_key for request in asked] == [f"drift:108:{TEMPERATURE}:2021-03-01:{name}" for name in TARGETS]
    assert "air_temperature_c has drifted: since the week of 2021-03-01" in asked[0].tags["weather/reason"]
    for n in range(1, 20):
        report(world, MONDAY + n * WEEK, TEMPERATURE)
        assert sensors.tick("retrain_on_drift") == f"decided before: drift:108:{TEMPERATURE}:2021-03-01"


def test_the_end_of_a_drift_and_weeks_without_do_not_make_a_new_one(world: World, sensors: Sensors) -> None:
    report(world, MONDAY, TEMPERATURE)
    sensors.tick("retrain_on_drift")
    for n in range(1, 26):
        report(world, MONDAY + n * WEEK)
        assert sensors.tick("retrain_on_drift") == "nothing has drifted"
    report(world, MONDAY + 26 * WEEK, TEMPERATURE)
    assert "decided before" in sensors.tick("retrain_on_drift")


def test_a_drift_half_a_year_later_is_another_one(world: World, sensors: Sensors) -> None:
    report(world, MONDAY, TEMPERATURE)
    sensors.tick("retrain_on_drift")
    report(world, MONDAY + 27 * WEEK, TEMPERATURE)
    assert targets_of(sensors.tick("retrain_on_drift")) == list(TARGETS)


def test_another_element_within_the_cool_down_trains_nothing(world: World, sensors: Sensors) -> None:
    report(world, MONDAY, TEMPERATURE)
    sensors.tick("retrain_on_drift")
    report(world, MONDAY + WEEK, "wind_speed_ms")
    said = sensors.tick("retrain_on_drift")
    assert "wind_speed_ms has drifted" in said
    assert "no training: a drift started one on 2021-03-08, less than 60 days ago" in said
    report(world, MONDAY + 2 * WEEK, "wind_speed_ms")
    assert "decided before" in sensors.tick("retrain_on_drift")


@pytest.mark.parametrize(
    ("days", "element", "kind", "trains"),
    [
        (7, TEMPERATURE, "bias", False),
        (6, TEMPERATURE, "bias", True),
        (7, TEMPERATURE, "gap", True),
        (7, "wind_speed_ms", "bias", True),
    ],
)
def test_a_sensor_fault_is_told_instead_of_learnt(
    world: World, sensors: Sensors, days: int, element: str, kind: str, trains: bool
) -> None:
    fault(world, days, element, kind)
    report(world, MONDAY, TEMPERATURE)
    answer = sensors.tick("retrain_on_drift")
    assert isinstance(answer, list) is trains
    if not trains:
        assert "not learnt from: the sensor was at fault on 7 days of it. Have it looked at" in answer


# -- skill ----------------------------------------------------------------------------------------------------------


def champion(world: World, number: int) -> None:
    tags = {"holdout_skill": "0.40", "holdout_score": "1.2", "trained_through": "2021-01-01T00:00:00+09:00"}
    world.registry.of[TEMPERATURE] = [
        Version(TEMPERATURE, number, ("champion",), "run", datetime(2021, 1, 1, tzinfo=UTC), tags)
    ]


def scores(world: World, days: range, crps: float, version: int, role: str = "champion") -> None:
    """A forecast an hour on days after 1 March, persistence 2.0 off."""
    first, last = at(1) + days.start * DAY, at(1) + days.stop * DAY
    facts = {
        "target": f"'{TEMPERATURE}'",
        "station_id": "108",
        "issued_at": "hour - INTERVAL 1 HOUR",
        "valid_at": "hour",
        "lead_hours": "1",
        "model_version": f"'{version}'",
        "role": f"'{role}'",
        "kind": "'live'",
        "observed": "10.0",
        "persistence": "12.0",
        "crps": f"{crps} + 0.2 * sin(epoch(hour))",
    }
    columns = ", ".join(f"{facts.get(name, 'NULL')} AS {name}" for name in VERIFICATION.column_names)
    hours = f"generate_series(TIMESTAMPTZ '{first}', TIMESTAMPTZ '{last}' - INTERVAL 1 HOUR, INTERVAL 1 HOUR)"
    with world.store.writer() as lake:
        lake.append(VERIFICATION, f"SELECT {columns} FROM (SELECT unnest({hours}) AS hour)")
    event = dg.AssetMaterialization(asset_key(VERIFICATION), partition=f"{last:%Y-%m-%d}")
    world.instance.report_runless_asset_event(event)


def test_before_anything_was_scored_nothing_is_asked(world: World, sensors: Sensors) -> None:
    assert sensors.tick("retrain_on_skill_loss") == "no new scores"
    scores(world, range(1), 1.2, 1)
    assert sensors.tick("retrain_on_skill_loss") == "no model was trained yet"


def test_a_champion_that_keeps_its_promise_is_left_alone(world: World, sensors: Sensors) -> None:
    champion(world, 1)
    scores(world, range(90), 1.2, 1)
    assert f"skill:{TEMPERATURE}:1: as promised" in sensors.tick("retrain_on_skill_loss")


def test_a_champion_without_its_skill_is_trained_anew_exactly_once(world: World, sensors: Sensors) -> None:
    champion(world, 1)
    scores(world, range(30), 1.2, 1)
    sensors.tick("retrain_on_skill_loss")
    requests: list[dg.RunRequest] = []
    for day in range(30, 90):
        scores(world, range(day, day + 1), 1.9, 1)
        answer = sensors.tick("retrain_on_skill_loss")
        requests += answer if isinstance(answer, list) else []
        if requests and day == 89:
            assert f"skill:{TEMPERATURE}:1: decided before" in answer
    (request,) = requests
    assert (request.partition_key, request.run_key) == (TEMPERATURE, f"skill:{TEMPERATURE}:1:{TEMPERATURE}")
    assert "the champion has lost its skill: over" in request.tags["weather/reason"]


def test_the_loss_is_noticed_within_a_month_and_the_next_champion_begins_anew(world: World, sensors: Sensors) -> None:
    champion(world, 1)
    scores(world, range(60), 1.2, 1)
    scores(world, range(60, 90), 1.9, 1)
    assert targets_of(sensors.tick("retrain_on_skill_loss")) == [TEMPERATURE]
    champion(world, 2)
    scores(world, range(90, 120), 1.2, 2)
    assert f"skill:{TEMPERATURE}:2: as promised" in sensors.tick("retrain_on_skill_loss")


def test_a_hard_month_for_persistence_too_is_no_loss(world: World, sensors: Sensors) -> None:
    """The same absolute score as in the loss above, but persistence errs by 3.2."""
    champion(world, 1)
    scores(world, range(90), 1.9, 1)
    with world.store.writer() as lake:
        lake.connection.execute("UPDATE lake.monitor.verification SET persistence = 13.2")
    assert "as promised" in sensors.tick("retrain_on_skill_loss")


def test_the_scores_of_a_challenger_are_not_those_of_the_champion(world: World, sensors: Sensors) -> None:
    champion(world, 1)
    scores(world, range(60), 1.2, 1)
    scores(world, range(60), 2.5, 2, role="challenger")
    assert "as promised" in sensors.tick("retrain_on_skill_loss")


def test_the_decision_is_told(world: World, sensors: Sensors) -> None:
    with webhook() as told:
        settings = world.settings.model_copy(update={"alert_webhook_url": SecretStr(told.url)})
        world.resources["readings"] = type(world.resources["readings"])(settings, world.source)
        champion(world, 1)
        scores(world, range(40), 1.9, 1)
        sensors.tick("retrain_on_skill_loss")
        sensors.tick("retrain_on_skill_loss")
    (message,) = told.received
    assert (message["event"], message["title"]) == ("decided", f"{TEMPERATURE}: the champion has lost its skill")
    assert "its score is 1.90, promised 1.20, persistence 2.00" in message["text"]
    assert message["where"].endswith("/assets/monitor/verification")
