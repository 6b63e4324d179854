"""The instruments of a station beside its thermometer, in the forms that its temperature depends on linearly.

Thermometers in and on the ground, humidity, radiation, wind and air pressure are sensors of their own. Dew point,
vapour pressure and sea-level pressure are derived from the thermometer and share its error: they take no part.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from weather_assets.forecasting.hours import Floats
from weather_assets.monitoring.faults.series import Places, StationHours

TEMPERATURE, GROUND = "air_temperature_c", "ground_temperature_c"
SOIL = tuple(f"soil_temperature_{depth_cm}cm_c" for depth_cm in (5, 10, 20, 30))
ELEMENTS = (
    TEMPERATURE,
    "relative_humidity_pct",
    "vapor_pressure_hpa",
    "dew_point_c",
    "station_pressure_hpa",
    "sea_level_pressure_hpa",
    "wind_speed_ms",
    "wind_direction_deg",
    "solar_radiation_mj_m2",
    "precipitation_mm",
    "snow_depth_cm",
    GROUND,
    *SOIL,
)
"""What a history of a station is read with: those that predict, and those that tell of units and zeros."""


@dataclass(frozen=True)
class Instruments:
    """Readings of a station (N,) in the forms that relations are linear in."""

    station: StationHours

    @property
    def temperature_c(self) -> Floats:
        """The thermometer that is judged."""
        return self.station[TEMPERATURE]

    @cached_property
    def ground_c(self) -> Floats:
        """The thermometer on the ground."""
        return self.station[GROUND]

    @cached_property
    def log_humidity(self) -> Floats:
        """Logarithm of relative humidity as a share."""
        return np.log(np.maximum(self.station["relative_humidity_pct"], 1.0) / 100)

    @cached_property
    def radiation_mj_m2(self) -> Floats:
        """Blank at night, and at stations without the sensor: 0 there."""
        return np.nan_to_num(self.station["solar_radiation_mj_m2"])

    @cached_property
    def wind(self) -> Floats:
        """Square root of the speed in m/s."""
        return np.sqrt(np.maximum(self.station["wind_speed_ms"], 0.0))

    @cached_property
    def wind_vector_ms(self) -> tuple[Floats, Floats]:
        """Parts of the wind from the east and from the north; in a calm no direction is reported."""
        speed = self.station["wind_speed_ms"]
        direction = np.radians(np.nan_to_num(self.station["wind_direction_deg"]))
        return speed * np.sin(direction), speed * np.cos(direction)

    @cached_property
    def rain(self) -> Floats:
        """Logarithm of the rain, 0 where dry or blank."""
        return np.log1p(5 * np.nan_to_num(self.station["precipitation_mm"]))


@dataclass(frozen=True)
class Around:
    """Hours (P,) of an axis, and those before and after each."""

    places: Places

    def ago(self, values: Floats, hours: int) -> Floats:
        """Return (P,) the value so many hours before each (after, where negative); NaN beyond the axis."""
        at = self.places - hours
        inside = (at >= 0) & (at < len(values))
        return np.where(inside, values[np.clip(at, 0, len(values) - 1)], np.nan)

    def change(self, values: Floats, hours: int = 0) -> Floats:
        """Return (P,) by how much the value had changed within the hour, so many hours before each."""
        return self.ago(values, hours) - self.ago(values, hours + 1)
