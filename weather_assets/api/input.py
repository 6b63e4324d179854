"""What a caller may give: a station, an instant, a target. Validated before anything is asked of the lake."""

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from weather_assets import clock
from weather_assets.forecasting.targets import TARGETS

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_LEAP_SECOND = re.compile(r"(?<=:\d\d):60")


def _instant(text: object) -> datetime:
    """An instant between 1900 and 2200: nothing is forecast beyond, and the calendar of SQL ends somewhere."""
    if not (isinstance(text, str) and _RFC_3339.fullmatch(text)):
        message = "not a time; write it as 2021-12-31T23:00:00%2B09:00 (the plus of an offset is %2B in an address)"
        raise ValueError(message)
    return min(max(clock.parse_instant(_LEAP_SECOND.sub(":59", text.upper())), _FIRST), _LAST)


def _target(name: str) -> str:
    if name not in TARGETS:
        message = f"unknown target; choose among {', '.join(TARGETS)}"
        raise ValueError(message)
    return name


Target = Annotated[str, AfterValidator(_target), WithJsonSchema({"type": "string", "enum": list(TARGETS)})]
TargetInPath = Annotated[Target, Path(description="What is forecast.")]
Station = Annotated[
    int | None,
    Query(description="KMA station number; else the first of WEATHER_STATIONS.", ge=1, le=99_999, examples=[108]),
]
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
At = Annotated[
    Instant | None,
    Query(description="The forecast that stood at this instant (ISO 8601, KST without an offset); else the newest."),
]


def _whole(value: object) -> object:
    """To JSON Schema 3.0 is an integer too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Promotion(BaseModel):
    """A version to be made champion."""

    model_config = ConfigDict(extra="forbid")

    target: Target = Field(examples=["air_temperature_c"])
    version: Annotated[int, BeforeValidator(_whole)] = Field(ge=1, le=2**31 - 1, strict=True, examples=[3])


class RollBack(BaseModel):
    """A target whose former champion is to return."""

    model_config = ConfigDict(extra="forbid")

    target: Target = Field(examples=["air_temperature_c"])
