"""The limits of quality control, element by element. Physical ranges stand with the elements (see `elements.py`).

Belongs here: numbers and where they come from. Does not: how a test works.

Hourly steps begin with the tolerances of WMO-No. 305, streaks with HadISD's (Dunn et al. 2012). Both are widened to lie
above everything that 160,000 hours of Seoul and Seosan and a week of 95 stations show: fronts and downpours move the
temperature by up to 9.4 °C and the pressure by up to 6.8 hPa in an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Band = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Limits of one element, in its unit. None (or empty) means that the test says nothing about the element.

    `step`: largest plausible difference from the reading so many hours before. `spike`: how far a single hour may stand
    out from both its sides. `streak_hours`: so many equal readings in a row are a stuck sensor. `frequent_hours`:
    so many equal readings within three days are. `steady`: values that real weather keeps up for days, to which
    neither applies. `repeats`: days that are copies are suspect, and equal values at
    the same hour of several days that differ by more than this from the hour before. `zero_beyond`: an exact zero is no
    reading where the last other value was farther from zero. `climate_gap`: least distance from everything seen before
    in the month. `neighbour`: farthest from the stations around.
    """

    step: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    spike: float | None = None
    streak_hours: int | None = None
    frequent_hours: int | None = None
    steady: tuple[Band, ...] = ()
    repeats: float | None = None
    zero_beyond: float | None = None
    climate_gap: float | None = None
    neighbour: float | None = None


def _after(*limits: float) -> Mapping[int, float]:
    """Limits over 1, 2, 3, 6 and 12 hours."""
    return MappingProxyType(dict(zip((1, 2, 3, 6, 12), limits, strict=True)))


# Melting and freezing hold the ground, and the soil for weeks, near 0 °C.
_ICE_AND_WATER = ((-1.5, 1.5),)
_PRESSURE = Rules(
    step=_after(8, 13, 17, 22, 28), spike=4, streak_hours=12, frequent_hours=24, repeats=2, climate_gap=12
)

RULES: Mapping[str, Rules] = MappingProxyType(
    {
        "air_temperature_c": Rules(
            step=_after(8, 10, 12, 20, 26),
            spike=6,
            streak_hours=14,
            frequent_hours=24,
            repeats=3,
            zero_beyond=6,
            climate_gap=10,
            neighbour=12,
        ),
        "wind_speed_ms": Rules(
            step=_after(12, 13, 14, 18, 20),
            spike=9,
            streak_hours=10,
            frequent_hours=30,
            # Calm nights.
            steady=((0, 0),),
            repeats=6,
            climate_gap=12,
        ),
        "relative_humidity_pct": Rules(
            step=_after(75, 80, 85, 95, 95),
            spike=45,
            streak_hours=18,
            frequent_hours=32,
            # Fog; worn sensors rest at 93 % for a night and a day.
            steady=((90, 100),),
        ),
        "vapor_pressure_hpa": Rules(
            step=_after(15, 19, 20, 22, 25),
            spike=8,
            streak_hours=18,
            frequent_hours=36,
            # A tenth is a large step in dry winter air.
            steady=((0, 3),),
            zero_beyond=3,
            climate_gap=8,
        ),
        "dew_point_c": Rules(
            step=_after(18, 22, 24, 28, 32),
            spike=12,
            streak_hours=14,
            frequent_hours=28,
            repeats=5,
            zero_beyond=15,
            climate_gap=8,
            neighbour=14,
        ),
        "station_pressure_hpa": _PRESSURE,
        "sea_level_pressure_hpa": Rules(
            step=_PRESSURE.step,
            spike=_PRESSURE.spike,
            streak_hours=_PRESSURE.streak_hours,
            frequent_hours=_PRESSURE.frequent_hours,
            repeats=_PRESSURE.repeats,
            climate_gap=_PRESSURE.climate_gap,
            neighbour=6,
        ),
        # All or nothing of an hour is common; so is the faintest light of thick cloud.
        "sunshine_h": Rules(streak_hours=14, steady=((0, 0), (1, 1))),
        "solar_radiation_mj_m2": Rules(streak_hours=6, steady=((0, 0.02),)),
        "snow_depth_cm": Rules(step=_after(20, 30, 40, 60, 90), spike=8, climate_gap=60),
        "ground_temperature_c": Rules(
            step=_after(25, 32, 38, 52, 55),
            spike=18,
            streak_hours=18,
            frequent_hours=28,
            steady=_ICE_AND_WATER,
            repeats=9,
            zero_beyond=15,
            climate_gap=15,
        ),
        "soil_temperature_5cm_c": Rules(
            step=_after(14, 21, 25, 32, 32),
            spike=8,
            streak_hours=48,
            steady=_ICE_AND_WATER,
            zero_beyond=6,
            climate_gap=10,
        ),
        "soil_temperature_10cm_c": Rules(
            step=_after(7, 9, 11, 15, 17),
            spike=4,
            streak_hours=48,
            steady=_ICE_AND_WATER,
            zero_beyond=4,
            climate_gap=8,
        ),
        "soil_temperature_20cm_c": Rules(
            step=_after(4, 5, 6, 8, 10),
            spike=2,
            streak_hours=48,
            # The deeper, the longer a tenth of a degree lasts.
            steady=((-1.5, 4.0),),
            zero_beyond=3,
            climate_gap=6,
        ),
        "soil_temperature_30cm_c": Rules(
            step=_after(3, 4, 5, 6, 8),
            spike=1.5,
            zero_beyond=3,
            climate_gap=6,
        ),
    }
)
"""Rules by element; an element that is not named here is tested for its range and by its provider only."""
