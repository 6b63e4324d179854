"""Routes that answer from the lake: forecasts, the day's result, drift."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response

from weather_assets import clock
from weather_assets.api import forecast_views, monitor_views
from weather_assets.api.input import At, Station
from weather_assets.api.problems import documented
from weather_assets.api.replies import (
    Commute,
    DailyForecast,
    Drift,
    HourlyForecast,
    Latest,
    Now,
    Reply,
    Result,
)
from weather_assets.api.state import state_of
from weather_assets.lake.lake import Lake
from weather_assets.publication.newest import newest_issue

router = APIRouter(tags=["forecast"], responses=documented(404, 422, 503))
monitor_router = APIRouter(tags=["monitor"], responses=documented(404, 503))

OfStation = Callable[[Lake, int, datetime], Reply]


@router.get("/predict/now", response_model=Now, summary="The coming hour, in words and numbers")
def predict_now(request: Request, station: Station = None, at: At = None) -> Response:
    """Every hourly target for the hour that follows."""
    return _of_station(request, station, at, forecast_views.now)


@router.get("/predict/morning", response_model=Commute, summary="The next morning, 07-09 KST")
def predict_morning(request: Request, station: Station = None, at: At = None) -> Response:
    """Hour by hour, with the outlook for a commute where there is one."""
    return _of_station(request, station, at, partial(forecast_views.commute, period="morning"))


@router.get("/predict/evening", response_model=Commute, summary="The next evening, 18-20 KST")
def predict_evening(request: Request, station: Station = None, at: At = None) -> Response:
    """Hour by hour, with the outlook for a commute where there is one."""
    return _of_station(request, station, at, partial(forecast_views.commute, period="evening"))


@router.get("/forecast/hourly", response_model=HourlyForecast, summary="1 to 48 hours ahead")
def forecast_hourly(request: Request, station: Station = None, at: At = None) -> Response:
    """Quantiles of every hourly target and the probability of rain."""
    return _of_station(request, station, at, forecast_views.hourly)


@router.get("/forecast/daily", response_model=DailyForecast, summary="The coming days")
def forecast_daily(request: Request, station: Station = None, at: At = None) -> Response:
    """Quantiles of daily temperatures and PM10."""
    return _of_station(request, station, at, forecast_views.daily)


@router.get("/result", response_model=Result, summary="What today's batch has made")
def result(request: Request, station: Station = None, at: At = None) -> Response:
    """Rows of the day in every table, and the outlooks that stand."""
    return _of_station(request, station, at, forecast_views.result)


@router.get("/api/latest", response_model=Latest, summary="The newest forecasts of every station")
def latest(request: Request) -> Response:
    """The document that also lies in predictions/latest.json."""
    return _at(request, ("latest",), None, forecast_views.latest)


@monitor_router.get("/drift/latest", response_model=Drift, summary="Drift of the newest week")
def drift_latest(request: Request) -> Response:
    """Which elements lie far from what the models learnt from."""
    return _answered(request, ("drift",), monitor_views.drift)


def _of_station(request: Request, station: int | None, at: datetime | None, view: OfStation) -> Response:
    chosen = state_of(request).settings.stations[0] if station is None else station
    return _at(request, (request.url.path, chosen), at, lambda lake, when: view(lake, chosen, when))


def _at(
    request: Request, key: tuple[object, ...], at: datetime | None, view: Callable[[Lake, datetime], Reply]
) -> Response:
    """The view at an instant, else at this minute; files of the past have no present but their newest forecast."""
    minute = at or clock.now().replace(second=0, microsecond=0)
    is_past = at is None and state_of(request).settings.source.startswith("csv:")

    def view_then(lake: Lake) -> Reply:
        return view(lake, (newest_issue(lake) if is_past else None) or minute)

    return _answered(request, (*key, None if is_past else minute), view_then)


def _answered(request: Request, key: tuple[object, ...], view: Callable[[Lake], Reply]) -> Response:
    """The view of the newest snapshot; 304 and no body where the caller has just that already."""
    answer = state_of(request).lake.answer(key, lambda lake: view(lake).model_dump_json().encode())
    headers = {"ETag": answer.etag, "Cache-Control": "no-cache", "Lake-Snapshot": str(answer.snapshot)}
    if answer.etag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, headers=headers, media_type="application/json")


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
