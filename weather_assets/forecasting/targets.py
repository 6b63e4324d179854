"""What is forecast: one row per target. Adding a target is adding a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from weather_assets.elements import BY_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A quantity to forecast.

    `element` is the column of the clean table with the truth, which is also the feature with the reading of the hour
    of issue; `leads` are hours ahead; forecasts are kept within `lower` and `upper` (in `unit`).
    """

    name: str
    element: str
    kind: Literal["hourly"]
    unit: str
    label_ko: str
    label_en: str
    leads: tuple[int, ...]
    lower: float
    upper: float


def _hourly(name: str, *, lower: float, upper: float) -> Target:
    element = BY_NAME[name]
    return Target(
        name=name,
        element=name,
        kind="hourly",
        unit=element.unit,
        label_ko=element.label_ko,
        label_en=element.label_en,
        leads=tuple(range(1, 49)),
        lower=lower,
        upper=upper,
    )


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        target.name: target
        for target in (
            _hourly("air_temperature_c", lower=-60.0, upper=60.0),
            _hourly("relative_humidity_pct", lower=0.0, upper=100.0),
        )
    }
)
