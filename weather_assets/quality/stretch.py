"""How long something has gone on, and will: the stretch of hours around each hour for which a condition holds."""

from weather_assets.quality.criterion import frame


def since(name: str, goes_on: str, hours: int) -> dict[str, str]:
    """Second look <name>_broke: the last hour, this one included, at which it did not go on.

    Looks so many hours back; NULL where it has gone on for longer.
    """
    return {f"{name}_broke": f"max({_pause(goes_on)}) OVER {frame(hours)}"}


def until(name: str, goes_on: str, hours: int) -> dict[str, str]:
    """Second look <name>_breaks: the next hour at which it does not go on.

    Looks so many hours ahead; the hour after the last seen where it goes on for longer or the readings end.
    """
    window = f"(PARTITION BY station_id ORDER BY observed_at ROWS BETWEEN 1 FOLLOWING AND {hours} FOLLOWING)"
    last = "max(observed_at) OVER (PARTITION BY station_id)"
    last_seen = f"least({last}, observed_at + INTERVAL {hours} HOUR) + INTERVAL 1 HOUR"
    return {f"{name}_breaks": f"coalesce(min({_pause(goes_on)}) OVER {window}, {last_seen})"}


def hours_since(name: str) -> str:
    """Hours from the last pause to this one; NULL where there was none."""
    return f"date_diff('hour', {name}_broke, observed_at)"


def hours_between(name: str) -> str:
    """Hours from the last pause to the next; NULL where there was none before."""
    return f"date_diff('hour', {name}_broke, {name}_breaks)"


def _pause(goes_on: str) -> str:
    return f"CASE WHEN {goes_on} THEN NULL ELSE observed_at END"
