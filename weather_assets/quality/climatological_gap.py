"""Climatological gap: a value far from everything that the station has shown in the month of earlier years.

After HadISD's distributional gap (Dunn et al. 2012): what counts is empty space between the value and all others, never
a number of standard deviations, which condemns real heat waves. Limits are fitted once for a station and year, on the
years before it, and kept: what comes later changes no decision.
"""

from datetime import date

from weather_assets.clock import kst_midnight
from weather_assets.elements import Flag
from weather_assets.lake.windows import instant_sql
from weather_assets.quality.criterion import Criterion
from weather_assets.quality.rules import RULES

LEAST_YEARS = 5
"""A month that fewer years have shown is not judged."""

_SPREADS = 1.5
_LEAST_VALUES = LEAST_YEARS * 28 * 24 // 2


def climatological_gap() -> Criterion:
    """Fails outside `climate_low` .. `climate_high`, columns of the hours; NULL limits judge nothing."""
    return Criterion(
        test="climate",
        flag=Flag.RANGE,
        reads=("climate_low", "climate_high"),
        condition="(value NOT BETWEEN climate_low AND climate_high)",
        reason="format('outside {:.1f} to {:.1f}, far from anything of this month in earlier years', "
        "climate_low, climate_high)",
    )


def limits_sql(clean: str, year: int) -> str:
    """Query for the limits that hold in a year, from the clean rows (a relation) of the years before.

    Columns: station_id, valid_from (1 January of the year), month, element, low, high, values_seen. The limits are the
    edges of the values trusted in the month, put out by the largest gap tolerated: 1.5 times the interquartile range of
    the month, or `climate_gap` of the element's rules where that is more. A value beyond such a gap is no edge. Months
    that fewer than 5 years have shown get none.
    """
    first = date(year, 1, 1)
    values = ", ".join(f"CASE WHEN {name}_flag = '{Flag.OK}' THEN {name} END AS {name}" for name in _GAPS)
    limits = " UNION ALL ".join(_limits_of(name, gap, first) for name, gap in _GAPS.items())
    return f"""
WITH earlier AS MATERIALIZED (
    SELECT station_id, year(observed_at) AS year, month(observed_at) AS month, {values}
    FROM {clean} WHERE observed_at < {instant_sql(kst_midnight(first))}
)
{limits}"""


_GAPS = {element: rules.climate_gap for element, rules in RULES.items() if rules.climate_gap is not None}


def _limits_of(element: str, least_gap: float, first: date) -> str:
    return f"""
SELECT station_id, DATE '{first}' AS valid_from, month, '{element}' AS element,
    coalesce(max(seen) FILTER (seen <= middle AND seen - below > gap), min(seen)) - any_value(gap) AS low,
    coalesce(min(seen) FILTER (seen >= middle AND above - seen > gap), max(seen)) + any_value(gap) AS high,
    any_value(values_seen) AS values_seen
FROM (
    SELECT *, lag(seen) OVER in_order AS below, lead(seen) OVER in_order AS above
    FROM (SELECT DISTINCT station_id, month, {element} AS seen FROM earlier WHERE {element} IS NOT NULL)
    JOIN (SELECT station_id, month, count({element}) AS values_seen, median({element}) AS middle,
              greatest({least_gap}, {_SPREADS} * (quantile_cont({element}, 0.75) - quantile_cont({element}, 0.25)))
                  AS gap
          FROM earlier GROUP BY ALL
          HAVING count({element}) >= {_LEAST_VALUES}
              AND count(DISTINCT CASE WHEN {element} IS NOT NULL THEN year END) >= {LEAST_YEARS})
        USING (station_id, month)
    WINDOW in_order AS (PARTITION BY station_id, month ORDER BY seen)
)
GROUP BY ALL"""
