"""Wet and dry 3-hour blocks, the finest grain that all seasons share.

From November to March rain is reported as a total of three hours at hours divisible by 3 KST, else hour by hour. A
block ends at such an hour and holds the rain of the three hours up to it.
"""

from weather_assets.elements import Flag
from weather_assets.forecasting.targets import BLOCK_HOURS

WET_MM = 0.1
"""The least amount that is measured."""


def wet_blocks_sql(clean: str, element: str) -> str:
    """Query for station_id, observed_at (end of a block) and value (1 wet, 0 dry) from rows of clean.asos_hourly.

    `element` is the column of the amount in mm.

    A block counts when its readings cover all of it, or when what they cover is wet already.
    """
    # Korea is nine hours from UTC, so hours divisible by 3 are the same on both clocks.
    end = f"time_bucket(INTERVAL {BLOCK_HOURS} HOUR, observed_at + INTERVAL {BLOCK_HOURS - 1} HOUR)"
    # Amounts are tenths of a millimetre: rounding undoes what adding them up in binary leaves.
    amount = f"round(sum({element}), 1)"
    return f"""
SELECT station_id, {end} AS observed_at, ({amount} >= {WET_MM})::DOUBLE AS value
FROM {clean}
WHERE {element}_flag = '{Flag.OK}'
GROUP BY station_id, {end}
HAVING sum(precipitation_period_h) >= {BLOCK_HOURS} OR {amount} >= {WET_MM}"""
