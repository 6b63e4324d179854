"""The count of calls holds across threads, processes and days."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from weather_assets.clock import KST
from weather_assets.sources.call_budget import CallBudget

NOON = datetime(2024, 5, 1, 12, tzinfo=KST)


def test_calls_are_granted_up_to_the_limit(tmp_path: Path) -> None:
    budget = CallBudget(tmp_path / "new" / "calls.sqlite", now=lambda: NOON)
    assert budget.spent("data_go_kr") == 0
    assert [budget.take("data_go_kr", 2) for _ in range(4)] == [True, True, False, False]
    assert budget.spent("data_go_kr") == 2
    assert budget.take("data_go_kr", 3), "a raised limit counts at once"


def test_providers_are_counted_apart(tmp_path: Path) -> None:
    budget = CallBudget(tmp_path / "calls.sqlite", now=lambda: NOON)
    assert budget.take("data_go_kr", 1)
    assert budget.take("kma_api_hub", 1)
    assert not budget.take("data_go_kr", 1)


def test_a_limit_of_zero_grants_nothing(tmp_path: Path) -> None:
    assert not CallBudget(tmp_path / "calls.sqlite", now=lambda: NOON).take("data_go_kr", 0)


def test_the_count_starts_again_at_midnight_in_korea(tmp_path: Path) -> None:
    path, midnight = tmp_path / "calls.sqlite", datetime(2024, 5, 2, tzinfo=KST)
    before = CallBudget(path, now=lambda: midnight - timedelta(seconds=1))
    after = CallBudget(path, now=lambda: midnight)
    assert before.take("data_go_kr", 1)
    assert not before.take("data_go_kr", 1)
    assert after.take("data_go_kr", 1)
    assert before.spent("data_go_kr") == 1


def test_threads_never_share_the_last_call(tmp_path: Path) -> None:
    budget = CallBudget(tmp_path / "calls.sqlite", now=lambda: NOON)
    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(lambda _: budget.take("data_go_kr", 25), range(60)))
    assert granted == 25
    assert budget.spent("data_go_kr") == 25


def test_processes_share_one_count(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    program = (
        "import sys; from pathlib import Path; from weather_assets.sources.call_budget import CallBudget\n"
        "budget = CallBudget(Path(sys.argv[1]))\n"
        "print(sum(budget.take('data_go_kr', 30) for _ in range(20)))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert sum(int(process.communicate()[0]) for process in running) == 30
