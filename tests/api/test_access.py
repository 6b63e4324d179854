"""Who may change something, and that the token and keys never show."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from fastapi.testclient import TestClient
from forecast_lake import TOKEN
from pydantic import SecretStr
from services import free_port
from serving import wait_for

from weather_assets.api.app import build_app
from weather_assets.api.safe import LONGEST_BODY
from weather_assets.settings import Settings

COMMANDS = {
    "/models/promote": {"target": "air_temperature_c", "version": 3},
    "/models/rollback": {"target": "air_temperature_c"},
    "/pipeline/trigger": {"job": "hourly_cycle"},
}
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


def broken(*_: object) -> None:
    raise RuntimeError(TOKEN)


@contextmanager
def served(settings: Settings) -> Iterator[int]:
    """The API on a port."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(build_app(settings), port=port, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    assert wait_for(lambda: server.started, 30)
    yield port
    server.should_exit = True
    thread.join()


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


@pytest.mark.parametrize("path", COMMANDS)
@pytest.mark.parametrize("headers", [{}, GIVEN])
def test_a_body_that_is_too_long_is_not_read(client, path, headers):
    longest, too_long = b" " * LONGEST_BODY, b" " * (LONGEST_BODY + 1)
    assert client.post(path, content=longest, headers=headers).status_code != 413
    answer = client.post(path, content=too_long, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert "65536" in answer.json()["detail"]


@pytest.mark.parametrize("length", ["x", "-1", "9" * 5000, "\u0661"])
def test_a_length_that_is_no_small_number_is_too_long(client, length):
    answer = client.post("/models/rollback", content=b"", headers={"Content-Length": length.encode()})
    assert answer.status_code == 413


def test_a_body_that_does_not_say_how_long_it_is_is_not_read(client):
    def endless() -> Iterator[bytes]:
        yield b"{"
        raise AssertionError("the body was read")

    answer = client.post("/models/rollback", content=endless(), headers=GIVEN)
    assert (answer.status_code, answer.json()["title"]) == (411, "Length required")


def test_over_http_a_long_body_is_answered_before_it_was_sent(filled):
    """As uvicorn does it: the answer is there although nothing of the body was sent."""
    with served(filled) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(b"POST /models/promote HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        assert caller.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_what_has_no_body_needs_no_length(client):
    request = client.build_request("POST", "/models/rollback", headers=GIVEN)
    del request.headers["content-length"]
    assert client.send(request).status_code == 422


def test_no_other_site_may_read_answers(client):
    answer = client.get("/predict/now", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_answer_tells_browsers_not_to_guess_types(filled, monkeypatch):
    monkeypatch.setattr("weather_assets.api.forecast_views.now", broken)
    limited = filled.model_copy(update={"api_requests_per_minute": 4})
    with TestClient(build_app(limited), raise_server_exceptions=False) as client:
        answers = [client.get(path) for path in ("/health", "/nowhere", "/predict/now")]
        answers += [client.post("/models/rollback", content=b" " * (LONGEST_BODY + 1)), *map(client.get, ["/"] * 2)]
    assert [answer.status_code for answer in answers] == [200, 404, 500, 413, 404, 429]
    assert [answer.headers.get_list("x-content-type-options") for answer in answers] == [["nosniff"]] * 6


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "instance"),
    [
        ("POST", "/models/rollback", {"target": "air_temperature_c", TOKEN: 1}, 422, "/models/rollback"),
        ("POST", "/models/rollback", {"target": TOKEN}, 422, "/models/rollback"),
        ("GET", f"/predict/now?station={TOKEN}", None, 422, "/predict/now"),
        ("GET", f"/predict/now?at={TOKEN}", None, 422, "/predict/now"),
        ("GET", f"/models/{TOKEN}/history", None, 422, "/models/{target}/history"),
        ("PUT", f"/models/{TOKEN}/history", None, 405, "/models/{target}/history"),
        ("GET", f"/{TOKEN}", None, 404, None),
    ],
)
def test_a_problem_says_nothing_that_the_caller_sent(client, method, path, body, status, instance):
    answer = client.request(method, path, json=body, headers=GIVEN)
    assert (answer.status_code, answer.json().get("instance")) == (status, instance)
    assert TOKEN not in answer.text


def test_a_field_that_is_unknown_is_told_by_its_place(client):
    answer = client.post("/pipeline/trigger", json={"job": "hourly_cycle", "jbo": 1}, headers=GIVEN)
    assert answer.json()["detail"].startswith("body: unknown field; ")


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
    monkeypatch.setattr("weather_assets.api.forecast_views.now", broken)
    answer = client.get("/predict/now")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "RuntimeError" not in answer.text
    assert TOKEN not in answer.text
