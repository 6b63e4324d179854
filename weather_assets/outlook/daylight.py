"""Sunrise and sunset, to shade the nights of a chart."""

import math
from datetime import UTC, date, datetime, timedelta

_SUN_ALTITUDE_DEG = -0.833
"""Of the sun's centre when its upper edge is on the horizon, refraction included."""


def sunrise_and_sunset(day: date, latitude_deg: float, longitude_deg: float) -> tuple[datetime, datetime]:
    """Instants of a civil day at a place in Korea, within two or three minutes (NOAA's solar equations, low accuracy).

    Raises ValueError where the sun does not rise or set that day.
    """
    angle = 2 * math.pi / 365 * (day.timetuple().tm_yday - 1)
    equation_of_time_min = 229.18 * (
        0.000075
        + 0.001868 * math.cos(angle)
        - 0.032077 * math.sin(angle)
        - 0.014615 * math.cos(2 * angle)
        - 0.040849 * math.sin(2 * angle)
    )
    declination = (
        0.006918
        - 0.399912 * math.cos(angle)
        + 0.070257 * math.sin(angle)
        - 0.006758 * math.cos(2 * angle)
        + 0.000907 * math.sin(2 * angle)
        - 0.002697 * math.cos(3 * angle)
        + 0.00148 * math.sin(3 * angle)
    )
    latitude = math.radians(latitude_deg)
    cosine = math.sin(math.radians(_SUN_ALTITUDE_DEG)) / (math.cos(latitude) * math.cos(declination)) - math.tan(
        latitude
    ) * math.tan(declination)
    if not -1 <= cosine <= 1:
        raise ValueError(f"the sun does not rise and set on {day} at latitude {latitude_deg}")
    half_day = timedelta(minutes=4 * math.degrees(math.acos(cosine)))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    noon = midnight + timedelta(minutes=720 - 4 * longitude_deg - equation_of_time_min)
    return noon - half_day, noon + half_day
