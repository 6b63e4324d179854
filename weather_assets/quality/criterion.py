"""What a test of quality control is made of, and the query that runs the tests of one element.

Belongs here: how a test is written down and asked. Does not: what any test looks for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from weather_assets.elements import Flag

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One test of one element, as SQL over the hours of a station.

    `condition` says which values fail and `reason`, a text expression, why. Both may use `value` (the element), the
    columns of the hours (see `received`) that are named in `reads`, and what the test adds: `looks` are expressions and
    windows over `hours`, the station's hours in order; `second_looks` are such over the looks. Equal names must mean
    equal expressions. A later test reads hours after the one it judges.
    """

    test: str
    flag: Flag
    condition: str
    reason: str
    reads: tuple[str, ...] = ()
    looks: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    second_looks: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    is_later: bool = False


def frame(hours_before: int, hours_after: int = 0) -> str:
    """Window over the hours of a station from so many before to so many after, both included."""
    last = f"{hours_after} FOLLOWING" if hours_after else "CURRENT ROW"
    return f"(PARTITION BY station_id ORDER BY observed_at ROWS BETWEEN {hours_before} PRECEDING AND {last})"


def ago(hours: int) -> dict[str, str]:
    """Look at the value so many hours before: column ago_<hours>."""
    return {f"ago_{hours}": f"lag(value, {hours}) OVER hours"}


def ahead(hours: int) -> dict[str, str]:
    """Look at the value so many hours after: column ahead_<hours>."""
    return {f"ahead_{hours}": f"lead(value, {hours}) OVER hours"}


def failures_sql(element: str, criteria: Sequence[Criterion], hours: str) -> str:
    """Query for the values of an element that fail a test; for each the first of the criteria that it fails.

    `hours` names a relation with a row per station and hour, no hour between a station's first and last left out.
    Columns: station_id, observed_at, element, value, test, flag, is_later, reason.
    """
    reads = ", ".join(dict.fromkeys(name for one in criteria for name in one.reads))
    verdict = " ".join(f"WHEN {one.condition} THEN {number}" for number, one in enumerate(criteria))
    return f"""
SELECT station_id, observed_at, '{element}' AS element, value, {_by_verdict(criteria)}
FROM (
    SELECT *, CASE WHEN value IS NULL THEN NULL {verdict} END AS verdict
    FROM (SELECT *{_columns(one.second_looks for one in criteria)}
          FROM (SELECT *{_columns(one.looks for one in criteria)}
                FROM (SELECT station_id, observed_at, {element} AS value{reads and f", {reads}"} FROM {hours})
                WINDOW hours AS (PARTITION BY station_id ORDER BY observed_at)))
)
WHERE verdict IS NOT NULL"""


def _columns(looks: Iterable[Mapping[str, str]]) -> str:
    merged: dict[str, str] = {}
    for some in looks:
        merged |= some
    return "".join(f",\n    {expression} AS {name}" for name, expression in merged.items())


def _by_verdict(criteria: Sequence[Criterion]) -> str:
    answers = {
        "test": [f"'{one.test}'" for one in criteria],
        "flag": [f"'{one.flag}'" for one in criteria],
        "is_later": [str(one.is_later).upper() for one in criteria],
        "reason": [one.reason for one in criteria],
    }
    return ", ".join(
        f"CASE verdict {' '.join(f'WHEN {number} THEN {answer}' for number, answer in enumerate(all_answers))} END "
        f"AS {name}"
        for name, all_answers in answers.items()
    )
