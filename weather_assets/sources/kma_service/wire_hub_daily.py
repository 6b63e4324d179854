"""The hub's daily values, 56 columns: kma_sfcdd (one day) and kma_sfcdd3 (a period).

kma_sfcdd separates by commas and ends each line in one, unless disp=1 (recorded); kma_sfcdd3 separates by blanks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from weather_assets.clock import DAY, STAMP_ZONE, stamp_midnight
from weather_assets.sources.kma_service.envelopes import RefusedError
from weather_assets.sources.kma_service.exchange import Call, Reply, number_text, tens_text
from weather_assets.sources.kma_service.readings import HUB_DELAY, Readings, Span
from weather_assets.sources.kma_service.rows import Row, disturbed, rows_of
from weather_assets.sources.kma_service.wire_hub import numbered, text_reply, wanted_stations, wanted_time, wants_help

LONGEST_PERIOD = timedelta(days=366)
"""The documentation says 31 days, but clients fetch all stations of a year in one call."""

_FIXED_WIDTH = 7


@dataclass(frozen=True, slots=True)
class _Column:
    """One column and its sentinel; `code` = the source's daily column; directions go out as tens of degrees."""

    name: str
    sentinel: str
    code: str | None = None


_C = _Column
_COLUMNS = (
    _C("TM", ""), _C("STN", ""), _C("WS_AVG", "-9.0", "avg_ws"), _C("WR_DAY", "-9", "hr24_sum_rws"),
    _C("WD_MAX", "-9", "max_ws_wd"), _C("WS_MAX", "-9.0", "max_ws"), _C("WS_MAX_TM", "-9", "max_ws_hrmt"),
    _C("WD_INS", "-9", "max_ins_ws_wd"), _C("WS_INS", "-9.0", "max_ins_ws"), _C("WS_INS_TM", "-9", "max_ins_ws_hrmt"),
    _C("TA_AVG", "-99.0", "avg_ta"), _C("TA_MAX", "-99.0", "max_ta"), _C("TA_MAX_TM", "-9", "max_ta_hrmt"),
    _C("TA_MIN", "-99.0", "min_ta"), _C("TA_MIN_TM", "-9", "min_ta_hrmt"), _C("TD_AVG", "-99.0", "avg_td"),
    _C("TS_AVG", "-99.0", "avg_ts"), _C("TG_MIN", "-99.0", "min_tg"), _C("HM_AVG", "-9.0", "avg_rhm"),
    _C("HM_MIN", "-9.0", "min_rhm"), _C("HM_MIN_TM", "-9", "min_rhm_hrmt"), _C("PV_AVG", "-9.0", "avg_pv"),
    _C("EV_S", "-9.0", "sum_sml_ev"), _C("EV_L", "-9.0", "sum_lrg_ev"), _C("FG_DUR", "-9.00", "sum_fog_dur"),
    _C("PA_AVG", "-9.0", "avg_pa"), _C("PS_AVG", "-9.0", "avg_ps"), _C("PS_MAX", "-9.0", "max_ps"),
    _C("PS_MAX_TM", "-9", "max_ps_hrmt"), _C("PS_MIN", "-9.0", "min_ps"), _C("PS_MIN_TM", "-9", "min_ps_hrmt"),
    _C("CA_TOT", "-9.0", "avg_tca"), _C("SS_DAY", "-9.0", "sum_ss_hr"), _C("SS_DUR", "-9.0", "ss_dur"),
    _C("SS_CMB", "-9.0"), _C("SI_DAY", "-9.00", "sum_gsr"), _C("SI_60M_MAX", "-9.00", "hr1_max_icsr"),
    _C("SI_60M_MAX_TM", "-9", "hr1_max_icsr_hrmt"), _C("RN_DAY", "-9.0", "sum_rn"), _C("RN_D99", "-9.0", "n99_rn"),
    _C("RN_DUR", "-9.00", "sum_rn_dur"), _C("RN_60M_MAX", "-9.0", "hr1_max_rn"),
    _C("RN_60M_MAX_TM", "-9", "hr1_max_rn_hrmt"), _C("RN_10M_MAX", "-9.0", "mi10_max_rn"),
    _C("RN_10M_MAX_TM", "-9", "mi10_max_rn_hrmt"), _C("RN_POW_MAX", "-9.0"), _C("RN_POW_MAX_TM", "-9"),
    _C("SD_NEW", "-9.0", "dd_mefs"), _C("SD_NEW_TM", "-9", "dd_mefs_hrmt"), _C("SD_MAX", "-9.0", "dd_mes"),
    _C("SD_MAX_TM", "-9", "dd_mes_hrmt"), _C("TE_05", "-99.0", "avg_m05_te"), _C("TE_10", "-99.0", "avg_m10_te"),
    _C("TE_15", "-99.0", "avg_m15_te"), _C("TE_30", "-99.0", "avg_m30_te"), _C("TE_50", "-99.0", "avg_m50_te"),
)  # fmt: skip
DAILY_COLUMN_NAMES = tuple(column.name for column in _COLUMNS)


def answer_one_day(call: Call, readings: Readings) -> Reply:
    """kma_sfcdd: the day of `tm`; without it, today, which is not there yet."""
    day = _midnight(wanted_time(call, "tm") or call.now)
    return _reply(
        call, readings, Span(day, day + DAY, call.now, HUB_DELAY), by_comma=call.parameters.get("disp", "0") != "1"
    )


def answer_period(call: Call, readings: Readings) -> Reply:
    """kma_sfcdd3: the days from tm1 to tm2, both included."""
    first, last = _midnight(wanted_time(call, "tm1") or call.now), _midnight(wanted_time(call, "tm2") or call.now)
    if last < first or last + DAY - first > LONGEST_PERIOD:
        raise RefusedError("400", "조회 기간이 올바르지 않습니다.")
    return _reply(call, readings, Span(first, last + DAY, call.now, HUB_DELAY), by_comma=False)


def _midnight(instant: datetime) -> datetime:
    return stamp_midnight(instant.astimezone(STAMP_ZONE).date())


def _reply(call: Call, readings: Readings, span: Span, *, by_comma: bool) -> Reply:
    stations = wanted_stations(call, readings.station_ids)
    table = readings.daily(stations, span)
    header = [f"# {' '.join(DAILY_COLUMN_NAMES)}"]
    if wants_help(call):
        columns = numbered(DAILY_COLUMN_NAMES, (column.code or "-" for column in _COLUMNS))
        header = ["#  기상청 지상관측 일자료", *columns, *header]
    return text_reply(call, header, [_line(row, by_comma=by_comma) for row in rows_of(disturbed(table, call))])


def _line(row: Row, *, by_comma: bool) -> str:
    own = {"TM": f"{row.time:%Y%m%d}", "STN": str(row.station_id)}
    texts = [own.get(column.name) or _value(row, column) for column in _COLUMNS]
    if by_comma:
        return ",".join(texts) + ","
    return " ".join(text.rjust(_FIXED_WIDTH) for text in texts).lstrip()


def _value(row: Row, column: _Column) -> str:
    text = row.text(column.code)
    if not text:
        return column.sentinel
    if column.name.startswith("WD_"):
        return tens_text(text)
    # A time of day goes out as a plain number: 0546 -> 546.
    return number_text(text, len(column.sentinel.partition(".")[2]))
