"""Errors as problem details (RFC 9457): what is wrong and what to do, never a stack trace.

No text that a caller sent is sent back: it may be a secret at the wrong place, or the address of somebody's script.
"""

import http
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
NO_GUESSING = (b"x-content-type-options", b"nosniff")
"""The header that keeps a browser from taking an answer for something else."""
_UNKNOWN_FIELD = "extra_forbidden"
_log = logging.getLogger(__name__)


class ProblemDetails(BaseModel):
    """What every error looks like."""

    type: str = Field(examples=["urn:weather-assets:no-forecast"])
    title: str = Field(examples=["No forecast"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no forecast of station 108 stood then; make one with weather backfill"])
    instance: str | None = Field(None, description="The route, where there is one.", examples=["/predict/now"])


class Problem(Exception):  # noqa: N818  # the name RFC 9457 gives it
    """An answer that is an error. `name` is the last word of its type, `detail` says what to do."""

    def __init__(self, status: int, name: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})


def lake_unavailable(detail: str = "the lake cannot be read now; weather doctor says why") -> Problem:
    """The tables are not reachable; asking again later is right."""
    return Problem(503, "lake-unavailable", detail, {"Retry-After": "5"})


def registry_unavailable() -> Problem:
    """MLflow does not answer."""
    return Problem(503, "mlflow-unavailable", "MLflow does not answer; weather doctor says why", {"Retry-After": "5"})


def no_forecast(detail: str) -> Problem:
    """Nothing is forecast for what was asked."""
    return Problem(404, "no-forecast", detail)


def problem_reply(problem: Problem, instance: str | None) -> JSONResponse:
    """The reply that tells a problem of a route (its template, None where there is none)."""
    details = ProblemDetails(
        type=f"urn:weather-assets:{problem.name}",
        title=problem.name.replace("-", " ").capitalize(),
        status=problem.status,
        detail=problem.detail,
        instance=instance,
    )
    return JSONResponse(details.model_dump(exclude_none=True), problem.status, problem.headers, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of a route's errors; any route may meet its rate limit or a defect."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}}
    every = sorted({*statuses, 429, 500})
    return {status: {"description": http.HTTPStatus(status).phrase, "content": content} for status in every}


def tell_problems(app: FastAPI) -> None:
    """Make every error of an application a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_defect)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101  # what it is registered for
    return problem_reply(error, _route(request))


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    wrong = "; ".join(dict.fromkeys(_wrong(one) for one in error.errors()))
    return problem_reply(Problem(422, "invalid-input", f"{wrong}; /docs shows what is expected"), _route(request))


def _wrong(one: Mapping[str, Any]) -> str:
    """What is wrong at which place; the name of a field that is unknown is the caller's own word."""
    is_unknown = one["type"] == _UNKNOWN_FIELD
    place = one["loc"][:-1] if is_unknown else one["loc"]
    return f"{'.'.join(map(str, place))}: {'unknown field' if is_unknown else one['msg']}"


def _route(request: Request) -> str | None:
    """The template of the route: the path itself is the caller's own word."""
    return getattr(request.scope.get("route"), "path", None)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    phrase = http.HTTPStatus(error.status_code).phrase
    name = phrase.lower().replace(" ", "-")
    problem = Problem(error.status_code, name, f"{phrase}; /docs lists what can be asked", error.headers)
    return problem_reply(problem, _route(request))


async def _on_defect(request: Request, error: Exception) -> JSONResponse:
    _log.error("defect at %s", request.url.path, exc_info=error)
    reply = problem_reply(Problem(500, "defect", "this should not happen; the log says more"), _route(request))
    # Answered outside of every middleware, so `Safe` does not see it.
    reply.raw_headers.append(NO_GUESSING)
    return reply
