"""The kept connection: one answer for many callers, and what becomes of it when the lake is replaced or slow."""

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from forecast_lake import NEWEST, fill, issue
from prometheus_client.core import GaugeMetricFamily

from weather_assets.api.lake_reader import LONGEST_WAIT_S, LakeReader
from weather_assets.api.models import Models
from weather_assets.api.platform_metrics import Platform
from weather_assets.api.problems import Problem
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.monitoring.metrics import LAKE_GAUGES, LakeQuery, query_families


def rows(lake: Lake) -> bytes:
    return str(lake.query("SELECT count(*) FROM lake.forecast.hourly").fetchone()).encode()


class Clock:
    """Time that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(filled, clock):
    reader = LakeReader(filled, clock)
    yield reader
    reader.close()


def counted(make: Callable[[Lake], bytes]) -> tuple[Callable[[Lake], bytes], list[int]]:
    calls: list[int] = []

    def counting(lake: Lake) -> bytes:
        calls.append(1)
        return make(lake)

    return counting, calls


def test_many_callers_cost_one_query(reader):
    make, calls = counted(rows)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: reader.answer("rows", make), range(200)))
    assert {answer.body for answer in answers} == {b"(192,)"}
    assert len(calls) == 1
    assert reader.openings == 1


def test_a_new_snapshot_is_seen_within_a_second(reader, filled, clock):
    before = reader.answer("rows", rows)
    with open_lake(filled) as lake:
        issue(lake, NEWEST.replace(hour=4))
    assert reader.answer("rows", rows) == before
    clock.now = 1.0
    after = reader.answer("rows", rows)
    assert after.body == b"(384,)"
    assert after.etag != before.etag


def test_while_an_answer_is_made_the_one_before_is_given(reader, filled, clock):
    before = reader.answer("rows", rows)
    with open_lake(filled) as lake:
        issue(lake, NEWEST.replace(hour=4))
    clock.now = 1.0
    at_work, done = threading.Event(), threading.Event()

    def slow(lake: Lake) -> bytes:
        at_work.set()
        assert done.wait(10)
        return rows(lake)

    with ThreadPoolExecutor(1) as pool:
        after = pool.submit(reader.answer, "rows", slow)
        assert at_work.wait(10)
        assert reader.answer("rows", rows) == before
        done.set()
        assert after.result().body == b"(384,)"


def test_who_waits_too_long_is_told_to_come_back(reader, monkeypatch):
    monkeypatch.setattr("weather_assets.api.lake_reader.LONGEST_WAIT_S", 0.05)
    reader.answer("rows", rows)
    at_work, done = threading.Event(), threading.Event()

    def slow(_: Lake) -> bytes:
        at_work.set()
        assert done.wait(10)
        return b""

    with ThreadPoolExecutor(1) as pool:
        pool.submit(reader.answer, "slow", slow)
        assert at_work.wait(10)
        with pytest.raises(Problem) as caught:
            reader.answer("other", rows)
        done.set()
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "5"})
    assert LONGEST_WAIT_S <= 3


def test_a_lake_that_is_replaced_is_opened_anew(reader, filled, tmp_path: Path, clock):
    reader.answer("rows", rows)
    other = filled.model_copy(update={"home": tmp_path / "other"})
    fill(other, NEWEST, stations=(90,))
    shutil.rmtree(filled.home)
    shutil.copytree(other.home, filled.home)
    clock.now = 1.0
    assert reader.answer("rows", rows).body == b"(96,)"
    assert reader.openings == 2


def test_a_lake_that_goes_while_it_is_looked_at_is_away(reader, filled, monkeypatch):
    monkeypatch.setattr("weather_assets.lake.location.LakeLocation.exists", lambda _: True)
    (filled.home / "catalog.sqlite").unlink()
    with pytest.raises(Problem, match="cannot be read now"):
        reader.read(rows)


def test_requests_get_their_turn_between_the_queries_of_a_scrape(reader, filled, monkeypatch):
    """A query of a scrape takes 0.2 s here, all of them more than a second; a request waits for one or two."""
    monkeypatch.setattr("weather_assets.api.platform_metrics.query_families", slowed)
    platform = Platform(filled, reader, Models(filled))
    with ThreadPoolExecutor(1) as pool:
        scraped = pool.submit(lambda: list(platform.collect()))
        waited = []
        while not scraped.done():
            begun = time.perf_counter()
            reader.read(rows)
            waited.append(time.perf_counter() - begun)
            time.sleep(0.01)
    assert len(waited) >= 5
    assert max(waited) < 1.0
    assert {family.name for family in scraped.result()} >= {gauge.name for gauge in LAKE_GAUGES}


def slowed(lake: Lake, query: LakeQuery, station_ids: Sequence[int]) -> list[GaugeMetricFamily]:
    time.sleep(0.2)
    return query_families(lake, query, station_ids)
