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
from weather_assets.quality.humidity import dew_point_is_confirmed_sql, disagrees_sql

_PROVIDER_SAYS_WRONG = "1"
_TEMPERATURE, _HUMIDITY, _DEW_POINT = "air_temperature_c", "relative_humidity_pct", "dew_point_c"
_SUSPECT_IF_DEW_POINT_IS_CONFIRMED = (_TEMPERATURE, _HUMIDITY)
_SUSPECT_OTHERWISE = (_HUMIDITY, _DEW_POINT)


def clean_hourly_sql(newest_raw: str) -> str:
    """Query that makes the rows of clean.asos_hourly from `newest_raw`, a relation with one raw row per station and hour.

    A value judged wrong is NULL with the reason as its flag; blank rain at an hour that reports rain is 0.0. Hours of
    November to March that end no 3-hour period report none: NULL, flag missing.
    """
    return f"""
WITH received AS (
    SELECT *, {_winter_sql()} AS in_winter,
        {_any_reading_sql()} AS has_reading
    FROM {newest_raw}
), converted AS (
    SELECT station_id, observed_at, in_winter,
        {_list(_converted_sql(element) for element in ELEMENTS)},
        {_list(f"{element.code} AS {element.name}" for element in TEXT_ELEMENTS)},
        {_list(_is_wrong_for_provider_sql(element) for element in ELEMENTS if element.has_provider_flag)},
        {_list(_was_blank_sql(element) for element in ELEMENTS)}
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
    {_list(element.name for element in TEXT_ELEMENTS)}
FROM judged"""


def _list(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)


def _winter_sql() -> str:
    return f"month(observed_at) IN ({', '.join(map(str, WINTER_RAIN_MONTHS))})"


def _any_reading_sql() -> str:
    """Whether the row holds anything: in a row without a reading a blank rain is not a dry hour but an outage."""
    return f"coalesce({', '.join(element.code for element in ELEMENTS if not element.blank_means_zero)}) IS NOT NULL"


def _per_provider_sql(values: Mapping[str, str], otherwise: str) -> str:
    cases = " ".join(f"WHEN '{provider}' THEN {value}" for provider, value in values.items() if value != otherwise)
    return f"CASE source {cases} ELSE {otherwise} END" if cases else otherwise


def _received_sql(element: Element) -> str:
    """The number as received, NULL for a sentinel of the provider."""
    number = f"try_cast({element.code} AS DOUBLE)"
    if not element.sentinels:
        return number
    lists = {provider: f"[{', '.join(map(str, values))}]" for provider, values in element.sentinels.items()}
    sentinels = _per_provider_sql(lists, "[]::DOUBLE[]")
    return f"CASE WHEN NOT list_contains({sentinels}, {number}) THEN {number} END"


def _converted_sql(element: Element) -> str:
    factors = {provider: str(element.scale.get(provider, 1.0)) for provider in PROVIDERS}
    value = f"({_received_sql(element)}) * ({_per_provider_sql(factors, '1.0')})"
    if element.blank_means_zero:
        reports = f"has_reading AND (NOT in_winter OR hour(observed_at) % {WINTER_RAIN_PERIOD_H} = 0)"
        value = f"CASE WHEN {_blank_sql(element)} AND {reports} THEN 0.0 ELSE {value} END"
    return f"{value} AS {element.name}"


def _blank_sql(element: Element) -> str:
    """Nothing was received: no text, or a sentinel. A text that is no number is not blank."""
    number = f"try_cast({element.code} AS DOUBLE)"
    return f"({element.code} IS NULL OR ({number} IS NOT NULL AND ({_received_sql(element)}) IS NULL))"


def _was_blank_sql(element: Element) -> str:
    return f"{_blank_sql(element)} AS {element.name}_blank"


def _is_wrong_for_provider_sql(element: Element) -> str:
    return f"coalesce({element.code}_qc = '{_PROVIDER_SAYS_WRONG}', FALSE) AS {element.name}_wrong"


def _flag_sql(element: Element) -> str:
    low, high = element.limits
    provider = f"WHEN {element.name}_wrong THEN '{Flag.PROVIDER}' " if element.has_provider_flag else ""
    return (
        f"CASE WHEN {element.name} IS NULL AND {element.name}_blank THEN '{Flag.MISSING}' {provider}"
        f"WHEN {element.name} IS NULL OR {element.name} NOT BETWEEN {low} AND {high} THEN '{Flag.RANGE}' "
        f"ELSE '{Flag.OK}' END"
    )


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
