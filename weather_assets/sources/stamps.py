"""Time stamps as the KMA services write and read them, in `clock.STAMP_ZONE`."""

import re
from datetime import UTC, date, datetime, timedelta

from weather_assets.clock import STAMP_ZONE

_STAMP = re.compile(r"(\d{4})[-.]?(\d{2})[-.]?(\d{2})[ .]?(\d{2}):?(\d{2})")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_END_OF_DAY = "24"


def read_instant(text: str) -> datetime:
    """`2019-01-20 01:00`, `201901200100` or `2019.01.20.01:00` as UTC; 24:00 is 00:00 of the next day.

    Raises ValueError for any other text.
    """
    parts = _STAMP.fullmatch(text.strip())
    if parts is None:
        raise ValueError("not a time stamp")
    year, month, day, hour, minute = parts.groups()
    overflow = timedelta(days=1) if hour == _END_OF_DAY and minute == "00" else timedelta()
    hour_of_day = 0 if overflow else int(hour)
    stamp = datetime(int(year), int(month), int(day), hour_of_day, int(minute), tzinfo=STAMP_ZONE)
    return (stamp + overflow).astimezone(UTC)


def read_day(text: str) -> date:
    """`2022-01-01` or `20220101`. Raises ValueError for any other text."""
    parts = _DAY.fullmatch(text.strip())
    if parts is None:
        raise ValueError("not a day")
    year, month, day = map(int, parts.groups())
    return date(year, month, day)


def stamp(instant: datetime, style: str) -> str:
    """An instant written as the services read it; `style` is a strftime format."""
    return instant.astimezone(STAMP_ZONE).strftime(style)
