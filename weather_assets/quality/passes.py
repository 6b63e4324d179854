"""The two passes apart: clean hours as they were decided by the hours up to them, before the later pass."""

from weather_assets.elements import ELEMENTS, Flag
from weather_assets.quality.criteria import criteria_of
from weather_assets.quality.received import listed

CAUSAL, LATER = "causal", "later"
"""The passes, as clean.rejections names them."""

_REVISED = tuple(element.name for element in ELEMENTS if any(one.is_later for one in criteria_of(element.name)))


def causal_hours_sql(clean: str, rejections: str) -> str:
    """Query for the rows of `clean`, with the values put back that only the later pass has rejected.

    Both are relations, with the columns of clean.asos_hourly and clean.rejections. A decision of the causal pass never
    changes with readings of later hours, so this is what features may be made of. (A neighbour's reading that arrives
    late can still change what the neighbours say of an hour; the days it touches are decided anew by a rebuild.)
    """
    back = listed(f"max(value) FILTER (element = '{name}') AS {name}_back" for name in _REVISED)
    values = listed(f"coalesce({name}_back, clean.{name}) AS {name}" for name in _REVISED)
    flags = listed(
        f"CASE WHEN {name}_back IS NULL THEN {name}_flag ELSE '{Flag.OK}' END AS {name}_flag" for name in _REVISED
    )
    return f"""
SELECT clean.* REPLACE ({values}, {flags}) FROM {clean} AS clean
LEFT JOIN (SELECT station_id, observed_at, {back} FROM {rejections} WHERE pass = '{LATER}' GROUP BY ALL) AS later
    USING (station_id, observed_at)"""
