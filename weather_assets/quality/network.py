"""Network-wide shifts: most stations jump in the same hour, which no weather does; a fault of the service or its units.

The neighbours of a station cannot show it, for they jump too. HadISD and titanlib have no such test; it is ours.
"""

from collections.abc import Mapping

from weather_assets.elements import Flag

LEAST_STATIONS = 10
SHARE_OF_STEP = 0.75
"""Share of the limits of the step test by which the middle station, and the station itself, must have jumped."""

_NEAR_HOURS = (1, 2, 3)


def network_failures_sql(element: str, step: Mapping[int, float], hours: str, around: str) -> str:
    """Query for the values of `hours` that jumped when the middle one of all stations did.

    A jump is a difference from each reading of the 3 hours before by more than 0.75 of the step limits. `around` is a
    relation with station_id, observed_at and the element of every station. Columns as in `failures_sql`; nothing where
    fewer than 10 stations report.
    """
    differences = ", ".join(f"abs({element} - lag({element}, {h}) OVER hours) / {step[h]}" for h in _NEAR_HOURS)
    return f"""
SELECT station_id, observed_at, '{element}' AS element, value, 'network' AS test, '{Flag.NEIGHBOUR}' AS flag,
    FALSE AS is_later, format('{{:g}}, in the hour in which {{}} stations jumped', value, stations) AS reason
FROM (SELECT station_id, observed_at, {element} AS value FROM {hours} WHERE {element} IS NOT NULL)
JOIN (
    SELECT station_id, observed_at, jump, stations FROM (
        SELECT *, median(jump) OVER of_hour AS middle, count(jump) OVER of_hour AS stations
        FROM (SELECT station_id, observed_at, least({differences}) AS jump FROM {around}
              WINDOW hours AS (PARTITION BY station_id ORDER BY observed_at))
        WINDOW of_hour AS (PARTITION BY observed_at)
    ) WHERE stations >= {LEAST_STATIONS} AND least(middle, jump) > {SHARE_OF_STEP}
) USING (station_id, observed_at)"""
