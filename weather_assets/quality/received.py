"""Raw hourly rows read: units, sentinels, blanks, the provider's flags and the physical ranges; one hour at a time.

Belongs here: what an hour says by itself. Does not: tests that compare it with other hours, elements or stations.
"""

from collections.abc import Iterable, Mapping, Sequence

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

# KMA's own flag: blank or 0 is fine, 1 wrong, 9 missing.
_WRONG, _MISSING = 1, 9


def received_sql(newest_raw: str, elements: Sequence[Element] = ELEMENTS) -> str:
    """Query for what each raw row says; `newest_raw` is a relation with one raw row per station and hour.

    Columns: station_id, observed_at, stamp (KMA's, without zone), the text elements, precipitation_period_h, and per
    element its value in our unit, NULL where there is none to be trusted; `rejected` lists the values that the provider
    or the range condemns, with their reason, and is NULL where there are none. Blank rain at an hour that reports rain
    is 0.0; hours of November to March that end no 3-hour period report none.
    """
    return f"""
WITH numbers AS (
    SELECT *, {listed(f"try_cast({element.code} AS DOUBLE) AS {element.code}_number" for element in ELEMENTS)},
        -- KMA's stamps are UTC+9 all year and in every year, which Seoul's civil clock was not.
        timezone('UTC', observed_at) + INTERVAL 9 HOUR AS stamp
    FROM {newest_raw}
), blanks AS (
    SELECT *, {listed(f"{_is_blank_sql(element)} AS {element.name}_blank" for element in ELEMENTS)},
        month(stamp) IN ({", ".join(map(str, WINTER_RAIN_MONTHS))}) AS in_winter,
        NOT in_winter OR hour(stamp) % {WINTER_RAIN_PERIOD_H} = 0 AS reports_rain
    FROM numbers
), converted AS (
    SELECT *, {listed(f"{_value_sql(element)} AS {element.name}_number" for element in elements)}
    FROM blanks
), tested AS (
    SELECT *, {listed(f"{_test_sql(element)} AS {element.name}_test" for element in elements)} FROM converted
)
SELECT station_id, observed_at, stamp,
    {listed(f"{code_sql(element)} AS {element.name}" for element in TEXT_ELEMENTS)},
    CASE WHEN in_winter THEN {WINTER_RAIN_PERIOD_H} ELSE 1 END AS precipitation_period_h,
    {listed(f"CASE WHEN {e.name}_test IS NULL THEN {e.name}_number END AS {e.name}" for e in elements)},
    CASE WHEN {" OR ".join(f"{e.name}_test IS NOT NULL" for e in elements)}
         THEN list_filter([{", ".join(map(_rejection_sql, elements))}], lambda one: one.test IS NOT NULL)
    END AS rejected
FROM tested"""


def listed(parts: Iterable[str]) -> str:
    """Parts of a SELECT list."""
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


def _test_sql(element: Element) -> str:
    """The test that the value fails by itself: provider, range or none. A missing value fails none."""
    low, high = element.limits
    number = f"{element.name}_number"
    return (
        f"CASE WHEN {number} IS NULL AND {element.name}_blank THEN NULL "
        f"WHEN {_is_wrong_for_provider_sql(element)} THEN '{Flag.PROVIDER}' "
        f"WHEN {number} IS NULL OR {number} NOT BETWEEN {low} AND {high} THEN '{Flag.RANGE}' END"
    )


def _rejection_sql(element: Element) -> str:
    low, high = element.limits
    return (
        f"{{'element': '{element.name}', 'value': {element.name}_number, 'test': {element.name}_test, "
        f"'flag': {element.name}_test, 'is_later': FALSE, 'reason': CASE {element.name}_test "
        f"WHEN '{Flag.PROVIDER}' THEN 'flagged by the provider' "
        f"ELSE 'no number from {low:g} to {high:g} {element.unit}' END}}"
    )


def _is_wrong_for_provider_sql(element: Element) -> str:
    """The provider calls the value wrong, or missing although one is there (in real files: a zero)."""
    if not element.has_provider_flag:
        return "FALSE"
    flag = f"try_cast({element.code}_qc AS DOUBLE)"
    return f"{flag} = {_WRONG} OR ({flag} = {_MISSING} AND NOT {element.name}_blank)"
