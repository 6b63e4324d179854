"""What a page of a dashboard asks, with pandas on the CSV files and with our lake."""

from collections.abc import Callable
from time import perf_counter

import pandas as pd

from benchmarks.against.csv_import import encoding_of
from benchmarks.inputs import SEOUL, Place, clean_home, opened, portal_files
from benchmarks.measuring import OURS, Section, measured, ratio

YEARS = 10
COLUMNS = ("question", f"{OURS}, ms", "pandas on CSV, ms", "times ours", "pandas on a frame kept in memory, ms")
QUESTIONS = {
    "daily mean, maximum and minimum of the last 30 days": """
        SELECT CAST(observed_at AS DATE) AS day, avg(air_temperature_c), max(air_temperature_c), min(air_temperature_c)
        FROM lake.clean.asos_hourly
        WHERE station_id = 108 AND observed_at >= TIMESTAMPTZ '2019-12-02 00:00:00+09' GROUP BY day ORDER BY day""",
    "mean of each month of ten years": """
        SELECT date_trunc('month', observed_at) AS month, avg(air_temperature_c)
        FROM lake.clean.asos_hourly WHERE station_id = 108 GROUP BY month ORDER BY month""",
    "the newest 48 hours": """
        SELECT observed_at, air_temperature_c FROM lake.clean.asos_hourly
        WHERE station_id = 108 AND observed_at >= TIMESTAMPTZ '2019-12-30 00:00:00+09' ORDER BY observed_at""",
}
STAMP, TEMPERATURE = "일시", "기온(°C)"


def lake(place: Place, times: int) -> list[tuple[float, int]]:
    """Milliseconds and rows of each question on a connection that is kept, as the app keeps it."""
    with opened(clean_home(place, 1, YEARS)) as opened_lake:
        return [_timed(lambda sql=sql: len(opened_lake.query(sql).df()), times) for sql in QUESTIONS.values()]


def frame(place: Place) -> pd.DataFrame:
    """The files of the ten years, as an app that keeps no store reads them."""
    files = sorted(portal_files(place).glob("*.csv"))[:YEARS]
    frames = [pd.read_csv(path, encoding=encoding_of(path), low_memory=False) for path in files]
    hours = pd.concat(frames, ignore_index=True)
    return hours.assign(**{STAMP: pd.to_datetime(hours[STAMP])})


def daily(hours: pd.DataFrame) -> pd.DataFrame:
    """Mean, maximum and minimum of each of the last 30 days."""
    last = hours[hours[STAMP] >= "2019-12-02"]
    return last.groupby(last[STAMP].dt.date)[TEMPERATURE].agg(["mean", "max", "min"])


def monthly(hours: pd.DataFrame) -> "pd.Series[float]":
    """Mean of each month."""
    return hours.groupby(hours[STAMP].dt.to_period("M"))[TEMPERATURE].mean()


def newest(hours: pd.DataFrame) -> pd.DataFrame:
    """The last two days."""
    return hours.loc[hours[STAMP] >= "2019-12-30", [STAMP, TEMPERATURE]]


ANSWERS: tuple[Callable[[pd.DataFrame], object], ...] = (daily, monthly, newest)


def csv_files(place: Place, times: int) -> list[tuple[float, int]]:
    """Milliseconds and rows of each question, the files read for it."""
    return [_timed(lambda answer=answer: len(answer(frame(place))), times) for answer in ANSWERS]


def kept_frame(place: Place, times: int) -> list[tuple[float, int]]:
    """Milliseconds and rows of each question on a frame that was read before, and grows stale."""
    hours = frame(place)
    return [_timed(lambda answer=answer: len(answer(hours)), times) for answer in ANSWERS]


def _timed(work: Callable[[], int], times: int) -> tuple[float, int]:
    rows, taken = work(), []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return 1000 * sorted(taken)[len(taken) // 2], rows


def compare(place: Place) -> Section:
    """Median milliseconds of each question; the rows must be as many."""
    portal_files(place)
    clean_home(place, 1, YEARS)
    ours, csv, kept = (
        measured(work, place, times).answer for work, times in ((lake, 9), (csv_files, 3), (kept_frame, 9))
    )
    rows = []
    for question, (ms, count), (csv_ms, csv_count), (kept_ms, _) in zip(QUESTIONS, ours, csv, kept, strict=True):
        if count != csv_count:
            raise ValueError(f"{question}: {count} rows here, {csv_count} with pandas")
        rows.append([question, ms, csv_ms, ratio(csv_ms, ms), kept_ms])
    return Section(
        "Dashboard queries",
        f"Station {SEOUL}, {YEARS} years of hours; our values are those that passed quality control.",
        COLUMNS,
        rows,
        notes=["A frame kept in memory answers faster, holds all of it in each process, and knows nothing new."],
    )
