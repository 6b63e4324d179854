"""What follows from weeks of drift: a spell of it is one decision, and a sensor fault explains it away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from weather_assets.lake.lake import Lake
from weather_assets.monitoring.drift.samples import WINDOW_DAYS
from weather_assets.monitoring.faults.signal import Fault
from weather_assets.tables import DRIFT, SENSOR_FAULTS

SAME_SPELL = timedelta(days=WINDOW_DAYS)
"""Weeks of drift with less time between them belong to one spell: they share days."""


@dataclass(frozen=True)
class Spell:
    """A drift that lasts: its first week, and the days of it on which the sensor was at fault."""

    station_id: int
    element: str
    began: date
    score: float
    faulty_days: int

    @property
    def key(self) -> str:
        """Tells this decision from others for ever."""
        return f"drift:{self.station_id}:{self.element}:{self.began}"


def spells(lake: Lake, station_ids: Sequence[int]) -> Iterator[Spell]:
    """The drifts of the newest week that was judged, each with the beginning of its spell."""
    rows = lake.query(
        f"""
SELECT station_id, element, week, score FROM lake.{DRIFT.qualified_name} AS d
WHERE drifted AND list_contains(?, station_id) ORDER BY ALL""",
        [list(station_ids)],
    ).fetchall()
    newest = lake.query(f"SELECT max(week) FROM lake.{DRIFT.qualified_name}").fetchall()[0][0]
    begun: dict[tuple[int, str], tuple[date, date]] = {}
    for station_id, element, week, score in rows:
        first, last = begun.get((station_id, element), (week, week))
        first = week if week - last > SAME_SPELL else first
        begun[station_id, element] = first, week
        if week == newest:
            yield Spell(station_id, element, first, score, _faulty_days(lake, station_id, element, week))


def _faulty_days(lake: Lake, station_id: int, element: str, week: date) -> int:
    """Days of the window on which a fault of the element, other than silence, was seen."""
    found = lake.query(
        f"SELECT count(DISTINCT observed_on) FROM lake.{SENSOR_FAULTS.qualified_name} "
        f"WHERE station_id = ? AND element = ? AND fault <> '{Fault.GAP}' AND observed_on BETWEEN ? AND ?",
        [station_id, element, week - SAME_SPELL, week + timedelta(days=6)],
    )
    return int(found.fetchall()[0][0])
