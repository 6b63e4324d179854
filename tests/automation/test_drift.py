"""The weekly look for drift: when it is asked for, and what the asset keeps."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_world import DAY, World, at

from weather_assets.clock import KST
from weather_assets.elements import Flag
from weather_assets.tables import CLEAN_ASOS_HOURLY

MONDAY = date(2021, 3, 8)


def have_five_years(world: World, wind_of_the_last_months: float) -> None:
    """Clean hours of temperature and wind up to 20 March 2021, noise without a season; the wind changes in October."""
    hours = pd.date_range(end=at(20), periods=5 * 366 * 24, freq="h", tz=KST)
    random = np.random.default_rng(2)
    wind = np.where(hours >= pd.Timestamp("2020-09-01", tz=KST), wind_of_the_last_months, 3.0)
    table = pd.DataFrame({"station_id": 108, "observed_at": hours})
    day_noise = {name: random.standard_normal(len(hours) // 24).repeat(24) for name in ("t", "w")}
    table["air_temperature_c"], table["wind_speed_ms"] = 10 + day_noise["t"], wind + day_noise["w"]
    for name in ("air_temperature_c", "wind_speed_ms"):
        table[f"{name}_flag"] = str(Flag.OK)
    columns = ", ".join(name if name in table else f"NULL AS {name}" for name in CLEAN_ASOS_HOURLY.column_names)
    with world.store.writer() as lake:
        lake.connection.register("five_years", table)
        lake.append(CLEAN_ASOS_HOURLY, f"SELECT {columns} FROM five_years")
        lake.connection.unregister("five_years")


def test_every_monday_the_week_that_ended_is_asked_for(world: World) -> None:
    world.now = at(15, 5, 30)  # a Monday
    assert world.schedule("drift_report") == "there is no lake yet: load readings with weather backfill"
    world.run_days("load_raw", 14, 14)
    world.now = at(15, 5, 30)
    (request,) = world.schedule("drift_report")
    assert request.partition_key == "2021-03-08"
    world.now += 8 * DAY
    assert "was missed and a later one does its work" in world.schedule("drift_report", at(15, 5, 30))


@pytest.mark.slow
@pytest.mark.parametrize(("wind", "drifted"), [(3.0, False), (5.0, True)])
def test_the_week_is_judged_kept_and_reported(world: World, wind: float, drifted: bool) -> None:
    have_five_years(world, wind)
    result = world.repository.get_job("drift").execute_in_process(
        instance=world.instance,
        partition_key=str(MONDAY),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    rows = world.rows("SELECT week, element, drifted, report_uri FROM lake.monitor.drift ORDER BY element")
    assert [row[:3] for row in rows] == [
        (MONDAY, "air_temperature_c", False),
        (MONDAY, "wind_speed_ms", drifted),
    ]
    report = Path(rows[0][3])
    assert report == world.settings.home.absolute() / "data" / "monitoring" / "drift" / "108" / "2021-03-08.html"
    assert b"wind_speed_ms" in report.read_bytes()
    (event,) = result.get_asset_materialization_events()
    metadata = event.materialization.metadata
    assert metadata["drifted"].value == int(drifted)
    assert metadata["report"].value == str(report)
    assert ("**drifted**" in metadata["scores"].value) is drifted


def test_a_short_lake_is_not_judged(world: World) -> None:
    world.run_days("load_through_clean", 8, 14)
    world.repository.get_job("drift").execute_in_process(instance=world.instance, partition_key=str(MONDAY))
    assert world.rows("FROM lake.monitor.drift") == []
