"""Heat and cold advisories by KMA's criteria, from the daily extremes of readings and forecast together.

They are what the criteria say of this forecast, not warnings that KMA has issued.
"""

import pandas as pd

HEAT_C = {"heat_warning": 35.0, "heat_advisory": 33.0}
"""Daily maximum feels-like temperature that lasts two days or more (KMA 2023)."""

COLD_C = {"cold_warning": -15.0, "cold_advisory": -12.0}
"""Daily minimum air temperature that lasts two days or more."""

FALL_C = {"cold_warning": 15.0, "cold_advisory": 10.0}
"""Fall of the daily minimum since the day before that is enough by itself, with the two conditions below."""

FALLEN_TO_C, BELOW_NORMAL_C = 3.0, 3.0
COLD_MONTHS = (10, 11, 12, 1, 2, 3, 4)


def advisories(days: pd.DataFrame) -> pd.Series:
    """Codes of each row of `days`, comma-separated, '' where none: the strongest of heat, and of cold.

    `days` has station_id, day (date), max_feels_like_c, min_temperature_c, normal_min_c (NaN where not known), one
    row per station and day. A day counts as lasting with the day before or the day after.
    """
    ordered = days.sort_values(["station_id", "day"])
    heat, cold = _heat(ordered), _cold(ordered)
    both = [",".join(code for code in pair if code) for pair in zip(heat, cold, strict=True)]
    return pd.Series(both, index=ordered.index, dtype=object).reindex(days.index)


def _heat(days: pd.DataFrame) -> list[str]:
    lasting = {code: _lasts(days, days["max_feels_like_c"] >= limit) for code, limit in HEAT_C.items()}
    return _strongest(lasting, len(days))


def _cold(days: pd.DataFrame) -> list[str]:
    lowest = days["min_temperature_c"]
    in_season = pd.to_datetime(days["day"]).dt.month.isin(COLD_MONTHS)
    fall = _neighbour(days, lowest, -1) - lowest
    is_low = (lowest <= FALLEN_TO_C) & (lowest <= days["normal_min_c"] - BELOW_NORMAL_C)
    raised = {
        code: in_season & (_lasts(days, lowest <= limit) | (is_low & (fall >= FALL_C[code])))
        for code, limit in COLD_C.items()
    }
    return _strongest(raised, len(days))


def _lasts(days: pd.DataFrame, reached: pd.Series) -> pd.Series:
    """Where the limit is reached on the day and on a day beside it."""
    beside = [_neighbour(days, reached.astype(float), step).eq(1.0) for step in (-1, 1)]
    return reached & (beside[0] | beside[1])


def _neighbour(days: pd.DataFrame, values: pd.Series, step: int) -> pd.Series:
    """Value of the same station one day before (-1) or after (1); NaN where that day is not there."""
    by_station = days["station_id"]
    day = pd.to_datetime(days["day"])
    is_next = (day.groupby(by_station).shift(-step) - day).dt.days.eq(step)
    return values.groupby(by_station).shift(-step).where(is_next)


def _strongest(raised: dict[str, pd.Series], rows: int) -> list[str]:
    """The first code of each row that is raised; they are given strongest first."""
    codes = [""] * rows
    for code, is_so in reversed(raised.items()):
        codes = [code if so else before for so, before in zip(is_so, codes, strict=True)]
    return codes
