"""The application: routes, errors, limits and metrics put together."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from weather_assets.api import forecast_routes, operation_routes
from weather_assets.api.measured import Measured
from weather_assets.api.platform_metrics import new_registry
from weather_assets.api.problems import ProblemDetails, tell_problems
from weather_assets.api.rate_limit import RateLimit
from weather_assets.api.safe import Safe
from weather_assets.api.state import State, new_state
from weather_assets.settings import Settings, load_settings

_MLFLOW_TIMEOUT_S = "5"


def application() -> FastAPI:
    """The application of this process's settings, for uvicorn."""
    # A request waits for MLflow for seconds at most, not for minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", _MLFLOW_TIMEOUT_S)
    return build_app(load_settings())


def build_app(settings: Settings) -> FastAPI:
    """An application with a state and metrics of its own; nothing is opened before the first request."""
    state = new_state(settings)
    app = FastAPI(
        title="weather-assets",
        summary="Forecasts with honest uncertainty from weather-station readings, and the state of what makes them.",
        version=version("weather-assets"),
        lifespan=_closing(state),
    )
    app.state.shared = state
    tell_problems(app)
    for router in (
        forecast_routes.router,
        forecast_routes.monitor_router,
        operation_routes.router,
        operation_routes.model_router,
        operation_routes.command_router,
    ):
        app.include_router(router)
    registry = new_registry(settings, state.lake, state.models)
    _serve_metrics(app, registry)
    _describe_problems(app)
    # The last one added is the first to see a request.
    app.add_middleware(RateLimit, per_minute=settings.api_requests_per_minute)
    app.add_middleware(Safe)
    app.add_middleware(Measured, registry=registry)
    return app


def _closing(state: State) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        state.close()

    return lifespan


def _serve_metrics(app: FastAPI, registry: CollectorRegistry) -> None:
    @app.get("/metrics", tags=["operation"], summary="For Prometheus", response_class=Response)
    def metrics() -> Response:
        """Golden signals of this service and the state of the platform, in Prometheus' text format."""
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


def _describe_problems(app: FastAPI) -> None:
    """Put the shape of problems into the OpenAPI document, which the routes refer to."""
    describe = app.openapi

    def openapi() -> dict[str, object]:
        document = describe()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas[ProblemDetails.__name__] = ProblemDetails.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI is told
