"""Lines of JSON in the Dagster home: what a run says, with run, asset and partition."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from weather_assets.automation.days import range_tags
from weather_assets.automation.instance import open_instance

DAYS = dg.DailyPartitionsDefinition(start_date="2021-03-01")


@dg.asset(key=["clean", "asos_hourly"], partitions_def=DAYS, backfill_policy=dg.BackfillPolicy.single_run())
def speaking(context: dg.AssetExecutionContext) -> None:
    """Says something, and what goes wrong."""
    context.log.info("24 rows of Seoul (서울)")
    try:
        int("no number")
    except ValueError:
        context.log.exception("a row was left out")


def lines(home: Path) -> list[dict[str, Any]]:
    text = (home / "dagster" / "logs" / "weather.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("tags", "partition"),
    [
        ({"dagster/partition": "2021-03-02"}, "2021-03-02"),
        (range_tags("2021-03-02", "2021-03-05"), "2021-03-02...2021-03-05"),
    ],
)
def test_a_message_carries_run_asset_and_partition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], partition: str
) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    job = dg.Definitions(assets=[speaking], jobs=[dg.define_asset_job("load", [speaking])]).resolve_job_def("load")
    with open_instance(tmp_path) as instance:
        run_id = job.execute_in_process(instance=instance, tags=tags).run_id
    said = {line["message"]: line for line in lines(tmp_path)}
    line = said["24 rows of Seoul (서울)"]
    assert (line["run_id"], line["job"], line["asset"], line["partition"]) == (
        run_id,
        "load",
        "clean/asos_hourly",
        partition,
    )
    assert line["level"] == "INFO"
    assert line["time"].endswith("+00:00")
    assert "ValueError: invalid literal" in said["a row was left out"]["error"]
