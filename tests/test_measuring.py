"""The arithmetic of the benchmark report: medians, ratios, slopes, and the Markdown and JSON made of them."""

import json
import math
from time import sleep

import pytest

from benchmarks.measuring import Run, Section, Side, interleaved, meanwhile, measured, ratio, shown, side_rows, slope


def side(name: str, *seconds: float) -> Side:
    return Side(name, [Run(one, 2 * one, 100 + one) for one in seconds])


def test_a_side_is_the_median_of_its_runs_and_its_largest_memory() -> None:
    one = side("ours", 3.0, 1.0, 2.0)
    assert (one.seconds, one.cpu_seconds, one.peak_mib) == (2.0, 4.0, 103.0)


def test_ratios_are_against_the_first_side() -> None:
    rows = side_rows([side("ours", 2.0), side("pandas", 11.0)])
    assert rows[0] == ["ours", 2.0, 4.0, 102, 1.0, 1.0]
    assert rows[1] == ["pandas", 11.0, 22.0, 111, 5.5, 5.5]
    assert math.isinf(ratio(1.0, 0.0))


@pytest.mark.parametrize("power", [0.5, 1.0, 1.15])
def test_the_slope_is_the_power_of_the_growth(power: float) -> None:
    sizes = [1e4, 1e5, 1e6]
    assert slope(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_one_size_has_no_slope() -> None:
    with pytest.raises(ValueError, match="two different sizes"):
        slope([10, 10], [1, 2])


def test_a_section_is_a_table_and_the_same_as_json() -> None:
    section = Section("Import", "What.", ("side", "rows", "seconds"), [["ours", 105191, 1.23456]], notes=["Mind this."])
    lines = section.markdown().splitlines()
    assert lines[0] == "## Import"
    assert "| side | rows | seconds |" in lines
    assert "| ours | 105,191 | 1.23 |" in lines
    assert lines[-1] == "Mind this."
    assert json.loads(json.dumps(section.as_json()))["rows"] == [["ours", 105191, 1.23456]]


def test_figures_have_three_digits_or_all_of_their_thousands() -> None:
    assert [shown(value) for value in (0.01234, 12.345, 1234.5, 8322000, "x")] == [
        "0.0123",
        "12.3",
        "1,234",
        "8,322,000",
        "x",
    ]


def test_a_run_is_timed_in_a_process_of_its_own() -> None:
    run = measured(math.factorial, 5)
    assert run.answer == 120
    assert run.seconds >= 0
    assert run.peak_mib > 1


def test_sides_run_in_turn() -> None:
    sides = interleaved({"ours": (math.sqrt, 4.0), "other": (math.sqrt, 9.0)}, rounds=2)
    assert [one.name for one in sides] == ["ours", "other"]
    assert [[run.answer for run in one.runs] for one in sides] == [[2.0, 2.0], [3.0, 3.0]]


def test_work_goes_on_until_the_block_ends() -> None:
    done: list[None] = []
    with meanwhile(lambda: done.append(None), 0.001):
        while len(done) < 3:
            sleep(0.001)
    count = len(done)
    sleep(0.05)
    assert len(done) == count


def test_what_fails_meanwhile_is_told() -> None:
    def fail() -> None:
        raise ConnectionError("nobody there")

    with pytest.raises(ConnectionError, match="nobody there"), meanwhile(fail):
        sleep(0.01)
