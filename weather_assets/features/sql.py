"""From the specification to one DuckDB query: a single vectorised pass over a completed hourly grid.

Look-ahead is impossible by construction: every window ends at CURRENT ROW and every shift is a LAG, on
rows ordered by the hour of observation. Windows count hours, since the grid has a row for every hour,
also for those nobody observed. Where many hours are built, `arrays` does the same several times as fast.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from weather_assets.clock import PUBLICATION_DELAY
from weather_assets.features.signals import CalendarCycle, FeatureSpecification, Signal

# Values are rounded to multiples of 2^-20 (a millionth of the unit). Sums of such numbers are exact in
# DOUBLE in whatever order they are added, so a feature has the same bits whether its day is built
# alone or within a backfill of ten years.
GRAIN = 2**20
_SECONDS_PER_HOUR = 3600


def features_sql(specification: FeatureSpecification, relation: str, start: datetime, end: datetime) -> str:
    """Write the query of the features issued from the hours ``start <= observed_at < end``.

    ``relation`` has the columns of clean.asos_hourly (hourly ``observed_at``, each element with its flag)
    and should reach ``specification.lookback_hours`` before ``start``: what is not there counts as missing.
    Columns of the result: station_id, issued_at (the hour observed plus ten minutes), then one FLOAT per
    feature, NULL where its readings are missing. Hours without any usable reading give no row. Rows have
    no order. Raises ValueError when the times are naive or the span is empty.
    """
    return f"""
WITH readings AS ({readings_sql(specification, relation, start, end)}
), hours AS (
    SELECT station_id, unnest(generate_series(min(observed_at), max(observed_at), INTERVAL 1 HOUR)) AS observed_at
    FROM readings GROUP BY station_id
), grid AS (
    SELECT hours.station_id, hours.observed_at, timezone('Asia/Seoul', hours.observed_at) AS local_time,
           readings.* EXCLUDE (station_id, observed_at)
    FROM hours LEFT JOIN readings USING (station_id, observed_at)
)
SELECT station_id, observed_at + INTERVAL {int(PUBLICATION_DELAY.total_seconds())} SECOND AS issued_at,
       {_comma(_feature_columns(specification))}
FROM grid
WINDOW hourly AS (PARTITION BY station_id ORDER BY observed_at),
       {_comma(_window(hours) for hours in _window_lengths(specification))}
QUALIFY coalesce(is_usable, FALSE) AND observed_at >= {_literal(start)} AND row_number() OVER hourly > 0
"""


def readings_sql(specification: FeatureSpecification, relation: str, start: datetime, end: datetime) -> str:
    """Write the query of what the features of ``start <= observed_at < end`` are made of.

    Columns: station_id, observed_at, one DOUBLE per signal (a multiple of 1 / GRAIN, NULL where it is not to be
    trusted), and is_usable: whether features are issued from the hour. Reads ``relation`` from the look-back on.
    Raises ValueError when the times are naive or the span is empty.
    """
    if start.tzinfo is None or end.tzinfo is None or start >= end:
        raise ValueError(f"features need aware times with start before end, not {start} .. {end}")
    first = start - timedelta(hours=specification.lookback_hours)
    return f"""
    SELECT station_id, observed_at, {_comma(_reading(signal) for signal in specification.signals)},
           {_is_usable(specification)} AS is_usable
    FROM {relation}
    WHERE observed_at >= {_literal(first)} AND observed_at < {_literal(end)}"""


def calendar_sql(specification: FeatureSpecification, start: datetime, end: datetime) -> str:
    """Write the query of the calendar features of every hour from that of `start` up to `end`, in order.

    Columns: the hours since 1970, then one FLOAT per feature. All stations share them, and working out local times
    and sines takes long.
    """
    first, last = int(start.timestamp()) // _SECONDS_PER_HOUR, -(-int(end.timestamp()) // _SECONDS_PER_HOUR)
    return f"""
SELECT {_comma(["hours_since_1970", *_cycle_columns(specification)])}
FROM (SELECT *, timezone('Asia/Seoul', make_timestamptz(hours_since_1970 * {_SECONDS_PER_HOUR * 10**6})) AS local_time
    FROM range({first}, {last}) AS every(hours_since_1970))
ORDER BY hours_since_1970"""


def _literal(instant: datetime) -> str:
    return f"TIMESTAMPTZ '{instant.isoformat()}'"


def _comma(parts: Iterable[str]) -> str:
    return ",\n       ".join(parts)


def _ok(signal: Signal) -> str:
    return " AND ".join(f"{element}_flag = 'ok'" for element in signal.inputs)


def _reading(signal: Signal) -> str:
    value = f"round(({signal.expression or signal.inputs[0]}) * {GRAIN}) / {GRAIN}"
    blank = ""
    if signal.blank_value is not None:
        is_blank = " AND ".join(f"{element}_flag = 'missing'" for element in signal.inputs)
        blank = f" WHEN {is_blank} THEN {signal.blank_value}"
    return f"CASE WHEN {_ok(signal)} THEN {value}{blank} END AS {signal.name}"


def _is_usable(specification: FeatureSpecification) -> str:
    return " OR ".join(f"coalesce({_ok(signal)}, FALSE)" for signal in specification.signals if signal.level)


def _window_lengths(specification: FeatureSpecification) -> list[int]:
    return sorted({hours for signal in specification.signals for hours in signal.windows_h})


def _window(hours: int) -> str:
    frame = f"ROWS BETWEEN {hours - 1} PRECEDING AND CURRENT ROW"
    return f"last_{hours}h AS (PARTITION BY station_id ORDER BY observed_at {frame})"


def _feature_columns(specification: FeatureSpecification) -> list[str]:
    values = [value for signal in specification.signals for value in _signal_values(signal)]
    names = [name for signal in specification.signals for name in signal.feature_names()]
    return [*_cycle_columns(specification), *_floats(values, names)]


def _cycle_columns(specification: FeatureSpecification) -> list[str]:
    values = [value for cycle in specification.cycles for value in _cycle_values(cycle)]
    return _floats(values, [name for cycle in specification.cycles for name in cycle.feature_names()])


def _floats(values: Iterable[str], names: Iterable[str]) -> list[str]:
    return [f"({value})::FLOAT AS {name}" for value, name in zip(values, names, strict=True)]


def _cycle_values(cycle: CalendarCycle) -> list[str]:
    angle = f"2 * pi() * ({cycle.expression}) / {cycle.period}"
    orders = range(1, cycle.harmonics + 1)
    return [cycle.expression, *(f"{wave}({order} * {angle})" for order in orders for wave in ("sin", "cos"))]


def _signal_values(signal: Signal) -> list[str]:
    level = [signal.name] if signal.level else []
    changes = [f"{signal.name} - lag({signal.name}, {hours}) OVER hourly" for hours in signal.changes_h]
    functions = {"mean": "avg", "sum": "sum", "min": "min", "max": "max"}
    windows = [f"{functions[name]}({signal.name}) OVER last_{hours}h" for name, hours in signal.windows()]
    return [*level, *changes, *windows]
