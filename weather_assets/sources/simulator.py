"""Readings of invented weather at any station and hour, with the mess of real ones; for demonstrations and tests."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from weather_assets.clock import STAMP_OFFSET_H, STAMP_ZONE, stamp_midnight
from weather_assets.sources.protocol import RAW_DAILY_SCHEMA, RAW_HOURLY_SCHEMA, RAW_PM10_SCHEMA
from weather_assets.sources.simulation import dust, ground, mess
from weather_assets.sources.simulation.columns import PROVIDER, Column, column, number_texts, vocabulary_texts
from weather_assets.sources.simulation.readings import Readings, simulate
from weather_assets.sources.simulation.scene import Scene
from weather_assets.sources.simulation.site import site_of
from weather_assets.sources.simulation.timeline import HOURS_PER_DAY, Timeline, first_hour_from
from weather_assets.sources.simulation.words import VOCABULARIES

_LOOK_BACK_H = max(ground.MEMORY_H, mess.MEMORY_H)
_FLAG_TEXTS = tuple(str(flag) for flag in range(mess.FLAG_MISSING + 1))
_SECONDS_PER_HOUR = 3600
_TEMPERATURE = "ta"


class SimulatorSource:
    """A ReadingsSource that knows every station id and every hour, past or to come.

    The readings of a station and hour depend on these two and the seed alone: not on the span, the other stations or
    the order of asking. Nothing is fetched, and no input is refused.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    @property
    def name(self) -> str:
        """Provider whose units and sentinels hold."""
        return PROVIDER

    @property
    def simulated(self) -> bool:
        """Always: the readings are invented."""
        return True

    def asos_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """Yield one table per KST year and station for start <= observed_at < end, year by year.

        Tables have RAW_HOURLY_SCHEMA and at most 8,784 rows; about 0.05 % of the hours are absent.
        """
        for scene in self._scenes(station_ids, start, end):
            yield _hourly_table(scene)

    def asos_daily(self, station_ids: Sequence[int], start: date, end: date) -> Iterator[pa.Table]:
        """Yield one table per KST year and station for start <= observed_on < end, year by year (RAW_DAILY_SCHEMA).

        Mean, minimum and maximum temperature of the day's 24 hourly readings; a day that lacks one, or has one that is
        flagged as wrong, is absent. Nothing else is told of a day.
        """
        for scene in self._scenes(station_ids, stamp_midnight(start), stamp_midnight(end)):
            yield _daily_table(scene)

    def pm10_hourly(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[pa.Table]:
        """Yield one table per KST year and station for start <= observed_at < end, year by year (RAW_PM10_SCHEMA).

        About 6 % of the hours are absent or blank.
        """
        for scene in self._scenes(station_ids, start, end):
            yield _dust_table(scene)

    def _scenes(self, station_ids: Sequence[int], start: datetime, end: datetime) -> Iterator[Scene]:
        for timeline in _years(first_hour_from(start), first_hour_from(end)):
            for station_id in station_ids:
                yield Scene(self._seed, site_of(station_id), timeline)


def _years(first: int, end: int) -> Iterator[Timeline]:
    """Cut a span at the turns of the KST years."""
    while first < end:
        year = datetime.fromtimestamp(first * _SECONDS_PER_HOUR, tz=STAMP_ZONE).year
        turn = first_hour_from(stamp_midnight(date(year + 1, 1, 1)))
        yield Timeline(first, min(turn, end))
        first = turn


def _readings(scene: Scene) -> Readings:
    """Readings of the scene's hours, made from an earlier start because snow, soil and stuck sensors have a past."""
    with_past = Scene(scene.seed, scene.site, Timeline(scene.timeline.first - _LOOK_BACK_H, scene.timeline.end))
    readings = mess.with_faults(with_past, simulate(with_past))
    return Readings(
        {code: column.since(_LOOK_BACK_H) for code, column in readings.numbers.items()},
        {code: column.since(_LOOK_BACK_H) for code, column in readings.words.items()},
    )


def _hourly_table(scene: Scene) -> pa.Table:
    readings = _readings(scene)
    columns = {code: number_texts(code, column) for code, column in readings.numbers.items()}
    columns |= {code: vocabulary_texts(VOCABULARIES[code], column) for code, column in readings.words.items()}
    for code, flag in mess.flags(scene, readings.numbers).items():
        columns[f"{code}_qc"] = vocabulary_texts(_FLAG_TEXTS, flag)
    table = _table(scene, RAW_HOURLY_SCHEMA, _instants(scene), columns)
    return table.filter(pa.array(mess.reported_hours(scene)))


def _daily_table(scene: Scene) -> pa.Table:
    numbers = _readings(scene).numbers
    temperature, flag = numbers[_TEMPERATURE], mess.flags(scene, numbers)[_TEMPERATURE]
    counts = mess.reported_hours(scene) & temperature.present & ~flag.present
    by_day = temperature.steps.reshape(-1, HOURS_PER_DAY)
    complete = np.ones(len(by_day), dtype=np.bool_)
    statistics = {
        "avg_ta": column(_TEMPERATURE, by_day.mean(axis=1) * temperature.resolution),
        "min_ta": Column(by_day.min(axis=1), complete, temperature.resolution),
        "max_ta": Column(by_day.max(axis=1), complete, temperature.resolution),
    }
    columns = {code: number_texts(_TEMPERATURE, daily) for code, daily in statistics.items()}
    table = _table(scene, RAW_DAILY_SCHEMA, _days(scene), columns)
    return table.filter(pa.array(counts.reshape(-1, HOURS_PER_DAY).all(axis=1)))


def _dust_table(scene: Scene) -> pa.Table:
    texts = np.rint(dust.pm10_ugm3(scene)).astype(np.int64).astype(str)
    columns = {"pm10": pa.array(texts, pa.string(), mask=dust.blank_hours(scene))}
    table = _table(scene, RAW_PM10_SCHEMA, _instants(scene), columns)
    return table.filter(pa.array(~dust.absent_hours(scene)))


def _instants(scene: Scene) -> pa.Array:
    return pa.array(scene.timeline.hours.astype("datetime64[h]").astype("datetime64[us]"))


def _days(scene: Scene) -> pa.Array:
    """Days of the scene, which begins and ends at midnight of standard time."""
    midnights = scene.timeline.hours[::HOURS_PER_DAY] + STAMP_OFFSET_H
    return pa.array(midnights.astype("datetime64[h]").astype("datetime64[D]"))


def _table(scene: Scene, schema: pa.Schema, times: pa.Array, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Table of one station; a column of text that is not given is blank."""
    station, time, *texts = schema.names
    blank = pa.nulls(len(times), pa.string())
    filled = {name: columns.get(name, blank) for name in texts}
    filled[station] = pa.array(np.full(len(times), scene.site.station_id), pa.int32())
    filled[time] = times.cast(schema.field(time).type)
    return pa.table([filled[name] for name in schema.names], schema=schema)
