"""The count of calls holds across threads, processes and days."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from weather_assets.clock import KST
from weather_assets.errors import WeatherError
from weather_assets.settings import Settings
from weather_assets.sources.call_budget import CallBudget, shared_budget
from weather_assets.sources.call_budget_postgres import PostgresCallBudget

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


def test_machines_without_a_common_file_share_the_count_in_the_catalogues_database(tmp_path, postgres_url) -> None:
    """Each process has a home of its own, as a pod has; the table is made by whoever comes first."""
    program = (
        "import sys; from pathlib import Path; from weather_assets.settings import Settings\n"
        "from weather_assets.sources.call_budget import shared_budget\n"
        "budget = shared_budget(Settings(_env_file=None, home=Path(sys.argv[1]), lake_catalog=sys.argv[2]))\n"
        "print(sum(budget.take('data_go_kr', 30) for _ in range(20)))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / name), postgres_url], stdout=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    assert sum(int(process.communicate()[0]) for process in running) == 30
    budget = shared_budget(Settings(_env_file=None, home=tmp_path, lake_catalog=postgres_url))
    assert budget.spent("data_go_kr") == 30
    assert budget.take("data_go_kr", 31)
    assert not budget.take("airkorea", 0)
    assert not list(tmp_path.rglob("calls.sqlite"))


def test_the_count_in_a_database_starts_again_at_midnight_too(postgres_url) -> None:
    midnight = datetime(2024, 5, 2, tzinfo=KST)
    before = PostgresCallBudget(postgres_url, now=lambda: midnight - timedelta(seconds=1))
    after = PostgresCallBudget(postgres_url, now=lambda: midnight)
    assert before.spent("data_go_kr") == 0
    assert [before.take("data_go_kr", 1), before.take("data_go_kr", 1), after.take("data_go_kr", 1)] == [1, 0, 1]


@pytest.mark.parametrize("password", ["hush", "hush%zz"])
def test_a_database_that_is_away_asks_nobody_and_names_no_password(password: str) -> None:
    # As the lake reads it: the second is no valid escape, which the driver would tell with the password.
    away = PostgresCallBudget(f"postgresql://weather:{password}@127.0.0.1:9/catalog")
    for ask in (lambda: away.take("data_go_kr", 1), lambda: away.spent("data_go_kr")):
        with pytest.raises(WeatherError, match="cannot be reached") as raised:
            ask()
        assert "hush" not in str(raised.value)
    assert "hush" not in repr(away)
