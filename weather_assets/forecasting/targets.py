"""What is forecast: one row per target. Adding a target is adding a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from weather_assets.daily_elements import DAILY_TEMPERATURES
from weather_assets.elements import BY_NAME

Kind = Literal["hourly", "daily", "rain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A quantity to forecast.

    `element` is the column of the clean table with the truth. `leads` are hours ahead (hourly), days after the day of
    issue (daily), or hours ahead to the end of a 3-hour block, rounded up to whole blocks (rain). Forecasts are kept
    within `lower` and `upper` (in `unit`). `multiplicative`: errors are shares of the value rather than amounts.
    """

    name: str
    element: str
    kind: Kind
    unit: str
    label_ko: str
    label_en: str
    leads: tuple[int, ...]
    lower: float
    upper: float
    multiplicative: bool = False

    @property
    def lead_unit(self) -> Literal["h", "d"]:
        """What leads are counted in: hours or days."""
        return "d" if self.kind == "daily" else "h"

    @property
    def longest_lead_days(self) -> int:
        """Whole days from the day of issue within which every forecast is for."""
        return max(self.leads) if self.kind == "daily" else -(-max(self.leads) // 24)


HOURLY_LEADS = tuple(range(1, 49))
DAILY_LEADS = (1, 2, 3)
BLOCK_HOURS = 3
BLOCK_LEADS = tuple(range(BLOCK_HOURS, 49, BLOCK_HOURS))


def _hourly(name: str, *, lower: float, upper: float) -> Target:
    element = BY_NAME[name]
    return Target(
        name=name,
        element=name,
        kind="hourly",
        unit=element.unit,
        label_ko=element.label_ko,
        label_en=element.label_en,
        leads=HOURLY_LEADS,
        lower=lower,
        upper=upper,
    )


def _daily_temperatures() -> Iterator[Target]:
    for element in DAILY_TEMPERATURES:
        yield Target(
            name=element.name,
            element=element.name,
            kind="daily",
            unit="°C",
            label_ko=element.label_ko,
            label_en=element.label_en,
            leads=DAILY_LEADS,
            lower=-60.0,
            upper=60.0,
        )


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        target.name: target
        for target in (
            _hourly("air_temperature_c", lower=-60.0, upper=60.0),
            _hourly("relative_humidity_pct", lower=0.0, upper=100.0),
            *_daily_temperatures(),
            Target(
                name="mean_pm10_ugm3",
                element="mean_pm10_ugm3",
                kind="daily",
                unit="µg/m³",
                label_ko="미세먼지(PM10) 일평균",
                label_en="Daily mean PM10",
                leads=DAILY_LEADS,
                lower=0.0,
                upper=2000.0,
                multiplicative=True,
            ),
            Target(
                name="rain_probability",
                element="precipitation_mm",
                kind="rain",
                unit="1",
                label_ko="강수확률",
                label_en="Probability of rain",
                leads=BLOCK_LEADS,
                lower=0.0,
                upper=1.0,
            ),
        )
    }
)


def targets_of(kind: Kind) -> Mapping[str, Target]:
    """Return the targets of a kind, in the order of the table."""
    return {name: target for name, target in TARGETS.items() if target.kind == kind}
