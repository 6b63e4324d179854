"""Every fault of a service through the real graph: what is retried, what stops, and that no row is lost or doubled."""

from collections.abc import Iterator

import pytest
from local_services import KEY
from service_faults import CASES, Case, FaultyWorld, faulty_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyWorld]:
    with faulty_world(tmp_path_factory.mktemp("faults")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_costs_no_row(world: FaultyWorld, case: Case) -> None:
    result = world.meet(case)
    assert (result.lost, result.doubled) == (0, 0)
    assert (result.calls, result.succeeded) == (case.calls, case.outcome == "ok")
    assert case.words in result.message
    assert bool(result.message) == (not result.succeeded)
    assert KEY not in result.message
