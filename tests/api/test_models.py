"""The registry over HTTP: a real MLflow in a file, its versions, moving a champion, and MLflow being away."""

import logging

import duckdb
import pytest
from fastapi.testclient import TestClient
from forecast_lake import TOKEN

from weather_assets.api.app import build_app
from weather_assets.errors import WeatherError
from weather_assets.forecasting.registry import THROUGH_TAG, Registry
from weather_assets.lake.errors import LakeError
from weather_assets.lake.open import open_lake

GIVEN = {"Authorization": f"Bearer {TOKEN}"}
AIR = "air_temperature_c"


@pytest.fixture
def client(registered):
    with TestClient(build_app(registered)) as client:
        yield client


def champion(client: TestClient) -> int:
    return next(model["version"] for model in client.get("/models/current").json()["champions"])


def test_versions_are_told_newest_first(client):
    versions = client.get(f"/models/{AIR}/history").json()["versions"]
    assert [(version["version"], version["aliases"]) for version in versions] == [(2, ["champion"]), (1, ["previous"])]
    assert versions[0]["facts"][THROUGH_TAG] == "2026-03-01T00:00:00+00:00"
    assert client.get("/models/relative_humidity_pct/history").json()["versions"] == []


def test_a_champion_is_moved_by_hand_and_the_next_answer_knows(client):
    assert champion(client) == 2
    assert client.post("/models/rollback", json={"target": AIR}, headers=GIVEN).json()["version"] == 1
    assert champion(client) == 1
    answer = client.post("/models/promote", json={"target": AIR, "version": 2}, headers=GIVEN)
    assert (answer.status_code, answer.json()["aliases"]) == (200, ["champion"])
    assert champion(client) == 2


def test_a_move_stands_among_the_decisions_of_the_reviews(client, registered):
    assert client.post("/models/rollback", json={"target": AIR}, headers=GIVEN).json()["recorded"] is True
    with open_lake(registered, read_only=True) as lake:
        decisions = lake.query("SELECT target, decision, champion FROM lake.monitor.promotion").fetchall()
    assert decisions == [(AIR, "roll back by hand", 2)]


@pytest.mark.parametrize("error", [LakeError("away"), duckdb.IOException("away"), duckdb.CatalogException("spoilt")])
def test_a_move_that_could_not_be_written_down_is_told_as_done(client, monkeypatch, caplog, error):
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("weather_assets.lake.lake.Lake.append", fails)
    with caplog.at_level(logging.WARNING, "weather_assets.api.models"):
        answer = client.post("/models/rollback", json={"target": AIR}, headers=GIVEN)
    assert (answer.status_code, answer.json()["version"], answer.json()["recorded"]) == (200, 1, False)
    assert f"roll back by hand of {AIR} is not written down: {error}" in caplog.text
    assert champion(client) == 1


@pytest.mark.parametrize("step", ["tag", "versions"])
def test_mlflow_failing_in_the_middle_of_a_move_is_no_invitation_to_ask_again(client, monkeypatch, step):
    """After the alias has moved: while the move is finished, or while the answer is made."""
    set_alias = Registry.set_alias

    def breaks(*_: object) -> None:
        raise WeatherError("MLflow is gone")

    def moves_then_breaks(*given: object) -> None:
        set_alias(*given)
        monkeypatch.setattr(Registry, step, breaks)

    with monkeypatch.context() as patch:
        patch.setattr(Registry, "set_alias", moves_then_breaks)
        real = getattr(Registry, step)
        answer = client.post("/models/rollback", json={"target": AIR}, headers=GIVEN)
        monkeypatch.setattr(Registry, step, real)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:weather-assets:mlflow-unavailable")
    assert "which may have happened" in answer.json()["detail"]
    assert "retry-after" not in answer.headers
    assert champion(client) == 1


def test_a_move_does_not_wait_long_for_a_writer(client, registered, monkeypatch):
    monkeypatch.setattr("weather_assets.api.models.PATIENCE_S", 1)
    with open_lake(registered) as writer, writer._lock():
        answer = client.post("/models/rollback", json={"target": AIR}, headers=GIVEN)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:weather-assets:lake-unavailable")
    assert champion(client) == 2


def test_versions_without_a_lake_can_be_moved(client, registered, caplog):
    (registered.home / "catalog.sqlite").unlink()
    with caplog.at_level(logging.WARNING, "weather_assets.api.models"):
        answer = client.post("/models/rollback", json={"target": AIR}, headers=GIVEN)
    assert "is not written down: there is no lake" in caplog.text
    assert (answer.status_code, answer.json()["version"], answer.json()["recorded"]) == (200, 1, False)
    assert not (registered.home / "catalog.sqlite").exists()


def test_what_cannot_be_moved(client):
    absent = client.post("/models/promote", json={"target": AIR, "version": 9}, headers=GIVEN)
    assert (absent.status_code, "no version 9" in absent.json()["detail"]) == (404, True)
    never = client.post("/models/rollback", json={"target": "relative_humidity_pct"}, headers=GIVEN)
    assert never.status_code == 409
    assert "no previous champion" in never.json()["detail"]


def test_gauges_of_the_models(client):
    text = client.get("/metrics").text
    assert f'weather_model_version{{alias="champion",target="{AIR}"}} 2.0' in text
    assert f'weather_model_trained_through_timestamp_seconds{{alias="champion",target="{AIR}"}} 1.7723' in text


def test_mlflow_being_away_is_told_and_passes(registered, monkeypatch):
    monkeypatch.setattr("weather_assets.api.models.AGE_S", 0.0)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    away = registered.model_copy(update={"mlflow_tracking_uri": "http://127.0.0.1:9"})
    with TestClient(build_app(away)) as client:
        for answer in (
            client.get("/models/current"),
            client.post("/models/rollback", json={"target": AIR}, headers=GIVEN),
        ):
            assert answer.status_code == 503
            assert answer.json()["type"] == "urn:weather-assets:mlflow-unavailable"
        # The forecast does not need MLflow, and health says what is wrong without failing as a whole.
        assert client.get("/result").status_code == 200
        health = client.get("/health")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
        assert {
            "subject": "mlflow",
            "ok": False,
            "text": "MLflow does not answer; weather doctor says why",
        } in health.json()["checks"]
