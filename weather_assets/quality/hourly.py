"""From raw hourly rows to clean ones in one SQL query: what each hour says, what the tests reject, what is rebuilt.

A test decides on an hour from that hour and those before it, at most LOOKBACK_HOURS. The later pass (spikes, the part
of a streak before it was long enough) also reads up to LATER_HOURS after it; what it alone rejects is marked as such.
"""

from collections.abc import Iterator, Sequence

from weather_assets.elements import BY_NAME, ELEMENTS, TEXT_ELEMENTS, Element, Flag
from weather_assets.quality.criteria import criteria_of
from weather_assets.quality.criterion import failures_sql
from weather_assets.quality.filling import REBUILT
from weather_assets.quality.neighbours import neighbour_failures_sql
from weather_assets.quality.network import network_failures_sql
from weather_assets.quality.passes import CAUSAL, LATER
from weather_assets.quality.received import listed, received_sql
from weather_assets.quality.rules import RULES
from weather_assets.stations import STATIONS

LOOKBACK_HOURS = 72
"""How far before an hour the readings lie on which the decision about it may depend."""

LATER_HOURS = 48
"""How far after an hour the readings may lie that the later pass needs."""

COMPARED = tuple(BY_NAME[element] for element, rules in RULES.items() if rules.neighbour is not None)
"""The elements that are compared with those of other stations."""

_REJECTION = "{'element': element, 'value': value, 'test': test, 'flag': flag, 'is_later': is_later, 'reason': reason}"


def hours_sql(newest_raw: str, elements: Sequence[Element] = ELEMENTS) -> str:
    """Query for a row per station and hour, no hour between a station's first and last left out.

    Columns as in `received_sql`, and is_received; all but station_id and observed_at are NULL where nothing was.
    `newest_raw` is a relation with one raw row per station and hour.
    """
    return f"""
SELECT *, TRUE AS is_received FROM ({received_sql(newest_raw, elements)})
UNION ALL BY NAME
SELECT station_id, unnest(generate_series(observed_at + INTERVAL 1 HOUR, next - INTERVAL 1 HOUR, INTERVAL 1 HOUR))
    AS observed_at, FALSE AS is_received
FROM (SELECT station_id, observed_at, lead(observed_at) OVER (PARTITION BY station_id ORDER BY observed_at) AS next
      FROM {newest_raw})
WHERE next > observed_at + INTERVAL 1 HOUR"""


def judged_hours_sql(newest_raw: str, *, climate: str | None = None, around: str | None = None) -> str:
    """Query for the rows of clean.asos_hourly, each with `rejections`: a list, empty where nothing was rejected.

    `newest_raw` is a relation with one raw row per station and hour, `climate` one with limits (see
    `climatological_gap`), and `around` one of `hours_sql` for COMPARED at all stations, those of `newest_raw` among
    them; without these two their tests do not judge. A value judged wrong is NULL with the reason as its flag. Where
    humidity or dew point follow from the other and the temperature they are rebuilt and flagged filled. A rejection has
    element, value (as received, in our unit), test, flag, is_later and reason.
    """
    return f"""
WITH received AS MATERIALIZED ({hours_sql(newest_raw)}),
hours AS (SELECT * FROM received LEFT JOIN {_places_sql()} USING (station_id)),
failures AS (
    SELECT station_id, observed_at, unnest(rejected, max_depth := 2) FROM received WHERE rejected IS NOT NULL
    UNION ALL BY NAME
    SELECT * FROM ({" UNION ALL BY NAME ".join(_failures(climate, around))})
    QUALIFY row_number() OVER (PARTITION BY station_id, observed_at, element ORDER BY is_later, test) = 1
), failed AS (
    SELECT station_id, observed_at, list({_REJECTION} ORDER BY element) AS rejections,
        {listed(f"max(flag) FILTER (element = '{e.name}') AS {e.name}_found" for e in ELEMENTS)}
    FROM failures GROUP BY station_id, observed_at
), decided AS (
    SELECT station_id, observed_at, precipitation_period_h, {listed(e.name for e in TEXT_ELEMENTS)},
        {listed(_decided(element.name) for element in ELEMENTS)}, coalesce(rejections, []) AS rejections
    FROM received LEFT JOIN failed USING (station_id, observed_at)
    WHERE is_received
)
SELECT * REPLACE ({listed(_rebuilt(name) for name in REBUILT)}) FROM decided"""


def clean_hourly_sql(judged: str) -> str:
    """Query for the columns of clean.asos_hourly of a relation of judged hours."""
    return f"SELECT * EXCLUDE (rejections) FROM {judged}"


def rejections_sql(judged: str) -> str:
    """Query for the columns of clean.rejections of a relation of judged hours: one row per value that was rejected."""
    return f"""
SELECT station_id, observed_at, one.element, one.value, one.flag, one.test,
    CASE WHEN one.is_later THEN '{LATER}' ELSE '{CAUSAL}' END AS pass, one.reason
FROM (SELECT station_id, observed_at, unnest(rejections) AS one FROM {judged})"""


def _places_sql() -> str:
    places = ", ".join(
        f"({one.station_id}, {one.latitude_deg}::DOUBLE, {one.longitude_deg}::DOUBLE, {one.elevation_m}::DOUBLE)"
        for one in STATIONS.values()
    )
    return f"(VALUES {places}) AS places(station_id, latitude_deg, longitude_deg, elevation_m)"


def _failures(climate: str | None, around: str | None) -> Iterator[str]:
    for element in ELEMENTS:
        criteria = criteria_of(element.name, has_climate=climate is not None)
        if criteria:
            hours = _with_climate_sql(element.name, climate) if climate is not None else "hours"
            yield failures_sql(element.name, criteria, hours)
    if around is None:
        return
    for element in COMPARED:
        rules = RULES[element.name]
        if rules.neighbour is not None:
            yield neighbour_failures_sql(element.name, rules.neighbour, "received", around)
        yield network_failures_sql(element.name, rules.step, "received", around)


def _with_climate_sql(element: str, climate: str) -> str:
    return f"""(SELECT hours.*, climate_low, climate_high FROM hours LEFT JOIN (
    SELECT station_id, year(valid_from) AS year, month, low AS climate_low, high AS climate_high
    FROM {climate} WHERE element = '{element}') AS limits
    ON limits.station_id = hours.station_id AND limits.month = month(stamp) AND limits.year = year(stamp))"""


def _decided(name: str) -> str:
    without = f"CASE WHEN {name} IS NULL THEN '{Flag.MISSING}' ELSE '{Flag.OK}' END"
    return f"CASE WHEN {name}_found IS NULL THEN {name} END AS {name}, coalesce({name}_found, {without}) AS {name}_flag"


def _rebuilt(name: str) -> str:
    expression, sources = REBUILT[name]
    known = " AND ".join(f"{source}_flag = '{Flag.OK}'" for source in sources)
    low, high = BY_NAME[name].limits
    is_rebuilt = f"{name} IS NULL AND {known} AND {expression} BETWEEN {low} AND {high}"
    return (
        f"CASE WHEN {is_rebuilt} THEN {expression} ELSE {name} END AS {name}, "
        f"CASE WHEN {is_rebuilt} THEN '{Flag.FILLED}' ELSE {name}_flag END AS {name}_flag"
    )
