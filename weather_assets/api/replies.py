"""What the API answers: the shapes that its OpenAPI document shows."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from weather_assets.clock import KST
from weather_assets.stations import station as station_of


class Reply(BaseModel):
    """Any answer."""

    model_config = ConfigDict(ser_json_inf_nan="null")


class Sentence(Reply):
    """The same in Korean and English."""

    ko: str = Field(examples=["기온 3.2 °C, 10번 중 8번은 1.9~4.4 °C"])
    en: str = Field(examples=["Air temperature 3.2 °C, 8 times in 10 between 1.9 and 4.4 °C"])


class Place(Reply):
    """A station."""

    station_id: int = Field(examples=[108])
    name_ko: str = Field(examples=["서울"])
    name_en: str = Field(examples=["Seoul"])


class ForPlace(Reply):
    """An answer about one station. `simulated`: the readings behind it are invented, it says nothing of the weather."""

    place: Place
    simulated: bool


class Quantity(Reply):
    """A forecast quantity at one time: quantiles in `unit`; 8 times in 10 the reading lies between p10 and p90."""

    target: str = Field(examples=["air_temperature_c"])
    unit: str = Field(examples=["°C"])
    issued_at: datetime
    valid_at: datetime
    lead_hours: int = Field(examples=[1])
    p10: float = Field(examples=[1.9])
    p25: float = Field(examples=[2.6])
    p50: float = Field(examples=[3.2])
    p75: float = Field(examples=[3.8])
    p90: float = Field(examples=[4.4])
    words: Sentence
    model_version: str = Field(examples=["3"])
    kind: str = Field(examples=["live"])


class Now(ForPlace):
    """The coming hour."""

    valid_at: datetime
    quantities: list[Quantity]


class Rain(Reply):
    """Probability (0 to 1) of at least 0.1 mm in a block of three hours."""

    issued_at: datetime
    valid_from: datetime
    valid_to: datetime
    lead_hours: int
    probability: float
    words: Sentence
    model_version: str


class Outlook(Reply):
    """What a commute will feel like: a score from 0 to 100 with its 80 % range, and what costs points."""

    issued_at: datetime
    valid_on: date
    period: str = Field(examples=["morning"])
    comfort_score: float | None
    comfort_low: float | None
    comfort_high: float | None
    comfort_grade: str | None = Field(examples=["fair"])
    feels_like_c: float | None
    rain_probability: float | None
    pm10_grade: str | None
    plant_alert: bool | None
    alerts: str | None
    reason: Sentence | None


class Commute(ForPlace):
    """The next morning (07-09 KST) or evening (18-20 KST): the forecast hour by hour, and what it means if known."""

    period: str = Field(examples=["morning"])
    valid_on: date
    hours: list[Quantity]
    outlook: Outlook | None


class HourlyForecast(ForPlace):
    """Every lead of every hourly target, and the rain of the same hours."""

    quantities: list[Quantity]
    rain: list[Rain]


class Day(Reply):
    """A forecast quantity of one KST day."""

    target: str = Field(examples=["max_temperature_c"])
    unit: str
    issued_at: datetime
    valid_on: date
    lead_days: int
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    words: Sentence
    model_version: str
    kind: str


class DailyForecast(ForPlace):
    """The coming days."""

    days: list[Day]


class TableState(Reply):
    """Rows of a table that belong to a day, and its newest time."""

    table: str = Field(examples=["clean.asos_hourly"])
    rows: int
    newest: datetime | date | None


class Result(ForPlace):
    """What the batch of a KST day has made for a station."""

    day: date
    tables: list[TableState]
    outlooks: list[Outlook]


class Latest(Reply):
    """The newest forecasts of every station, as in predictions/latest.json; rows have the columns of their tables."""

    layout: int
    simulated: bool
    snapshot: int
    issued_at: datetime | None
    hourly: list[dict[str, Any]]
    daily: list[dict[str, Any]]
    rain: list[dict[str, Any]]
    outlook: list[dict[str, Any]]


class DriftRow(Reply):
    """How far the readings of a week lie from those the models learnt from."""

    station_id: int
    week: str = Field(examples=["2021-06-28"])
    element: str
    drifted: bool
    score: float | None
    method: str


class Drift(Reply):
    """The newest week that was judged."""

    rows: list[DriftRow]


class ModelVersion(Reply):
    """A registered version of a target's model."""

    target: str = Field(examples=["air_temperature_c"])
    version: int = Field(examples=[3])
    aliases: list[str] = Field(examples=[["champion"]])
    registered_at: datetime
    facts: dict[str, str] = Field(examples=[{"trained_through": "2020-12-31T15:10:00+00:00"}])


class Moved(ModelVersion):
    """The champion after a move by hand. `recorded`: it stands in monitor.promotion, else the log says why."""

    recorded: bool


class CurrentModels(Reply):
    """The champion of every target that has one, and the challengers beside them."""

    champions: list[ModelVersion]
    challengers: list[ModelVersion]


class History(Reply):
    """Every version of a target, newest first."""

    target: str
    versions: list[ModelVersion]


class Check(Reply):
    """One thing that was looked at."""

    subject: str = Field(examples=["readings"])
    ok: bool
    text: str = Field(examples=["station 108: newest of 2021-12-31 23:00 KST"])


class Health(Reply):
    """`ok`, `degraded` (something is late or does not answer) or `failing` (the lake cannot be read: status 503)."""

    status: str = Field(examples=["ok"])
    checks: list[Check]


class SourceTest(Reply):
    """Whether the provider of readings answered one question; null is: cannot be told."""

    source: str = Field(examples=["kma_api_hub"])
    reachable: bool | None
    key_accepted: bool | None
    text: str
    checked_at: datetime


class Launched(Reply):
    """A run that was queued."""

    run_id: str
    job: str
    partitions: str


def place(station_id: int) -> Place:
    """Names of a station."""
    found = station_of(station_id)
    return Place(station_id=station_id, name_ko=found.name_ko, name_en=found.name_en)


def in_kst(instant: datetime) -> datetime:
    """The instant with the offset of KST."""
    return instant.astimezone(KST)
