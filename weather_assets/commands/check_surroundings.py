"""Checks of what surrounds the platform: settings, keys, source, disk, programs. Reads only."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pydantic import AliasChoices, SecretStr

from weather_assets import clock
from weather_assets.commands.check import Check, fail, ok, warn
from weather_assets.errors import UsageError
from weather_assets.settings import Settings
from weather_assets.sources.choice import is_simulated, make_source
from weather_assets.sources.protocol import CountedSource, Usage
from weather_assets.stations import STATIONS, station

_KEYS = (
    "kma_api_hub_key",
    "data_go_kr_key",
    "slack_webhook_url",
    "alert_webhook_url",
    "api_token",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
)
_PROGRAMS = {
    "chromium": "the browser tests",
    "postgres": "the tests of a PostgreSQL catalogue",
    "prometheus": "the tests of the alert rules",
    "docker": "the stack in deploy/",
}
_GIB = 1 << 30
_TOO_LITTLE_GIB, _LITTLE_GIB = 1, 5


def check_settings(settings: Settings) -> Iterator[Check]:
    """Home and stations."""
    home = settings.home.absolute()
    there = _nearest(home)
    if not there.is_dir():
        yield fail("home", f"{there} is not a folder", "set another WEATHER_HOME")
    elif not os.access(there, os.W_OK):
        yield fail("home", f"{there} cannot be written to by this user", "set another WEATHER_HOME or its permissions")
    else:
        yield ok("home", str(home) if home.exists() else f"{home}, not made yet")
    unknown = [number for number in settings.stations if number not in STATIONS]
    named = ", ".join(f"{number} {station(number).name_ko}" for number in settings.stations if number not in unknown)
    if named:
        yield ok("stations", named)
    if unknown:
        which = ", ".join(map(str, unknown))
        yield warn("stations", f"{which}: not in the catalogue of ASOS stations", "check WEATHER_STATIONS")


def check_keys(settings: Settings) -> Iterator[Check]:
    """Which secrets are set; never what they are."""
    present = [_variable(name) for name in _KEYS if _is_set(getattr(settings, name))]
    absent = [_variable(name) for name in _KEYS if _variable(name) not in present]
    yield ok("keys", f"set: {', '.join(present) or 'none'}; not set: {', '.join(absent) or 'none'}")


def _variable(name: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"WEATHER_{name.upper()}"


def check_source(settings: Settings) -> Iterator[Check]:
    """Whether the source can be used as set and knows the stations; a folder of files is read in full."""
    now = clock.now()
    try:
        source = make_source(settings)
        source.asos_hourly(settings.stations, now, now)
    except (UsageError, OSError) as error:
        yield fail("source", str(error), "set WEATHER_SOURCE, or mend what the message names")
        return
    if is_simulated(settings):
        yield ok("source", "simulator: the readings are invented (모의 자료); set WEATHER_SOURCE for real ones")
        return
    yield ok("source", f"{settings.source} can be used for station {', '.join(map(str, settings.stations))}")
    if isinstance(source, CountedSource):
        yield from map(_calls, source.usage())


def _calls(usage: Usage) -> Check:
    text = f"{usage.provider}: {usage.spent:,} of the {usage.allowed:,} calls of today made"
    if usage.spent >= usage.allowed:
        return warn("calls", f"{text}; it goes on after midnight in Korea", "raise its WEATHER_*_DAILY_CALLS, or wait")
    return ok("calls", text)


def check_disk(settings: Settings) -> Iterator[Check]:
    """Room where the home lies."""
    free_gib = shutil.disk_usage(_nearest(settings.home.absolute())).free / _GIB
    text = f"{free_gib:.1f} GiB free"
    if free_gib < _TOO_LITTLE_GIB:
        yield fail("disk", text, "make room: weather maintain, or a WEATHER_HOME on another disk")
    elif free_gib < _LITTLE_GIB:
        yield warn("disk", text, "weather maintain frees what old runs and snapshots take")
    else:
        yield ok("disk", text)


def check_programs(_settings: Settings) -> Iterator[Check]:
    """Programs that only some things need."""
    absent = [f"{program} ({use})" for program, use in _PROGRAMS.items() if shutil.which(program) is None]
    yield ok("programs", f"not installed, and needed only for: {', '.join(absent)}" if absent else "all optional ones")


def _is_set(value: str | SecretStr | None) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _nearest(path: Path) -> Path:
    """The path, or the first of its parents that exists."""
    return next(place for place in (path, *path.parents) if place.exists())
