"""The columns of the KMA API hub's lines, by position, for in the heading of a reply several of them share a name."""

from weather_assets.sources.hub_reply import HubText, fields


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HOURLY_COLUMNS = _names(
    """TM STN WD WS GST_WD GST_WS GST_TM PA PS PT PR TA TD HM PV RN RN_DAY RN_JUN RN_INT SD_HR3 SD_DAY SD_TOT WC WP WW
    CA_TOT CA_MID CH_MIN CT CT_TOP CT_MID CT_LOW VS SS SI ST_GD TS TE_005 TE_01 TE_02 TE_03 ST_SEA WH BF IR IX"""
)
"""Of kma_sfctm2 and kma_sfctm3."""

EARLIER_HOURLY_COLUMNS = tuple(name for name in HOURLY_COLUMNS if name != "RN_JUN")
"""As replies were in 2020 and 2021."""

# How the heading names the column that replies did not always have.
_LATER_COLUMN = "JUN"

DAILY_COLUMNS = _names(
    """TM STN WS_AVG WR_DAY WD_MAX WS_MAX WS_MAX_TM WD_INS WS_INS WS_INS_TM TA_AVG TA_MAX TA_MAX_TM TA_MIN TA_MIN_TM
    TD_AVG TS_AVG TG_MIN HM_AVG HM_MIN HM_MIN_TM PV_AVG EV_S EV_L FG_DUR PA_AVG PS_AVG PS_MAX PS_MAX_TM PS_MIN PS_MIN_TM
    CA_TOT SS_DAY SS_DUR SS_CMB SI_DAY SI_60M_MAX SI_60M_MAX_TM RN_DAY RN_D99 RN_DUR RN_60M_MAX RN_60M_MAX_TM RN_10M_MAX
    RN_10M_MAX_TM RN_POW_MAX RN_POW_MAX_TM SD_NEW SD_NEW_TM SD_MAX SD_MAX_TM TE_05 TE_10 TE_15 TE_30 TE_50"""
)
"""Of kma_sfcdd3. TE_05 .. TE_50 are soil temperatures at 0.5 .. 5.0 m."""


def hourly_columns(text: HubText) -> tuple[str, ...]:
    """The one layout of all hourly lines of a reply.

    A line of the present layout that lost a field has as many as an earlier one, and would be read a column off: so the
    heading decides, and where it does not name the column, the first line does for all.
    """
    first = text.lines[0] if text.lines else ""
    is_earlier = _LATER_COLUMN not in text.heading and len(fields(first)) == len(EARLIER_HOURLY_COLUMNS)
    return EARLIER_HOURLY_COLUMNS if is_earlier else HOURLY_COLUMNS
