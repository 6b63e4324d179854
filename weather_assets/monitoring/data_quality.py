"""How many readings of a day are missing and how many were rejected: one SQL query from clean hours."""

from weather_assets.elements import ELEMENTS, Flag

_RAIN = "precipitation_mm"


def data_quality_sql(clean: str, rejections: str) -> str:
    """Query for monitor.data_quality; `clean` and `rejections` are relations with the hours of whole KST days.

    The hours of a day reach from midnight to its newest reading of the station. In November to March rain is reported
    at every third only. A value that was rebuilt counts as what it replaced: missing or rejected.
    """
    by_element = " UNION ALL ".join(_of_element(element.name) for element in ELEMENTS)
    return f"""
WITH hours AS (
    SELECT *, CAST(observed_at AS DATE) AS observed_on,
        max(hour(observed_at)) OVER (PARTITION BY station_id, CAST(observed_at AS DATE)) + 1 AS due
    FROM {clean}
), read AS ({by_element}), rejected AS (
    SELECT station_id, CAST(observed_at AS DATE) AS observed_on, element, count(*) AS flagged
    FROM {rejections} GROUP BY ALL
)
SELECT station_id, observed_on, element, hours, greatest(hours - trusted - coalesce(flagged, 0), 0) AS missing,
    coalesce(flagged, 0) AS flagged
FROM read LEFT JOIN rejected USING (station_id, observed_on, element)"""


def _of_element(name: str) -> str:
    due = "max((due - 1) // precipitation_period_h + 1)" if name == _RAIN else "max(due)"
    return (
        f"SELECT station_id, observed_on, '{name}' AS element, {due} AS hours, "
        f"count(*) FILTER ({name}_flag = '{Flag.OK}') AS trusted FROM hours GROUP BY ALL"
    )
