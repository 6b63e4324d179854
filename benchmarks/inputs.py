"""What the comparisons read: portal files, a lake of clean hours, and Parquet files of the same hours.

Readings are real where a folder of portal files is given, else simulated and written in the portal's layout.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from weather_assets.assets.builds import CLEAN
from weather_assets.clock import KST, kst_midnight
from weather_assets.elements import OBSERVED
from weather_assets.lake.ingest import append_readings
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.sources.kma_csv import KmaCsvSource
from weather_assets.sources.simulator import SimulatorSource
from weather_assets.stations import STATIONS

SEOUL = 108
FIRST_YEAR, YEARS = 2010, 12
MOST_STATIONS = 95


@dataclass(frozen=True)
class Place:
    """Where the comparisons keep their files, and the folder of real portal files, if one was given."""

    folder: Path
    real: Path | None = None

    @property
    def readings(self) -> Path:
        """Folder of Seoul's hourly portal files, one a year."""
        return self.real or self.folder / "portal"

    @property
    def kind(self) -> str:
        """What the readings are, in words."""
        return "real KMA files of Seoul" if self.real else "simulated readings of Seoul in KMA's file layout"


def years(count: int) -> tuple[datetime, datetime]:
    """Begin and end of the first years."""
    return kst_midnight(date(FIRST_YEAR, 1, 1)), kst_midnight(date(FIRST_YEAR + count, 1, 1))


def station_ids(count: int) -> tuple[int, ...]:
    """Seoul and other stations of the catalogue."""
    others = [station for station in STATIONS if station != SEOUL]
    return (SEOUL, *others)[:count]


@contextmanager
def opened(home: Path, *, simulated: bool = True) -> Iterator[Lake]:
    """The lake of a home, made where it is absent."""
    with open_lake(Settings(_env_file=None, home=home), simulated=simulated) as lake:
        yield lake


def portal_files(place: Place) -> Path:
    """The folder of hourly files; simulated ones are written once."""
    if not place.readings.exists():
        place.readings.mkdir(parents=True)
        for table in SimulatorSource().asos_hourly((SEOUL,), *years(YEARS)):
            year = table["observed_at"][table.num_rows // 2].as_py().astimezone(KST).year
            _write_portal_file(place.readings / f"SURFACE_ASOS_{SEOUL}_HR_{year}.csv", table)
    return place.readings


def _write_portal_file(path: Path, table: pa.Table) -> None:
    codes = {element.code: element.portal_header for element in OBSERVED if element.code in table.column_names}
    columns = [table[code].to_pylist() for code in codes]
    stamps = [moment.astimezone(KST) for moment in table["observed_at"].to_pylist()]
    with path.open("w", encoding="cp949", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["지점", "일시", *codes.values()])
        writer.writerows([SEOUL, f"{stamp:%Y-%m-%d %H:%M}", *row] for stamp, *row in zip(stamps, *columns, strict=True))


def load_seoul(lake: Lake, place: Place, years_loaded: int) -> int:
    """Append Seoul's hourly files to a lake as a backfill does; returns the rows."""
    window = years(years_loaded)
    tables = KmaCsvSource(place.readings).asos_hourly((SEOUL,), *window)
    return append_readings(lake, "kma_csv", pa.concat_tables(tables), (SEOUL,), *window)


def clean_home(place: Place, stations: int, years_built: int) -> Path:
    """A home whose lake holds clean hours of stations x years: Seoul's own, judged, and shifted for the others.

    Made once per size. What is written a year at a time ends in a file a year, as a backfill leaves it.
    """
    home = place.folder / f"clean_{stations}x{years_built}"
    if not home.exists():
        seoul = _seoul_hours(place)
        with opened(home) as lake, lake.registered("seoul", seoul):
            for year in range(FIRST_YEAR, FIRST_YEAR + years_built):
                lake.connection.execute(_shifted_sql(station_ids(stations), year))
    return home


def _seoul_hours(place: Place) -> pa.Table:
    """Clean hours of Seoul for ten years."""
    home, exists = place.folder / "seoul", (place.folder / "seoul").exists()
    portal_files(place)
    with opened(home) as lake:
        if not exists:
            load_seoul(lake, place, 10)
            CLEAN.run(lake, (SEOUL,), *years(10))
        return lake.query("FROM lake.clean.asos_hourly").to_arrow_table()


def _shifted_sql(ids: Sequence[int], year: int) -> str:
    return f"""
INSERT INTO lake.clean.asos_hourly BY NAME
SELECT seoul.* REPLACE (place.id AS station_id, round(air_temperature_c + place.id % 7 * 0.3, 1) AS air_temperature_c)
FROM seoul, (SELECT unnest({list(ids)}::INTEGER[]) AS id) AS place
WHERE year(observed_at) = {year} ORDER BY place.id, observed_at"""


def clean_parquet(place: Place, stations: int, years_built: int) -> Path:
    """The clean hours of such a home as one Parquet file, for libraries that know no lake."""
    path = place.folder / f"clean_{stations}x{years_built}.parquet"
    if not path.exists():
        with opened(clean_home(place, stations, years_built)) as lake:
            lake.connection.execute(
                f"COPY (FROM lake.clean.asos_hourly ORDER BY station_id, observed_at) TO '{path}' (FORMAT parquet)"
            )
    return path
