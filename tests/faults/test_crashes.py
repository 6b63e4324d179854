"""A few crash trials of each kind on both stacks; benchmarks/crashes.py has hundreds."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from crash_patient import Outcome
from crash_stacks import Stack, folder_stack, server_stack, small_disk
from crash_trials import Field
from services import PostgresServer, S3Server, run_s3

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crashes")]

TRIALS = 2
DISK_MB = 12
Trial = Callable[[Field], Outcome]
KILLS = [Field.kill, Field.kill_one_of_two, Field.kill_maintenance, Field.kill_while_making]
FAULTS_OF_SERVERS = [Field.cut_s3, Field.refuse_s3, Field.restart_postgres]


@pytest.fixture(scope="module")
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, opened: ExitStack) -> Field:
    """A lake in a folder, which meets one fault after the other."""
    return field_on(folder_stack(tmp_path_factory.mktemp("lakes")), tmp_path_factory, opened)


@pytest.fixture(scope="module")
def servers(
    postgres_server: PostgresServer, s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory, opened: ExitStack
) -> Field:
    """A lake on servers, likewise."""
    stack = opened.enter_context(server_stack(postgres_server, s3_server))
    return field_on(stack, tmp_path_factory, opened)


def field_on(stack: Stack, folders: pytest.TempPathFactory, opened: ExitStack) -> Field:
    field = Field(stack, folders.mktemp("diaries"), random.Random(5))  # noqa: S311  # moments, not secrets
    opened.callback(field.close)
    return field


def assert_survives(field: Field, trial: Trial) -> None:
    """Nothing is lost, doubled or half written, every error has words, the next run heals, no orphan stays."""
    for _ in range(TRIALS):
        outcome = trial(field)
        assert outcome.found is not None, outcome.words
        assert outcome.found.is_whole
        assert outcome.words == ""
        assert outcome.healed
    assert field.tidy()[1] == 0


def name(trial: Trial) -> str:
    return trial.__name__


@pytest.mark.parametrize("trial", KILLS, ids=name)
def test_kills_on_a_folder(local: Field, trial: Trial) -> None:
    assert_survives(local, trial)


@pytest.mark.parametrize("trial", [*KILLS, *FAULTS_OF_SERVERS], ids=name)
def test_kills_and_faults_on_servers(servers: Field, trial: Trial) -> None:
    assert_survives(servers, trial)


@pytest.mark.parametrize("place", ["folder", "s3"])
def test_a_full_disk(
    place: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    with ExitStack() as opened:
        disk = opened.enter_context(small_disk(tmp_path / "disk", DISK_MB))
        if disk is None:
            pytest.skip("only root may mount a small disk to fill")
        if place == "folder":
            stack = folder_stack(disk)
        else:
            postgres = request.getfixturevalue("postgres_server")
            s3 = opened.enter_context(run_s3(disk / "s3"))
            stack = opened.enter_context(server_stack(postgres, s3))
        assert_survives(field_on(stack, tmp_path_factory, opened), Field.fill_disk)
