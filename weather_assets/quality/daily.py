"""From raw daily rows to clean ones in one SQL query: sentinels, ranges, minimum <= mean <= maximum, short gaps filled.

A fill looks at later days, so nothing that pretends to know only the past may use a value flagged `filled`.
"""

from collections.abc import Iterable
from datetime import date

from weather_assets.daily_elements import DAILY_BY_CODE, DAILY_TEMPERATURES, DailyTemperature
from weather_assets.elements import BY_NAME, Flag

LONGEST_FILL_DAYS = 3
"""Gaps up to this long are filled. A day's values depend on the raw rows of so many days before and after it."""

_FILL_DECIMALS = 9
_LIMITS = BY_NAME["air_temperature_c"].limits
_HUB = "kma_api_hub"
_MEAN, _MAX, _MIN = (element.name for element in DAILY_TEMPERATURES)
_ORDERS = ((_MIN, _MEAN), (_MEAN, _MAX), (_MIN, _MAX))
"""Pairs of which the first is never above the second."""


def clean_daily_sql(newest_raw: str, first: date, end: date) -> str:
    """Query that makes the rows of clean.asos_daily for first <= observed_on < end.

    `newest_raw` is a relation with one raw row per station and day that reaches LONGEST_FILL_DAYS beyond both ends.
    A value judged wrong is NULL with the reason as its flag. A missing one in a gap of at most LONGEST_FILL_DAYS days
    is interpolated between the days around the gap and flagged `filled`; a longer gap stays NULL, flag missing, and a
    day without a row stays without one.
    """
    values = _list(f"{e.name}, {e.name}_flag" for e in DAILY_TEMPERATURES)
    return f"""
WITH converted AS (
    SELECT station_id, observed_on, {_list(_converted_sql(element) for element in DAILY_TEMPERATURES)}
    FROM {newest_raw}
), ranged AS (
    SELECT station_id, observed_on, {_list(_range_flag_sql(element.name) for element in DAILY_TEMPERATURES)}
    FROM converted
), judged AS (
    SELECT * REPLACE ({_list(_order_flag_sql(element.name) for element in DAILY_TEMPERATURES)}) FROM ranged
), trusted AS (
    SELECT station_id, observed_on, {_list(_trusted_sql(element.name) for element in DAILY_TEMPERATURES)}
    FROM judged
), days AS (
    SELECT station_id, CAST(unnest(generate_series(min(observed_on), max(observed_on), INTERVAL 1 DAY)) AS DATE)
        AS observed_on
    FROM trusted GROUP BY station_id
), around AS (
    SELECT *, {_list(_around_sql(element.name) for element in DAILY_TEMPERATURES)}
    FROM days LEFT JOIN trusted USING (station_id, observed_on)
    WINDOW before AS ({_frame_sql("PRECEDING")}), after AS ({_frame_sql("FOLLOWING")})
), completed AS (
    SELECT *, {_list(_fill_sql(element.name) for element in DAILY_TEMPERATURES)} FROM around
), fitting AS (
    SELECT *, {_fits_sql()} AS fits, {_MEAN}_flag IS NOT NULL AS has_row FROM completed
)
SELECT station_id, observed_on, {values}
FROM (SELECT station_id, observed_on, has_row, {_list(_result_sql(e.name) for e in DAILY_TEMPERATURES)} FROM fitting)
WHERE (has_row OR '{Flag.FILLED}' IN ({", ".join(f"{e.name}_flag" for e in DAILY_TEMPERATURES)}))
    AND observed_on >= DATE '{first}' AND observed_on < DATE '{end}'"""


def _list(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)


def _converted_sql(element: DailyTemperature) -> str:
    """The number, and whether the provider says that there is none."""
    code, number = element.code, f"try_cast({element.code} AS DOUBLE)"
    sentinel = f"coalesce(source = '{_HUB}' AND {number} = {DAILY_BY_CODE[code].hub_sentinel}, FALSE)"
    return f"{number} AS {element.name}, ({code} IS NULL OR {sentinel}) AS {element.name}_blank"


def _range_flag_sql(name: str) -> str:
    low, high = _LIMITS
    return (
        f"{name}, CASE WHEN {name}_blank THEN '{Flag.MISSING}' "
        f"WHEN {name} IS NULL OR {name} NOT BETWEEN {low} AND {high} THEN '{Flag.RANGE}' "
        f"ELSE '{Flag.OK}' END AS {name}_flag"
    )


def _order_flag_sql(name: str) -> str:
    """Both values of a pair in the wrong order are suspect: which of them is wrong, the day itself does not tell."""
    wrong = " OR ".join(
        f"({low} > {high} AND {low}_flag = '{Flag.OK}' AND {high}_flag = '{Flag.OK}')"
        for low, high in _ORDERS
        if name in {low, high}
    )
    return f"CASE WHEN {wrong} THEN '{Flag.INCONSISTENT}' ELSE {name}_flag END AS {name}_flag"


def _trusted_sql(name: str) -> str:
    return f"CASE WHEN {name}_flag = '{Flag.OK}' THEN {name} END AS {name}, {name}_flag"


def _frame_sql(side: str) -> str:
    order = "DESC" if side == "FOLLOWING" else "ASC"
    rows = f"ROWS BETWEEN {LONGEST_FILL_DAYS} PRECEDING AND 1 PRECEDING"
    return f"PARTITION BY station_id ORDER BY observed_on {order} {rows}"


def _around_sql(name: str) -> str:
    """The nearest trusted value on either side and its day."""
    day = f"CASE WHEN {name} IS NOT NULL THEN observed_on END"
    return _list(
        f"last_value({name} IGNORE NULLS) OVER {side} AS {name}_{side}, "
        f"last_value({day} IGNORE NULLS) OVER {side} AS {name}_on_{side}"
        for side in ("before", "after")
    )


def _fill_sql(name: str) -> str:
    """The value on the line between both sides, where it is missing and they are near enough."""
    steps = f"({name}_on_after - {name}_on_before)"
    line = f"{name}_before + ({name}_after - {name}_before) * (observed_on - {name}_on_before) / {steps}"
    # Rounded, so that two lines that meet do not cross by an error of the last bit.
    rounded = f"round({line}, {_FILL_DECIMALS})"
    is_short_gap = f"coalesce({name}_flag, '{Flag.MISSING}') = '{Flag.MISSING}' AND {steps} <= {LONGEST_FILL_DAYS} + 1"
    return f"CASE WHEN {is_short_gap} THEN {rounded} END AS {name}_fill"


def _fits_sql() -> str:
    """Whether the day stays in order with its fills; they come from other days, and may contradict its own values."""
    return " AND ".join(
        f"coalesce(coalesce({low}, {low}_fill) <= coalesce({high}, {high}_fill), TRUE)" for low, high in _ORDERS
    )


def _result_sql(name: str) -> str:
    return (
        f"CASE WHEN fits THEN coalesce({name}, {name}_fill) ELSE {name} END AS {name}, "
        f"CASE WHEN fits AND {name}_fill IS NOT NULL THEN '{Flag.FILLED}' "
        f"ELSE coalesce({name}_flag, '{Flag.MISSING}') END AS {name}_flag"
    )
