"""The Dagster pages of `weather up` in a real browser: the layers of the graph, and a run of the command line."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from serving import served

from weather_assets.automation.instance import open_instance
from weather_assets.automation.runs import Runner
from weather_assets.definitions import build_definitions
from weather_assets.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAYERS = ("raw", "clean", "features", "models", "forecast", "monitor")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class DagsterPages:
    """Address of the pages, and the run that a command left behind."""

    address: str
    run_id: str


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterPages]:
    """The pages of a home with two days of readings."""
    settings = Settings(home=tmp_path_factory.mktemp("pages") / "home", source="simulator", stations=(108,))
    with open_instance(settings.home) as instance:
        runner = Runner(build_definitions(settings), instance)
        run_id = runner.days("load_through_clean", date(2024, 1, 1), date(2024, 1, 2))
    with served(settings.home) as it:
        yield DagsterPages(f"http://127.0.0.1:{it.ports.dagster}", run_id)


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of headless Chromium; any error of its scripts fails the test."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "Chromium is not installed (apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


def test_the_graph_shows_every_layer(pages: DagsterPages, page: Page) -> None:
    page.goto(f"{pages.address}/asset-groups")
    for layer in LAYERS:
        expect(page.locator("svg").get_by_text(layer, exact=True).first).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("asset", ["raw/asos_hourly", "clean/asos_hourly", "models/trained", "forecast/hourly"])
def test_an_asset_says_what_it_is_and_from_where(asset: str, pages: DagsterPages, page: Page) -> None:
    page.goto(f"{pages.address}/assets/{asset}")
    expect(page.get_by_text("Description", exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("weather_assets", exact=True).first).to_be_visible()
    expect(page.get_by_text("weather-platform")).to_be_visible()


def test_a_run_of_the_command_line_is_among_the_runs(pages: DagsterPages, page: Page) -> None:
    page.goto(f"{pages.address}/runs")
    expect(page.get_by_text(pages.run_id[:8])).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("load_through_clean").first).to_be_visible()
    expect(page.get_by_text("Success").first).to_be_visible()


def test_the_schedules_stand_under_the_name_of_the_location(pages: DagsterPages, page: Page) -> None:
    page.goto(f"{pages.address}/automation")
    expect(page.get_by_text("hourly_cycle")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("weather_assets", exact=True)).to_be_visible()
