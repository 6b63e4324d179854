"""How fast the app is in a browser on a large lake, and whether it stays up while the lake is written to.

Makes (once, in --home) a simulated lake of 12 years of Seoul and one year of 95 stations with forecasts, starts the app
as `weather up` does, and prints a Markdown table: first contentful paint, switching station and language, and reloads
while a process rewrites hours in a loop. Example: python benchmarks/app.py --home /tmp/large
"""

import argparse
import multiprocessing
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from weather_assets import clock
from weather_assets.commands.services import Ports, command, environment, services
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.outlook.inputs import ingredients
from weather_assets.outlook.issue import keep_outlook
from weather_assets.outlook.rows import outlook_rows
from weather_assets.settings import Settings, load_settings
from weather_assets.stations import STATIONS
from weather_assets.tables import CLEAN_ASOS_HOURLY

SEOUL, YEAR_H = 108, 8766
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
STATION_IDS = tuple(dict.fromkeys((SEOUL, *STATIONS)))[:95]
_SHAPE = "10 + 12 * sin(n / 1395.2) + 4 * sin(n / 3.82)"


def large_lake(settings: Settings) -> None:
    """Readings of a smooth year (the app does not care), and the newest forecast and outlook of every station."""
    newest = (clock.now() - clock.PUBLICATION_DELAY).replace(minute=0, second=0, microsecond=0)
    with open_lake(settings, simulated=True) as lake:
        for station_ids, hours in (([SEOUL], 12 * YEAR_H), (STATION_IDS[1:], YEAR_H)):
            lake.connection.execute(
                "INSERT INTO lake.clean.asos_hourly BY NAME SELECT station_id, "
                f"TIMESTAMPTZ '{newest}' - n * INTERVAL 1 HOUR AS observed_at, {_SHAPE} AS air_temperature_c, "
                "60 + 20 * sin(n / 3.82) AS relative_humidity_pct, 2.0 AS wind_speed_ms, 0.0 AS precipitation_mm "
                f"FROM (SELECT unnest({list(station_ids)}::INTEGER[]) AS station_id), range({hours}) AS t(n)"
            )
        for target, middle in (("air_temperature_c", 12.0), ("relative_humidity_pct", 60.0)):
            quantiles = ", ".join(f"{middle} + {level - 50} / 10 AS p{level}" for level in (10, 25, 50, 75, 90))
            lake.connection.execute(
                f"INSERT INTO lake.forecast.hourly BY NAME SELECT '{target}' AS target, station_id, "
                f"TIMESTAMPTZ '{newest}' + INTERVAL 10 MINUTE AS issued_at, "
                f"TIMESTAMPTZ '{newest}' + lead * INTERVAL 1 HOUR AS valid_at, lead AS lead_hours, {quantiles}, "
                f"'1' AS model_version, 'champion' AS role, 'live' AS kind, {middle} AS climatology, "
                f"list_transform(range(1, 20), lambda q: {middle} + (q - 10) / 2) AS quantiles "
                f"FROM (SELECT unnest({list(STATION_IDS)}::INTEGER[]) AS station_id), range(1, 49) AS t(lead)"
            )
        found = ingredients(lake, STATION_IDS, newest, newest + clock.HOUR)
        if found is not None:
            keep_outlook(lake, outlook_rows(found))


def write_forever(settings: Settings) -> None:
    """For a process of its own: rewrite the newest day of every station with other values, again and again."""
    with open_lake(settings) as lake:
        day = clock.kst_midnight(clock.kst_date(clock.now()) - clock.DAY)
        for turn in range(1_000_000):
            _rewrite(lake, day + (turn % 24) * clock.HOUR, turn)


def _rewrite(lake: Lake, hour: object, turn: int) -> None:
    start = clock.parse_instant(str(hour))
    end = start + clock.HOUR
    rows = (
        f"SELECT * REPLACE ({turn % 30} AS air_temperature_c) FROM lake.clean.asos_hourly "
        f"WHERE observed_at >= TIMESTAMPTZ '{start}' AND observed_at < TIMESTAMPTZ '{end}'"
    )
    lake.replace_window(CLEAN_ASOS_HOURLY, rows, STATION_IDS, start, end)


@contextmanager
def served(settings: Settings, port: int) -> Iterator[str]:
    """The app as `weather up` starts it."""
    with TemporaryDirectory() as folder:
        ports = Ports(app=port)
        app = next(service for service in services(settings, ports, Path(folder)) if service.name == "App")
        with subprocess.Popen(
            command(app), env=dict(environment(settings, Path(folder))), start_new_session=True
        ) as process:
            try:
                while not app.is_ready():
                    time.sleep(0.2)
                yield str(app.address)
            finally:
                process.terminate()


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def opened(page: Page, address: str) -> float:
    """Open Today for Seoul in English; returns the first contentful paint in seconds."""
    page.goto(f"{address}/?station={SEOUL}&lang=en")
    expect(page.locator(".w-foot")).to_contain_text("Seoul", timeout=60_000)
    # The entry is written after the frame is on the screen.
    paint = page.wait_for_function("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    return float(paint.json_value()) / 1000


def switch_station(page: Page, name: str) -> float:
    """Choose another station; seconds from the choice until the page shows it."""
    page.get_by_role("combobox").first.fill(name.partition(" ")[0])
    option = page.get_by_role("option", name=name)
    option.wait_for()
    began = time.perf_counter()
    option.click()
    expect(page.locator(".w-foot")).to_contain_text(name.partition(" ")[0], timeout=30_000)
    return time.perf_counter() - began


def switch_language(page: Page, label: str, shown: str) -> float:
    """Choose the other language; seconds until the page shows it."""

    def act() -> None:
        page.get_by_text(label, exact=True).click()
        expect(page.locator(".w-foot")).to_contain_text(shown, timeout=30_000)

    return seconds(act)


def measured(page: Page, address: str, times: int) -> dict[str, list[float]]:
    """Seconds of each act, the first time included."""
    found: dict[str, list[float]] = {"first contentful paint": [], "whole page": [], "station": [], "language": []}
    for _ in range(times):
        found["whole page"].append(seconds(lambda: found["first contentful paint"].append(opened(page, address))))
        found["station"] += [switch_station(page, "Busan · 159"), switch_station(page, "Seoul · 108")]
        found["language"] += [switch_language(page, "한국어", "서울"), switch_language(page, "English", "Seoul")]
    return found


def reloads(page: Page, address: str, settings: Settings, times: int) -> int:
    """How many of so many reloads came out whole while another process wrote."""
    writer = multiprocessing.get_context("spawn").Process(target=write_forever, args=(settings,), daemon=True)
    writer.start()
    whole = 0
    try:
        for _ in range(times):
            opened(page, address)
            whole += page.locator(".w-card").count() > 0 and page.locator("[data-testid=stException]").count() == 0
    finally:
        writer.terminate()
    return whole


def main() -> None:
    """Make the lake if it is not there, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--reloads", type=int, default=200)
    options.add_argument("--port", type=int, default=8599)
    asked = options.parse_args()
    settings = load_settings(home=asked.home.absolute(), source="simulator")
    if not asked.home.exists():
        print(f"made the lake in {seconds(lambda: large_lake(settings)):.0f} s")
    chromium = shutil.which("chromium")
    with served(settings, asked.port) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        print("| act | median s | worst s |\n|---|---|---|")
        for act, found in measured(page, address, asked.times).items():
            print(f"| {act} | {statistics.median(found):.2f} | {max(found):.2f} |")
        began = clock.now()
        whole = reloads(page, address, settings, asked.reloads)
        took = (clock.now() - began) / timedelta(seconds=1)
        print(f"\n{whole} of {asked.reloads} reloads whole while a process wrote, in {took:.0f} s")
        browser.close()


if __name__ == "__main__":
    main()
