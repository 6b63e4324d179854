"""From hourly PM10 to the day's mean, highest and lowest in one SQL query."""

LEAST_HOURS = 18
"""Hours of a day that must count before its figures do: three quarters of it."""

LARGEST_UGM3 = 3000.0
"""A reading above it is absurd, and more than the strongest yellow dust brings."""

# The cut-offs of a prior system. They remove the very days that people want to be warned of, so they are off.
LEGACY_LARGEST_MEAN_UGM3 = 90.8
LEGACY_LARGEST_MAX_UGM3 = 160.5


def pm10_daily_sql(newest_raw: str, *, legacy_cutoffs: bool = False) -> str:
    """Query that makes the rows of clean.pm10_daily from `newest_raw`, with one raw row per station and hour.

    An hour counts when it holds a number from 0 to LARGEST_UGM3 that the provider did not flag; `hours` says how many
    do. With fewer than LEAST_HOURS the day's figures are NULL. With `legacy_cutoffs` a mean above 90.8 is dropped and a
    maximum above 160.5 lowered to it.
    """
    mean, highest = "mean_ugm3", "max_ugm3"
    if legacy_cutoffs:
        mean = f"CASE WHEN {mean} <= {LEGACY_LARGEST_MEAN_UGM3} THEN {mean} END"
        highest = f"least({highest}, {LEGACY_LARGEST_MAX_UGM3})"
    return f"""
WITH counted AS (
    SELECT station_id, CAST(observed_at AS DATE) AS observed_on, {_value_sql()} AS ugm3
    FROM {newest_raw}
), days AS (
    SELECT station_id, observed_on, count(ugm3) AS hours,
        avg(ugm3) AS mean_ugm3, max(ugm3) AS max_ugm3, min(ugm3) AS min_ugm3
    FROM counted GROUP BY station_id, observed_on
)
SELECT station_id, observed_on, hours,
    CASE WHEN hours >= {LEAST_HOURS} THEN {mean} END AS mean_pm10_ugm3,
    CASE WHEN hours >= {LEAST_HOURS} THEN {highest} END AS max_pm10_ugm3,
    CASE WHEN hours >= {LEAST_HOURS} THEN min_ugm3 END AS min_pm10_ugm3
FROM days"""


def _value_sql() -> str:
    """The hour's value where it counts. A flag is a number other than 0, or a remark such as 장비점검."""
    number = "try_cast(pm10 AS DOUBLE)"
    is_unflagged = "coalesce(try_cast(pm10_qc AS DOUBLE) = 0, pm10_qc IS NULL)"
    return f"CASE WHEN {number} BETWEEN 0 AND {LARGEST_UGM3} AND {is_unflagged} THEN {number} END"
