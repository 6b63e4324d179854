"""Sunshine and radiation against the sun: none of either at night, and no more than arrives above the atmosphere."""

from math import radians, sin

from weather_assets.elements import Flag
from weather_assets.quality.criterion import Criterion

# One hour of the solar constant, 1361 W/m2, at the mean distance from the sun.
_ABOVE_ATMOSPHERE_MJ_M2 = 4.9
# Clouds at the rim of the sun add light; the sums are of about an hour.
_SHARE, _MARGIN_MJ_M2 = 1.2, 0.15
# The sun's upper rim is seen from 0.83 degrees below the horizon on.
_NIGHT_SINE = sin(radians(-2))
_FULL_DAY_MJ_M2 = 2.0
# Under the black clouds of a downpour not a hundredth of a MJ/m2 arrives at noon: Seoul, 2013-08-06 and eleven others.
_OPEN_SKY_TENTHS = 7
_PLACE_AND_TIME = ("stamp", "latitude_deg", "longitude_deg")


def sunshine_at_night() -> Criterion:
    """Fails where there is sunshine in an hour that is all night. Says nothing of a station whose place is unknown."""
    return Criterion(
        test="sun",
        flag=Flag.INCONSISTENT,
        reads=_PLACE_AND_TIME,
        looks=_looks(),
        condition=f"(value > 0 AND {_highest_sine()} < {_NIGHT_SINE:.6f})",
        reason="format('{:g} h of sunshine in an hour of night', value)",
    )


def radiation_beyond_the_sun() -> Criterion:
    """Fails where more is measured than 1.2 times what arrives above the atmosphere in the hour, and 0.15 MJ/m2."""
    return Criterion(
        test="sun",
        flag=Flag.INCONSISTENT,
        reads=_PLACE_AND_TIME,
        looks=_looks(),
        condition=f"(sine_at_middle IS NOT NULL AND value > {_SHARE} * {_arriving()} + {_MARGIN_MJ_M2})",
        reason=f"format('{{:g}} MJ/m2, where {{:.2f}} arrive above the atmosphere', value, {_arriving()})",
    )


def radiation_without_light() -> Criterion:
    """Fails where exactly 0 is measured by day although the sun shines or 3 tenths of the sky and more are open."""
    return Criterion(
        test="zero coding",
        flag=Flag.INCONSISTENT,
        reads=(*_PLACE_AND_TIME, "sunshine_h", "cloud_cover_tenths"),
        looks=_looks(),
        condition=f"(value = 0 AND {_arriving()} > {_FULL_DAY_MJ_M2} "
        f"AND (coalesce(sunshine_h > 0, FALSE) OR coalesce(cloud_cover_tenths <= {_OPEN_SKY_TENTHS}, FALSE)))",
        reason=f"format('exactly 0, where {{:.2f}} MJ/m2 arrive above the atmosphere', {_arriving()})",
    )


def _looks() -> dict[str, str]:
    """Sine of the sun's elevation at the beginning, middle and end of the hour that ends at observed_at.

    Declination after Cooper (1969), equation of time after Spencer (1971); good to half a degree.
    """
    year_angle = "(2 * pi() * (dayofyear(stamp) - 1) / 365)"
    declination = "radians(23.45 * sin(2 * pi() * (284 + dayofyear(stamp)) / 365))"
    equation_min = (
        f"229.18 * (0.000075 + 0.001868 * cos({year_angle}) - 0.032077 * sin({year_angle}) "
        f"- 0.014615 * cos(2 * {year_angle}) - 0.040849 * sin(2 * {year_angle}))"
    )
    # The stamp is UTC+9, the mean time of 135 degrees east.
    solar_hour = f"(hour(stamp) + ({equation_min}) / 60 + (longitude_deg - 135) / 15)"
    return {
        name: f"sin(radians(latitude_deg)) * sin({declination}) + cos(radians(latitude_deg)) * cos({declination}) "
        f"* cos(radians(15 * ({solar_hour} - {hours_ago} - 12)))"
        for name, hours_ago in _MOMENTS.items()
    }


_MOMENTS = {"sine_at_begin": 1.0, "sine_at_middle": 0.5, "sine_at_end": 0.0}


def _highest_sine() -> str:
    return f"greatest({', '.join(_MOMENTS)})"


def _arriving() -> str:
    """MJ/m2 on a level above the atmosphere in the hour (Simpson's rule)."""
    begin, middle, end = (f"greatest({name}, 0)" for name in _MOMENTS)
    return f"({_ABOVE_ATMOSPHERE_MJ_M2} * ({begin} + 4 * {middle} + {end}) / 6)"
