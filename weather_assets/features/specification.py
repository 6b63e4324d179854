"""The features of features.hourly: what is computed of which element, over how many hours.

Left out on purpose: sea-level pressure (the station pressure plus a constant and a temperature term), new snow
(blank nearly always, within snow depth) and the text codes. Climatology is no feature: it belongs to a model.
"""

from weather_assets.features.signals import CalendarCycle, FeatureSpecification, Signal

_WIND = ("wind_speed_ms", "wind_direction_deg")
# The direction says where the wind comes from, so the vector points the other way.
_EASTWARD = "-wind_speed_ms * sin(radians(wind_direction_deg))"
_NORTHWARD = "-wind_speed_ms * cos(radians(wind_direction_deg))"


HOURLY_FEATURES = FeatureSpecification(
    cycles=(
        CalendarCycle("hour_of_day", "hour(local_time)", period=24, harmonics=3),
        CalendarCycle("day_of_year", "dayofyear(local_time) - 1 + hour(local_time) / 24", period=365.2425, harmonics=3),
    ),
    signals=(
        Signal(
            "air_temperature_c",
            changes_h=(1, 2, 3, 6, 12, 24, 48, 72),
            mean_h=(6, 12, 24, 72, 240),
            min_h=(24, 72),
            max_h=(24, 72),
        ),
        Signal("dew_point_c", changes_h=(1, 3, 6, 12, 24, 48), mean_h=(6, 24, 72, 240), min_h=(24,), max_h=(24,)),
        Signal(
            "relative_humidity_pct",
            changes_h=(1, 2, 3, 6, 12, 24, 48),
            mean_h=(6, 24, 72, 240),
            min_h=(24,),
            max_h=(24,),
        ),
        Signal("vapor_pressure_hpa", mean_h=(24,)),
        Signal(
            "station_pressure_hpa",
            changes_h=(1, 2, 3, 6, 12, 24, 48, 72),
            mean_h=(24, 72, 240),
            min_h=(24,),
            max_h=(24,),
        ),
        Signal("wind_speed_ms", mean_h=(6, 24, 72), max_h=(24,)),
        Signal("wind_eastward_ms", _WIND, _EASTWARD, changes_h=(1, 3), mean_h=(3, 6, 12, 24, 72)),
        Signal("wind_northward_ms", _WIND, _NORTHWARD, changes_h=(1, 3), mean_h=(3, 6, 12, 24, 72)),
        Signal("precipitation_mm", level=False, sum_h=(3, 6, 24, 72, 240)),
        # Blank at night, so totals of the day rather than means of its lit hours.
        Signal("sunshine_h", sum_h=(3, 24, 72)),
        Signal("solar_radiation_mj_m2", sum_h=(3, 24, 72, 240)),
        Signal("snow_depth_cm", blank_value=0.0, level=False, max_h=(24,)),
        Signal("cloud_cover_tenths", changes_h=(3,), mean_h=(3, 6, 24, 72)),
        Signal("cloud_cover_low_mid_tenths", changes_h=(3,), mean_h=(3, 6, 24, 72)),
        Signal("cloud_base_m", level=False, mean_h=(3, 24)),
        Signal("visibility_m", changes_h=(3, 24), mean_h=(3, 24, 72)),
        Signal("ground_temperature_c", changes_h=(1, 3, 24), mean_h=(24, 72), min_h=(24,), max_h=(24,)),
        Signal("soil_temperature_5cm_c", changes_h=(1, 3, 24), mean_h=(24,)),
        Signal("soil_temperature_10cm_c", changes_h=(3, 24)),
        Signal("soil_temperature_20cm_c", changes_h=(3, 24)),
        Signal("soil_temperature_30cm_c", changes_h=(24, 72), mean_h=(240,)),
    ),
)
"""The specification of features.hourly; a name, a column and the look-back follow from each line."""
