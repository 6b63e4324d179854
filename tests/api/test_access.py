"""Who may change something, and that the token and keys never show."""

import pytest
from fastapi.testclient import TestClient
from forecast_lake import TOKEN
from pydantic import SecretStr

from weather_assets.api.app import build_app

COMMANDS = {
    "/models/promote": {"target": "air_temperature_c", "version": 3},
    "/models/rollback": {"target": "air_temperature_c"},
    "/pipeline/trigger": {"job": "hourly_cycle"},
}
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("path", COMMANDS)
@pytest.mark.parametrize(
    "header", [None, "Bearer wrong", f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x", "Bearer 토큰"]
)
def test_without_the_token_nothing_is_done(client, path, header):
    headers = {"Authorization": header.encode()} if header else {}
    answer = client.post(path, json=COMMANDS[path], headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text


@pytest.mark.parametrize("token", [None, SecretStr("")])
def test_a_service_without_a_token_only_reads(filled, token):
    silent = filled.model_copy(update={"api_token": token})
    with TestClient(build_app(silent)) as client:
        for path, body in COMMANDS.items():
            answer = client.post(path, json=body, headers={"Authorization": "Bearer "})
            assert answer.status_code == 403
            assert "WEATHER_API_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize("path", COMMANDS)
def test_the_token_is_asked_before_the_body_is_looked_at(client, path):
    assert client.post(path, json={"nonsense": 1}).status_code == 401
    assert client.post(path, json={"nonsense": 1}, headers=GIVEN).status_code == 422


def test_no_other_site_may_read_answers(client):
    answer = client.get("/predict/now", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_caller_that_asks_too_often_waits_and_others_do_not(filled, set_clock):
    limited = filled.model_copy(update={"api_requests_per_minute": 3})
    with TestClient(build_app(limited), client=("192.0.2.1", 1)) as client:
        statuses = [client.get("/models/current").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = client.get("/models/current")
        # Three a minute is one in 20 s.
        assert 15 <= int(refused.headers["retry-after"]) <= 20
        assert refused.headers["content-type"] == "application/problem+json"
        other = TestClient(client.app, client=("192.0.2.2", 1))
        assert other.get("/models/current").status_code == 200


def test_a_defect_tells_nothing_of_its_cause(client, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr("weather_assets.api.forecast_views.now", broken)
    answer = client.get("/predict/now")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "RuntimeError" not in answer.text
    assert TOKEN not in answer.text
