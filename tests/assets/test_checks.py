"""The factory of asset checks: what it makes of a contract, and that a broken table stops what is made of it."""

from pathlib import Path

import dagster as dg
import pytest

from weather_assets.assets.checks import all_checks, table_checks
from weather_assets.assets.describe import asset_key
from weather_assets.assets.resources import LakeStore, Readings
from weather_assets.automation.partitions import DAYS
from weather_assets.definitions import ASSETS
from weather_assets.settings import Settings
from weather_assets.tables import CLEAN_ASOS_HOURLY, CONTRACTS


@dg.asset(key=asset_key(CLEAN_ASOS_HOURLY), partitions_def=DAYS)
def written() -> None:
    """Stands for the clean table's asset; the rows are there already."""


@dg.asset(deps=[written], partitions_def=DAYS)
def made_of_it() -> None:
    """Stands for what would be poisoned."""


def run(folder: Path, *hours: str) -> dg.ExecuteInProcessResult:
    """A run of 2021-03-05 on a lake whose clean table holds these hours of it."""
    settings = Settings(_env_file=None, home=folder, source="data_go_kr")
    store = LakeStore(settings)
    with store.writer() as lake:
        for hour in hours:
            lake.query(f"INSERT INTO lake.clean.asos_hourly (station_id, observed_at) VALUES (108, '{hour}:00+09')")
    result = dg.materialize(
        [written, made_of_it, table_checks(written, CLEAN_ASOS_HOURLY)],
        instance=dg.DagsterInstance.ephemeral(),
        partition_key="2021-03-05",
        resources={"lake": store, "readings": Readings(settings)},
        raise_on_error=False,
    )
    store.close()
    return result


def passed(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {one.check_name: one.passed for one in result.get_asset_check_evaluations()}


def test_a_gap_of_an_old_day_warns_and_goes_on(tmp_path: Path) -> None:
    result = run(tmp_path, "2021-03-05 01:00", "2021-03-05 02:00")
    assert passed(result) == {"schema": True, "unique_keys": True, "ranges": True, "completeness": False}
    assert result.success
    assert result.asset_materializations_for_node("made_of_it")


def test_a_doubled_key_stops_what_is_made_of_the_table(tmp_path: Path) -> None:
    result = run(tmp_path, "2021-03-05 01:00", "2021-03-05 01:00")
    assert passed(result)["unique_keys"] is False
    assert not result.success
    assert not result.asset_materializations_for_node("made_of_it")


def test_only_the_days_of_the_run_are_looked_at(tmp_path: Path) -> None:
    result = run(tmp_path, "2021-03-04 23:00", "2021-03-04 23:00", "2021-03-05 01:00")
    assert passed(result)["unique_keys"] is True


def test_every_asset_with_a_table_has_checks_of_its_own() -> None:
    checked = {key.asset_key for checks in all_checks(ASSETS, CONTRACTS) for key in checks.check_keys}
    tables = {asset_key(table) for table in CONTRACTS}
    assert checked == {asset.key for asset in ASSETS} & tables


@pytest.mark.parametrize("blocking", [True, False])
def test_what_blocks(blocking: bool) -> None:
    names = {spec.name for spec in table_checks(written, CLEAN_ASOS_HOURLY).check_specs if spec.blocking is blocking}
    assert names == ({"schema", "unique_keys", "ranges"} if blocking else {"completeness"})
