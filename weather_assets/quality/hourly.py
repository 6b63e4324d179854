"""From raw hourly rows to clean ones in one SQL query: units, sentinels, provider flags, ranges, humidity consistency.

A decision about an hour reads that hour only, so it can never change with data that come later.
"""

from collections.abc import Iterable, Mapping

from weather_assets.elements import (
    ELEMENTS,
    PROVIDERS,
    TEXT_ELEMENTS,
    WINTER_RAIN_MONTHS,
    WINTER_RAIN_PERIOD_H,
    Element,
    Flag,
)
from weather_assets.quality.codes import code_sql
from weather_assets.quality.humidity import dew_point_is_confirmed_sql, disagrees_sql

# KMA's own flag: blank or 0 is fine, 1 wrong, 9 missing.
_WRONG, _MISSING = 1, 9
_TEMPERATURE, _HUMIDITY, _DEW_POINT = "air_temperature_c", "relative_humidity_pct", "dew_point_c"
_SUSPECT_IF_DEW_POINT_IS_CONFIRMED = (_TEMPERATURE, _HUMIDITY)
_SUSPECT_OTHERWISE = (_HUMIDITY, _DEW_POINT)


def clean_hourly_sql(newest_raw: str) -> str:
    """Query for the rows of clean.asos_hourly; `newest_raw` is a relation with one raw row per station and hour.

    A value judged wrong is NULL with the reason as its flag; blank rain at an hour that reports rain is 0.0. Hours of
    November to March that end no 3-hour period report none: NULL, flag missing.
    """
    return f"""
WITH numbers AS (
    SELECT *, {_list(f"try_cast({element.code} AS DOUBLE) AS {element.code}_number" for element in ELEMENTS)},
        -- KMA's stamps are UTC+9 all year and in every year, which Seoul's civil clock was not.
        timezone('UTC', observed_at) + INTERVAL 9 HOUR AS stamp
    FROM {newest_raw}
), received AS (
    SELECT *, {_list(f"{_is_blank_sql(element)} AS {element.name}_blank" for element in ELEMENTS)},
        month(stamp) IN ({", ".join(map(str, WINTER_RAIN_MONTHS))}) AS in_winter,
        NOT in_winter OR hour(stamp) % {WINTER_RAIN_PERIOD_H} = 0 AS reports_rain
    FROM numbers
), converted AS (
    SELECT *, {_list(f"{_value_sql(element)} AS {element.name}" for element in ELEMENTS)}
    FROM received
), flagged AS (
    SELECT *, {_list(f"{_flag_sql(element)} AS {element.name}_flag" for element in ELEMENTS)}
    FROM converted
), judged AS (
    SELECT * REPLACE ({_list(_consistency_flag_sql(name) for name in (_TEMPERATURE, _HUMIDITY, _DEW_POINT))})
    FROM (SELECT *, {_humidity_disagrees_sql()} AS humidity_disagrees,
              {dew_point_is_confirmed_sql(_DEW_POINT, "vapor_pressure_hpa")} AS dew_point_confirmed
          FROM flagged)
)
SELECT station_id, observed_at,
    {_list(f"CASE WHEN {e.name}_flag = '{Flag.OK}' THEN {e.name} END AS {e.name}, {e.name}_flag" for e in ELEMENTS)},
    CASE WHEN in_winter THEN {WINTER_RAIN_PERIOD_H} ELSE 1 END AS precipitation_period_h,
    {_list(f"{code_sql(element)} AS {element.name}" for element in TEXT_ELEMENTS)}
FROM judged"""


def _list(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)


def _per_provider_sql(values: Mapping[str, str], otherwise: str) -> str:
    cases = " ".join(f"WHEN '{provider}' THEN {value}" for provider, value in values.items() if value != otherwise)
    return f"CASE source {cases} ELSE {otherwise} END" if cases else otherwise


def _is_blank_sql(element: Element) -> str:
    """Nothing was received: no text, or a sentinel of the provider. A text that is no number is not blank."""
    lists = {provider: f"[{', '.join(map(str, values))}]" for provider, values in element.sentinels.items()}
    sentinels = _per_provider_sql(lists, "[]::DOUBLE[]")
    return f"({element.code} IS NULL OR coalesce(list_contains({sentinels}, {element.code}_number), FALSE))"


def _value_sql(element: Element) -> str:
    factors = {provider: str(element.scale.get(provider, 1.0)) for provider in PROVIDERS}
    when_blank = "NULL"
    if element.blank_means_zero:
        # In a row without a reading a blank is not a dry hour but an outage.
        silent = " AND ".join(f"{other.name}_blank" for other in ELEMENTS if not other.blank_means_zero)
        when_blank = f"CASE WHEN reports_rain AND NOT ({silent}) THEN 0.0 END"
    number = f"{element.code}_number * {_per_provider_sql(factors, '1.0')}"
    return f"CASE WHEN {element.name}_blank THEN {when_blank} ELSE {number} END"


def _flag_sql(element: Element) -> str:
    low, high = element.limits
    return (
        f"CASE WHEN {element.name} IS NULL AND {element.name}_blank THEN '{Flag.MISSING}' "
        f"WHEN {_is_wrong_for_provider_sql(element)} THEN '{Flag.PROVIDER}' "
        f"WHEN {element.name} IS NULL OR {element.name} NOT BETWEEN {low} AND {high} THEN '{Flag.RANGE}' "
        f"ELSE '{Flag.OK}' END"
    )


def _is_wrong_for_provider_sql(element: Element) -> str:
    """The provider calls the value wrong, or missing although one is there (in real files: a zero)."""
    if not element.has_provider_flag:
        return "FALSE"
    flag = f"try_cast({element.code}_qc AS DOUBLE)"
    return f"{flag} = {_WRONG} OR ({flag} = {_MISSING} AND NOT {element.name}_blank)"


def _humidity_disagrees_sql() -> str:
    all_ok = " AND ".join(f"{name}_flag = '{Flag.OK}'" for name in (_TEMPERATURE, _HUMIDITY, _DEW_POINT))
    return f"{all_ok} AND {disagrees_sql(_TEMPERATURE, _HUMIDITY, _DEW_POINT)}"


def _consistency_flag_sql(name: str) -> str:
    conditions = []
    if name in _SUSPECT_IF_DEW_POINT_IS_CONFIRMED:
        conditions.append("dew_point_confirmed")
    if name in _SUSPECT_OTHERWISE:
        conditions.append("NOT dew_point_confirmed")
    suspect = " OR ".join(conditions)
    return (
        f"CASE WHEN humidity_disagrees AND ({suspect}) THEN '{Flag.INCONSISTENT}' ELSE {name}_flag END AS {name}_flag"
    )
