"""THE table of observed elements. Every rule about an element (names, codes, units, limits) is read from here.

Belongs here: facts about elements and about how each provider writes them. Does not: code that acts on readings.

Sources: physical limits from KMA quality-control guides (temperature, humidity, wind), HadISD record limits and
WMO-No. 8; provider codes, units and sentinels from the services' documentation and recorded responses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Flag(StrEnum):
    """What became of one value in a clean table."""

    OK = "ok"
    MISSING = "missing"
    RANGE = "range"
    STEP = "step"
    SPIKE = "spike"
    STREAK = "streak"
    INCONSISTENT = "inconsistent"
    NEIGHBOUR = "neighbour"
    PROVIDER = "provider"
    FILLED = "filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One observed element.

    `code` is KMA's own code and the column of the raw table, where values stay in the provider's unit;
    `name` is the column of the clean table and ends in its unit. `scale` maps a provider to the factor from its unit
    to ours (absent = 1); `sentinels` maps a provider to the texts that mean "missing" there.
    """

    name: str
    code: str
    portal_header: str
    hub_code: str
    label_ko: str
    label_en: str
    unit: str
    limits: tuple[float, float]
    resolution: float
    has_provider_flag: bool = False
    blank_means_zero: bool = False
    scale: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    sentinels: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class TextElement:
    """One element that is a code, kept as text (cloud form, state of ground, phenomena).

    `digits` is 0 for a code of letters, 1 for a number, 2 for numbers of two digits each, one after the other.
    """

    name: str
    code: str
    portal_header: str
    hub_code: str
    label_ko: str
    label_en: str
    digits: int = 0


PROVIDERS = ("kma_csv", "data_go_kr", "kma_api_hub", "simulator")

_HUB_MINUS_9 = MappingProxyType({"kma_api_hub": (-9.0,)})
# -9.0 is a real winter temperature in Seoul: the hub writes missing temperatures as -99.
_HUB_MINUS_99 = MappingProxyType({"kma_api_hub": (-99.0,)})
_TENS_OF_METRES = MappingProxyType(dict.fromkeys(PROVIDERS, 10.0))
_HUNDREDS_OF_METRES = MappingProxyType(dict.fromkeys(PROVIDERS, 100.0))
_HUB_TENS_OF_DEGREES = MappingProxyType({"kma_api_hub": 10.0})
_SOIL_LIMITS = (-40.0, 60.0)

ELEMENTS: tuple[Element, ...] = (
    Element(
        name="air_temperature_c",
        code="ta",
        portal_header="기온(°C)",
        hub_code="TA",
        label_ko="기온",
        label_en="Air temperature",
        unit="°C",
        limits=(-40.0, 60.0),
        resolution=0.1,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_99,
    ),
    Element(
        name="precipitation_mm",
        code="rn",
        portal_header="강수량(mm)",
        hub_code="RN",
        label_ko="강수량",
        label_en="Precipitation",
        unit="mm",
        limits=(0.0, 500.0),
        resolution=0.1,
        has_provider_flag=True,
        blank_means_zero=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="wind_speed_ms",
        code="ws",
        portal_header="풍속(m/s)",
        hub_code="WS",
        label_ko="풍속",
        label_en="Wind speed",
        unit="m/s",
        limits=(0.0, 75.0),
        resolution=0.1,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="wind_direction_deg",
        code="wd",
        portal_header="풍향(16방위)",
        hub_code="WD",
        label_ko="풍향",
        label_en="Wind direction",
        unit="°",
        limits=(0.0, 360.0),
        resolution=10.0,
        has_provider_flag=True,
        scale=_HUB_TENS_OF_DEGREES,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="relative_humidity_pct",
        code="hm",
        portal_header="습도(%)",
        hub_code="HM",
        label_ko="습도",
        label_en="Relative humidity",
        unit="%",
        limits=(1.0, 100.0),
        resolution=1.0,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="vapor_pressure_hpa",
        code="pv",
        portal_header="증기압(hPa)",
        hub_code="PV",
        label_ko="증기압",
        label_en="Vapour pressure",
        unit="hPa",
        limits=(0.0, 70.0),
        resolution=0.1,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="dew_point_c",
        code="td",
        portal_header="이슬점온도(°C)",
        hub_code="TD",
        label_ko="이슬점온도",
        label_en="Dew point",
        unit="°C",
        limits=(-65.0, 40.0),
        resolution=0.1,
        sentinels=_HUB_MINUS_99,
    ),
    Element(
        name="station_pressure_hpa",
        code="pa",
        portal_header="현지기압(hPa)",
        hub_code="PA",
        label_ko="현지기압",
        label_en="Station pressure",
        unit="hPa",
        limits=(500.0, 1080.0),
        resolution=0.1,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="sea_level_pressure_hpa",
        code="ps",
        portal_header="해면기압(hPa)",
        hub_code="PS",
        label_ko="해면기압",
        label_en="Sea-level pressure",
        unit="hPa",
        limits=(870.0, 1090.0),
        resolution=0.1,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="sunshine_h",
        code="ss",
        portal_header="일조(hr)",
        hub_code="SS",
        label_ko="일조",
        label_en="Sunshine",
        unit="h",
        limits=(0.0, 1.0),
        resolution=0.1,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        # One hour of the solar constant (1361 W/m2) is 4.9 MJ/m2: no ground sensor can see more.
        name="solar_radiation_mj_m2",
        code="icsr",
        portal_header="일사(MJ/m2)",
        hub_code="SI",
        label_ko="일사",
        label_en="Solar radiation",
        unit="MJ/m²",
        limits=(0.0, 4.9),
        resolution=0.01,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="snow_depth_cm",
        code="dsnw",
        portal_header="적설(cm)",
        hub_code="SD_TOT",
        label_ko="적설",
        label_en="Snow depth",
        unit="cm",
        limits=(0.0, 500.0),
        resolution=0.1,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="new_snow_3h_cm",
        code="hr3_fhsc",
        portal_header="3시간신적설(cm)",
        hub_code="SD_HR3",
        label_ko="3시간 신적설",
        label_en="New snow in 3 h",
        unit="cm",
        limits=(0.0, 150.0),
        resolution=0.1,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="cloud_cover_tenths",
        code="dc10_tca",
        portal_header="전운량(10분위)",
        hub_code="CA_TOT",
        label_ko="전운량",
        label_en="Cloud cover",
        unit="/10",
        limits=(0.0, 10.0),
        resolution=1.0,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="cloud_cover_low_mid_tenths",
        code="dc10_lmcs_ca",
        portal_header="중하층운량(10분위)",
        hub_code="CA_MID",
        label_ko="중하층운량",
        label_en="Low and middle cloud cover",
        unit="/10",
        limits=(0.0, 10.0),
        resolution=1.0,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="cloud_base_m",
        code="lcs_ch",
        portal_header="최저운고(100m)",
        hub_code="CH_MIN",
        label_ko="최저운고",
        label_en="Cloud base",
        unit="m",
        limits=(0.0, 30_000.0),
        resolution=100.0,
        scale=_HUNDREDS_OF_METRES,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="visibility_m",
        code="vs",
        portal_header="시정(10m)",
        hub_code="VS",
        label_ko="시정",
        label_en="Visibility",
        unit="m",
        limits=(0.0, 100_000.0),
        resolution=10.0,
        scale=_TENS_OF_METRES,
        sentinels=_HUB_MINUS_9,
    ),
    Element(
        name="ground_temperature_c",
        code="ts",
        portal_header="지면온도(°C)",
        hub_code="TS",
        label_ko="지면온도",
        label_en="Ground temperature",
        unit="°C",
        limits=(-50.0, 85.0),
        resolution=0.1,
        has_provider_flag=True,
        sentinels=_HUB_MINUS_99,
    ),
    Element(
        name="soil_temperature_5cm_c",
        code="m005_te",
        portal_header="5cm지중온도(°C)",
        hub_code="TE_005",
        label_ko="5cm 지중온도",
        label_en="Soil temperature at 5 cm",
        unit="°C",
        limits=_SOIL_LIMITS,
        resolution=0.1,
        sentinels=_HUB_MINUS_99,
    ),
    Element(
        name="soil_temperature_10cm_c",
        code="m01_te",
        portal_header="10cm지중온도(°C)",
        hub_code="TE_01",
        label_ko="10cm 지중온도",
        label_en="Soil temperature at 10 cm",
        unit="°C",
        limits=_SOIL_LIMITS,
        resolution=0.1,
        sentinels=_HUB_MINUS_99,
    ),
    Element(
        name="soil_temperature_20cm_c",
        code="m02_te",
        portal_header="20cm지중온도(°C)",
        hub_code="TE_02",
        label_ko="20cm 지중온도",
        label_en="Soil temperature at 20 cm",
        unit="°C",
        limits=_SOIL_LIMITS,
        resolution=0.1,
        sentinels=_HUB_MINUS_99,
    ),
    Element(
        name="soil_temperature_30cm_c",
        code="m03_te",
        portal_header="30cm지중온도(°C)",
        hub_code="TE_03",
        label_ko="30cm 지중온도",
        label_en="Soil temperature at 30 cm",
        unit="°C",
        limits=_SOIL_LIMITS,
        resolution=0.1,
        sentinels=_HUB_MINUS_99,
    ),
)

TEXT_ELEMENTS: tuple[TextElement, ...] = (
    TextElement(
        name="cloud_form",
        code="clfm_abbr_cd",
        portal_header="운형(운형약어)",
        hub_code="CT",
        label_ko="운형",
        label_en="Cloud form",
    ),
    TextElement(
        name="ground_state_code",
        code="gnd_stt_cd",
        portal_header="지면상태(지면상태코드)",
        hub_code="ST_GD",
        label_ko="지면상태",
        label_en="State of ground",
        digits=1,
    ),
    TextElement(
        name="phenomenon_codes",
        code="dmst_mtph_no",
        portal_header="현상번호(국내식)",
        hub_code="WW",
        label_ko="현상번호",
        label_en="Phenomena",
        digits=2,
    ),
)

OBSERVED: tuple[Element | TextElement, ...] = (*ELEMENTS, *TEXT_ELEMENTS)
"""Every element of an hourly reading: numbers, then codes."""

RAW_HOURLY_COLUMNS: tuple[str, ...] = (
    *(element.code for element in OBSERVED),
    *(f"{element.code}_qc" for element in ELEMENTS if element.has_provider_flag),
)
"""Elements as received, in the provider's own unit and text, under KMA's codes; then the provider's flags."""

BY_NAME: Mapping[str, Element] = MappingProxyType({element.name: element for element in ELEMENTS})

WINTER_RAIN_MONTHS = (11, 12, 1, 2, 3)
"""KST months in which rain is read as a 3-hour total at hours divisible by 3 (else hourly); holds in all 1,004
rainy winter readings of Seoul 2010-2021 and at Seosan, whatever the help text of a service says."""

WINTER_RAIN_PERIOD_H = 3
