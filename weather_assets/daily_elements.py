"""THE table of daily ASOS values: KMA's own codes and what each provider calls them.

Belongs here: facts about daily values and how each provider writes them. Does not: hourly elements (see `elements`).

Sources: the 59 fields of data.go.kr's AsosDalyInfoService, the columns of the hub's kma_sfcdd3 and the headers of the
portal's OBS_ASOS_DD files. Two hub columns (SS_CMB, RN_POW_MAX with its time) have no counterpart and are not kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class DailyElement:
    """One daily value: `code` is data.go.kr's field in snake case and the column of the raw table.

    `hub_code` is None where the hub does not offer it. The portal writes a header with or without its unit in
    brackets. `hub_sentinel` is the number by which the hub says "missing".
    """

    code: str
    hub_code: str | None
    portal_header: str
    hub_sentinel: float = -9.0


# -9.0 is a real winter temperature: the hub writes missing temperatures as -99.
_NO_TEMPERATURE = -99.0

DAILY_ELEMENTS: tuple[DailyElement, ...] = (
    DailyElement("avg_ta", "TA_AVG", "평균기온(°C)", _NO_TEMPERATURE),
    DailyElement("min_ta", "TA_MIN", "최저기온(°C)", _NO_TEMPERATURE),
    DailyElement("min_ta_hrmt", "TA_MIN_TM", "최저기온 시각(hhmi)"),
    DailyElement("max_ta", "TA_MAX", "최고기온(°C)", _NO_TEMPERATURE),
    DailyElement("max_ta_hrmt", "TA_MAX_TM", "최고기온 시각(hhmi)"),
    DailyElement("mi10_max_rn", "RN_10M_MAX", "10분 최다 강수량(mm)"),
    DailyElement("mi10_max_rn_hrmt", "RN_10M_MAX_TM", "10분 최다강수량 시각(hhmi)"),
    DailyElement("hr1_max_rn", "RN_60M_MAX", "1시간 최다강수량(mm)"),
    DailyElement("hr1_max_rn_hrmt", "RN_60M_MAX_TM", "1시간 최다 강수량 시각(hhmi)"),
    DailyElement("sum_rn_dur", "RN_DUR", "강수 계속시간(hr)"),
    DailyElement("sum_rn", "RN_DAY", "일강수량(mm)"),
    DailyElement("max_ins_ws", "WS_INS", "최대 순간 풍속(m/s)"),
    DailyElement("max_ins_ws_wd", "WD_INS", "최대 순간 풍속 풍향(16방위)"),
    DailyElement("max_ins_ws_hrmt", "WS_INS_TM", "최대 순간풍속 시각(hhmi)"),
    DailyElement("max_ws", "WS_MAX", "최대 풍속(m/s)"),
    DailyElement("max_ws_wd", "WD_MAX", "최대 풍속 풍향(16방위)"),
    DailyElement("max_ws_hrmt", "WS_MAX_TM", "최대 풍속 시각(hhmi)"),
    DailyElement("avg_ws", "WS_AVG", "평균 풍속(m/s)"),
    DailyElement("hr24_sum_rws", "WR_DAY", "풍정합(100m)"),
    DailyElement("max_wd", None, "최다풍향(16방위)"),
    DailyElement("avg_td", "TD_AVG", "평균 이슬점온도(°C)", _NO_TEMPERATURE),
    DailyElement("min_rhm", "HM_MIN", "최소 상대습도(%)"),
    DailyElement("min_rhm_hrmt", "HM_MIN_TM", "최소 상대습도 시각(hhmi)"),
    DailyElement("avg_rhm", "HM_AVG", "평균 상대습도(%)"),
    DailyElement("avg_pv", "PV_AVG", "평균 증기압(hPa)"),
    DailyElement("avg_pa", "PA_AVG", "평균 현지기압(hPa)"),
    DailyElement("max_ps", "PS_MAX", "최고 해면기압(hPa)"),
    DailyElement("max_ps_hrmt", "PS_MAX_TM", "최고 해면기압 시각(hhmi)"),
    DailyElement("min_ps", "PS_MIN", "최저 해면기압(hPa)"),
    DailyElement("min_ps_hrmt", "PS_MIN_TM", "최저 해면기압 시각(hhmi)"),
    DailyElement("avg_ps", "PS_AVG", "평균 해면기압(hPa)"),
    DailyElement("ss_dur", "SS_DUR", "가조시간(hr)"),
    DailyElement("sum_ss_hr", "SS_DAY", "합계 일조시간(hr)"),
    DailyElement("hr1_max_icsr_hrmt", "SI_60M_MAX_TM", "1시간 최다일사 시각(hhmi)"),
    DailyElement("hr1_max_icsr", "SI_60M_MAX", "1시간 최다일사량(MJ/m2)"),
    DailyElement("sum_gsr", "SI_DAY", "합계 일사량(MJ/m2)"),
    DailyElement("dd_mefs", "SD_NEW", "일 최심신적설(cm)"),
    DailyElement("dd_mefs_hrmt", "SD_NEW_TM", "일 최심신적설 시각(hhmi)"),
    DailyElement("dd_mes", "SD_MAX", "일 최심적설(cm)"),
    DailyElement("dd_mes_hrmt", "SD_MAX_TM", "일 최심적설 시각(hhmi)"),
    DailyElement("sum_dpth_fhsc", None, "합계 3시간 신적설(cm)"),
    DailyElement("avg_tca", "CA_TOT", "평균 전운량(1/10)"),
    DailyElement("avg_lmac", None, "평균 중하층운량(1/10)"),
    DailyElement("avg_ts", "TS_AVG", "평균 지면온도(°C)", _NO_TEMPERATURE),
    DailyElement("min_tg", "TG_MIN", "최저 초상온도(°C)", _NO_TEMPERATURE),
    DailyElement("avg_cm5_te", None, "평균 5cm 지중온도(°C)"),
    DailyElement("avg_cm10_te", None, "평균 10cm 지중온도(°C)"),
    DailyElement("avg_cm20_te", None, "평균 20cm 지중온도(°C)"),
    DailyElement("avg_cm30_te", None, "평균 30cm 지중온도(°C)"),
    DailyElement("avg_m05_te", "TE_05", "0.5m 지중온도(°C)", _NO_TEMPERATURE),
    DailyElement("avg_m10_te", "TE_10", "1.0m 지중온도(°C)", _NO_TEMPERATURE),
    DailyElement("avg_m15_te", "TE_15", "1.5m 지중온도(°C)", _NO_TEMPERATURE),
    DailyElement("avg_m30_te", "TE_30", "3.0m 지중온도(°C)", _NO_TEMPERATURE),
    DailyElement("avg_m50_te", "TE_50", "5.0m 지중온도(°C)", _NO_TEMPERATURE),
    DailyElement("sum_lrg_ev", "EV_L", "합계 대형증발량(mm)"),
    DailyElement("sum_sml_ev", "EV_S", "합계 소형증발량(mm)"),
    DailyElement("n99_rn", "RN_D99", "9-9강수(mm)"),
    DailyElement("iscs", None, "기사"),
    DailyElement("sum_fog_dur", "FG_DUR", "안개 계속시간(hr)"),
)

RAW_DAILY_COLUMNS: tuple[str, ...] = tuple(element.code for element in DAILY_ELEMENTS)
"""Daily values as received, in the provider's own unit and text."""

DAILY_BY_CODE: Mapping[str, DailyElement] = MappingProxyType({element.code: element for element in DAILY_ELEMENTS})


@dataclass(frozen=True, slots=True)
class DailyTemperature:
    """A daily value that clean tables keep, under a `name` that ends in its unit."""

    name: str
    code: str
    label_ko: str
    label_en: str


DAILY_TEMPERATURES: tuple[DailyTemperature, ...] = (
    DailyTemperature("mean_temperature_c", "avg_ta", "일평균기온", "Mean temperature of the day"),
    DailyTemperature("max_temperature_c", "max_ta", "일최고기온", "Maximum temperature of the day"),
    DailyTemperature("min_temperature_c", "min_ta", "일최저기온", "Minimum temperature of the day"),
)
