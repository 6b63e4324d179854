"""What is read of the lake to judge a day: a month every hour, the years that steps want when the day is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from fault_readings import quiet_month

from weather_assets.clock import DAY, HOUR
from weather_assets.monitoring.faults import watch
from weather_assets.monitoring.faults.found import ELEMENTS, HISTORY_ELEMENTS
from weather_assets.monitoring.faults.series import StationHours

MONTH = quiet_month(days=31)
DAY_START = datetime(2021, 6, 30, 15, tzinfo=UTC)
"""1 July in Korea, the last day of MONTH."""


@pytest.mark.parametrize(("hours_there", "read"), [(23, [ELEMENTS]), (24, [ELEMENTS, HISTORY_ELEMENTS])])
def test_years_are_read_only_when_the_day_is_over(
    monkeypatch: pytest.MonkeyPatch, hours_there: int, read: list[tuple[str, ...]]
) -> None:
    asked: list[tuple[str, ...]] = []

    def stations(_: object, __: object, ___: object, ____: object, elements: Sequence[str]) -> list[StationHours]:
        asked.append(tuple(elements))
        end = 30 * 24 + hours_there
        return [replace(MONTH, values={name: values[:end] for name, values in MONTH.values.items()})] * (
            len(asked) == 1
        )

    lake = SimpleNamespace(registered=lambda *_: _Nothing(), replace_window=lambda *_: None)
    monkeypatch.setattr(watch, "_read", stations)
    assert watch.keep_faults(lake, [108], DAY_START, DAY_START + DAY).empty
    assert asked == read


def test_a_long_stretch_is_judged_a_year_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    windows: list[tuple[datetime, datetime]] = []

    def nothing(_: object, __: object, start: datetime, end: datetime, ___: object) -> list[StationHours]:
        windows.append((start, end))
        return []

    lake = SimpleNamespace(registered=lambda *_: _Nothing(), replace_window=lambda *_: None)
    monkeypatch.setattr(watch, "_read", nothing)
    end = DAY_START + 800 * DAY
    assert watch.keep_faults(lake, [108], DAY_START, end).empty
    assert [(until - since) // HOUR for since, until in windows] == [396 * 24, 396 * 24, 98 * 24]
    assert windows[-1][1] == end


class _Nothing:
    """A relation of the lake that nobody reads."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None
