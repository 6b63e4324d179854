"""Korean Standard Time and the few time rules that every room shares. No naive datetime leaves this module."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")
STAMP_OFFSET_H = 9
STAMP_OFFSET = timedelta(hours=STAMP_OFFSET_H)
STAMP_ZONE = timezone(STAMP_OFFSET)
"""KMA stamps its readings UTC+9 all year. Seoul's civil clock differed from it at times up to 1961 and in the summers
of 1987-88, where a zone rule would shift, lose or double hours."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PUBLICATION_DELAY = timedelta(minutes=10)
"""A reading of hour h can be used from h + 10 min on; a forecast made from it is issued at that moment."""


def kst_midnight(day: date) -> datetime:
    """First instant of a KST day."""
    return datetime.combine(day, time(), tzinfo=KST)


def stamp_midnight(day: date) -> datetime:
    """First instant of a day as KMA stamps it."""
    return datetime.combine(day, time(), tzinfo=STAMP_ZONE)


def kst_date(instant: datetime) -> date:
    """The KST day that holds an instant."""
    return instant.astimezone(KST).date()


def parse_day(text: str) -> date:
    """Read YYYY-MM-DD; raises ValueError with the remedy in its words."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a date; write it as YYYY-MM-DD, for example 2021-12-31"
        raise ValueError(message) from None


def parse_instant(text: str) -> datetime:
    """Read ISO 8601; a stamp without an offset is taken as KST, as KMA writes it."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a time; write it as ISO 8601, for example 2021-12-31T23:00+09:00"
        raise ValueError(message) from None
    return instant.replace(tzinfo=KST) if instant.tzinfo is None else instant


def now() -> datetime:
    """The present instant, timezone-aware."""
    return datetime.now(UTC)
