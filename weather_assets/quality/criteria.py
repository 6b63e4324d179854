"""Which tests an element undergoes, in the order in which their verdicts count."""

from collections.abc import Iterator

from weather_assets.quality.climatological_gap import climatological_gap
from weather_assets.quality.consistency import direction_without_wind, pressures_disagree, snow_in_heat
from weather_assets.quality.criterion import Criterion
from weather_assets.quality.frequent import frequent
from weather_assets.quality.humidity import disagreement, vapor_pressure_disagrees
from weather_assets.quality.repeats import copied_day, same_hour
from weather_assets.quality.rules import RULES, Rules
from weather_assets.quality.spike import spike
from weather_assets.quality.step import step
from weather_assets.quality.streak import earlier_part, streak
from weather_assets.quality.sun import radiation_beyond_the_sun, radiation_without_light, sunshine_at_night
from weather_assets.quality.zero_coding import zero_coding

_CONSISTENCY = {
    "air_temperature_c": (disagreement("air_temperature_c"),),
    "relative_humidity_pct": (disagreement("relative_humidity_pct"),),
    "dew_point_c": (disagreement("dew_point_c"),),
    "vapor_pressure_hpa": (vapor_pressure_disagrees(),),
    "station_pressure_hpa": (pressures_disagree("station_pressure_hpa"),),
    "sea_level_pressure_hpa": (pressures_disagree("sea_level_pressure_hpa"),),
    "wind_direction_deg": (direction_without_wind(),),
    "snow_depth_cm": (snow_in_heat(),),
    "sunshine_h": (sunshine_at_night(),),
    "solar_radiation_mj_m2": (radiation_beyond_the_sun(), radiation_without_light()),
}


def criteria_of(element: str, *, has_climate: bool = False) -> list[Criterion]:
    """The tests of an element on its own station; those that read later hours come last.

    With `has_climate` the hours have the columns of `climatological_gap`.
    """
    rules = RULES.get(element, Rules())
    of_climate = [climatological_gap()] if has_climate and rules.climate_gap is not None else []
    found = [*_CONSISTENCY.get(element, ()), *of_climate, *_of_rules(rules)]
    return sorted(found, key=lambda one: one.is_later)


def _of_rules(rules: Rules) -> Iterator[Criterion]:
    if rules.zero_beyond is not None:
        yield zero_coding(rules.zero_beyond)
    if rules.step:
        yield step(rules.step)
    if rules.streak_hours is not None:
        yield streak(rules.streak_hours, rules.steady)
        yield earlier_part(rules.streak_hours, rules.steady)
    if rules.repeats is not None:
        yield copied_day()
        yield same_hour(rules.repeats)
    if rules.frequent_hours is not None:
        yield frequent(rules.frequent_hours, rules.steady)
    if rules.spike is not None:
        yield spike(rules.spike)
