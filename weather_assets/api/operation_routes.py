"""Routes for operators: health, models, the source, and, with the token, changing something."""

from fastapi import APIRouter, Depends, Response
from fastapi import Request as HttpRequest

from weather_assets import clock
from weather_assets.api import monitor_views, pipeline
from weather_assets.api.access import authorised
from weather_assets.api.input import Promotion, RollBack, TargetInPath
from weather_assets.api.problems import Problem, documented
from weather_assets.api.replies import Check, CurrentModels, Health, History, Launched, Moved, SourceTest
from weather_assets.api.state import State, state_of
from weather_assets.lake.lake import Lake

router = APIRouter(tags=["operation"], responses=documented())
model_router = APIRouter(tags=["models"], responses=documented(503))
command_router = APIRouter(
    tags=["with the token"], dependencies=[Depends(authorised)], responses=documented(400, 401, 403, 411, 413, 422, 503)
)


@router.get("/health", response_model=Health, responses={503: {"model": Health}}, summary="Is all well?")
def health(request: HttpRequest, response: Response) -> Health:
    """Lake, freshness, a champion per target. Status 503 only where the lake cannot be read."""
    checks, readable = _lake_checks(state_of(request))
    checks += _champion_checks(state_of(request))
    response.status_code = 200 if readable else 503
    well = all(check.ok for check in checks)
    return Health(status="failing" if not readable else "ok" if well else "degraded", checks=checks)


@router.get("/sources/test", response_model=SourceTest, summary="Does the provider of readings answer?")
def sources_test(request: HttpRequest) -> SourceTest:
    """One call a minute at most; the key is never shown."""
    return state_of(request).source.test()


@model_router.get("/models/current", response_model=CurrentModels, summary="The champion of every target")
def models_current(request: HttpRequest) -> CurrentModels:
    """And the challengers that forecast beside them."""
    return state_of(request).models.current()


@model_router.get("/models/{target}/history", response_model=History, responses=documented(422), summary="Versions")
def models_history(request: HttpRequest, target: TargetInPath) -> History:
    """Every version of a target, newest first."""
    return History(target=target, versions=state_of(request).models.versions(target))


@command_router.post("/models/promote", response_model=Moved, responses=documented(404, 409))
def models_promote(request: HttpRequest, promotion: Promotion) -> Moved:
    """Make a version champion by hand."""
    return state_of(request).models.promote(promotion.target, promotion.version)


@command_router.post("/models/rollback", response_model=Moved, responses=documented(409))
def models_rollback(request: HttpRequest, roll_back: RollBack) -> Moved:
    """Make the former champion champion again."""
    return state_of(request).models.roll_back(roll_back.target)


@command_router.post("/pipeline/trigger", response_model=Launched, status_code=202)
def pipeline_trigger(request: HttpRequest, trigger: pipeline.Trigger) -> Launched:
    """Queue a run of a job for today; its progress is on Dagster's page."""
    return pipeline.launch(state_of(request).settings, trigger.job)


def _lake_checks(state: State) -> tuple[list[Check], bool]:
    chosen = state.settings

    def checks(lake: Lake) -> list[Check]:
        return list(monitor_views.lake_checks(lake, clock.now(), chosen.source, chosen.stations))

    try:
        return state.lake.read(checks), True
    except Problem as problem:
        return [Check(subject="lake", ok=False, text=problem.detail)], False


def _champion_checks(state: State) -> list[Check]:
    try:
        return list(monitor_views.champion_checks(state.models.current().champions))
    except Problem as problem:
        return [Check(subject="mlflow", ok=False, text=problem.detail)]
