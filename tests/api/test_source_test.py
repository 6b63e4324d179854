"""/sources/test against the local service that speaks the provider's format: what it finds, and what it never shows."""

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from weather_assets.api.app import build_app
from weather_assets.sources.call_budget import CallBudget
from weather_assets.sources.kma_service import KmaService
from weather_assets.sources.simulator import SimulatorSource

KEY = "hush-key-of-the-hub"


@pytest.fixture
def hub():
    with KmaService(SimulatorSource(), key=KEY) as service:
        yield service


@pytest.fixture
def ask(settings, hub):
    """Ask /sources/test of an API with these settings; gives its answer as a whole."""

    def of(times: int = 1, **changed: object):
        chosen = {"source": "kma_api_hub", "kma_api_hub_key": SecretStr(KEY), "kma_api_hub_url": hub.hub_url, **changed}
        with TestClient(build_app(settings.model_copy(update=chosen))) as client:
            answers = [client.get("/sources/test") for _ in range(times)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert KEY not in answers[0].text
        return answers[0].json()

    return of


def test_a_key_that_is_accepted_costs_one_call_a_minute(ask, hub, settings):
    found = ask(times=3)
    assert (found["source"], found["reachable"], found["key_accepted"]) == ("kma_api_hub", True, True)
    assert hub.calls() == 1
    assert CallBudget(settings.home / "calls.sqlite").spent("kma_api_hub") == 1


def test_a_key_that_is_refused(ask):
    found = ask(kma_api_hub_key=SecretStr(f"{KEY}-wrong"))
    assert (found["reachable"], found["key_accepted"]) == (True, False)
    assert "check KMA_API_HUB_KEY" in found["text"]


def test_no_key_at_all(ask, hub):
    found = ask(kma_api_hub_key=None)
    assert (found["reachable"], found["key_accepted"]) == (None, False)
    assert "set KMA_API_HUB_KEY" in found["text"]
    assert hub.calls() == 0


def test_a_provider_that_does_not_answer_is_told_in_time(ask, monkeypatch):
    monkeypatch.setattr("weather_assets.api.source_test.LONGEST_S", 0.3)
    found = ask(kma_api_hub_url="http://127.0.0.1:9")
    assert (found["reachable"], found["key_accepted"]) == (False, None)
    assert "no answer within" in found["text"]


def test_calls_of_the_day_used_up(ask, hub, settings):
    budget = CallBudget(settings.home / "calls.sqlite")
    budget.take("kma_api_hub", 1)
    found = ask(kma_api_hub_daily_calls=1)
    assert (found["reachable"], found["key_accepted"]) == (None, None)
    assert "used up" in found["text"]
    assert hub.calls() == 0


def test_a_count_of_calls_that_is_away_asks_nobody(ask, hub):
    found = ask(lake_catalog="postgresql://weather:hush@127.0.0.1:9/catalog")
    assert (found["reachable"], found["key_accepted"]) == (None, None)
    assert "cannot be reached" in found["text"]
    assert "hush" not in found["text"]
    assert hub.calls() == 0


def test_an_application_that_is_started_again_asks_again(settings, monkeypatch):
    monkeypatch.setattr("weather_assets.api.source_test.AGE_S", 0.0)
    app = build_app(settings)
    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/sources/test").status_code == 200
