"""Schemathesis against the OpenAPI document: whatever is asked, the answer is one that the document names.

The variable EXAMPLES_PER_OPERATION says how many requests are generated per operation, for valid and for invalid input
each: with 60 they are more than 2,000 in all.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
import schemathesis
from forecast_lake import NEWEST, TOKEN
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from weather_assets.api.app import build_app
from weather_assets.settings import Settings

EXAMPLES = int(os.environ.get("EXAMPLES_PER_OPERATION", "8"))
UNAVAILABLE = 503
generated = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def schema(filled_home: Path) -> schemathesis.schemas.BaseSchema:
    """The whole API but for Dagster, which nobody serves here: /pipeline/trigger says so with a 503."""
    chosen = Settings(
        _env_file=None,
        home=filled_home,
        api_token=TOKEN,
        api_requests_per_minute=100_000_000,
        dagster_url="http://127.0.0.1:9",
    )
    return schemathesis.openapi.from_asgi("/openapi.json", build_app(chosen))


@pytest.fixture(scope="module")
def asked() -> Iterator[list[int]]:
    """The status of every request sent; how many there were is told at the end."""
    statuses: list[int] = []
    yield statuses
    sys.stderr.write(f"\n{len(statuses)} generated requests\n")


@pytest.mark.slow
@pytest.mark.parametrize("token", [None, TOKEN], ids=["without the token", "with the token"])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_as_documented(schema, asked, token, mode, monkeypatch):
    monkeypatch.setattr("weather_assets.clock.now", lambda: NEWEST.replace(minute=30))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    before = len(asked)
    for operation in schema.get_all_operations():
        definition = operation.ok()

        @generated
        @given(case=definition.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            response = case.call(headers=headers)
            asked.append(response.status_code)
            assert TOKEN not in response.text
            if not token and case.method == "POST":
                # A body that is no JSON at all is refused before the token is asked.
                assert response.status_code in {400, 401, 422}
            case.validate_response(response, excluded_checks=exceptions(case, response.status_code))

        # What takes no input has none that is invalid.
        with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
            check()
    assert len(asked) > before + EXAMPLES


def exceptions(case: schemathesis.Case, status: int) -> list[object]:
    """Checks that do not hold where Dagster is not there to take a run."""
    is_without_dagster = case.path == "/pipeline/trigger" and status == UNAVAILABLE
    return [schemathesis.checks.not_a_server_error] if is_without_dagster else []
