"""The app in a real browser: what it shows is the lake's, in both languages, on a desk and on a phone."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from services import free_port
from serving import wait_for
from shown_app import lake_of
from shown_lake import put_days, put_forecast, put_outlook, put_rain, put_readings, put_scores

from weather_assets import clock
from weather_assets.commands.services import Ports, command, environment, services
from weather_assets.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("today", "forecast", "plants", "map", "trust", "data", "operations")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PATIENCE_MS = 60_000
# A page that is opened by its path first asks there for the server, and is told 404, before it asks at the root.
STREAMLITS_OWN = "Failed to load resource: the server responded with a status of 404"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as `weather up` starts it, on a lake with readings up to this hour."""
    home = tmp_path_factory.mktemp("app") / "home"
    newest = (clock.now() - timedelta(minutes=15)).replace(minute=0, second=0, microsecond=0)
    with lake_of(home) as lake:
        for station_id in (108, 159):
            put_readings(lake, station_id, newest)
            put_forecast(lake, station_id, newest, spread=10.0)
            put_rain(lake, station_id, newest, 0.5)
            put_days(lake, station_id, newest)
            put_outlook(lake, station_id, newest)
            put_scores(lake, station_id, newest, error=1.0, rival=3.0)
    settings = Settings(_env_file=None, home=home)
    ports = Ports(free_port(), free_port(), free_port())
    app = next(service for service in services(settings, ports, home) if service.name == "App")
    variables = environment(settings, home)
    with subprocess.Popen(command(app), env=dict(variables), cwd=home.parent, start_new_session=True) as process:
        try:
            assert wait_for(app.is_ready, 120)
            yield f"http://127.0.0.1:{ports.app}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "Chromium is not installed (apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        yield browser


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of each size; what its console or scripts complain of fails the test."""
    width, height = SIZES[request.param]
    page = browser.new_page(viewport={"width": width, "height": height}, accept_downloads=True)
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert [words for words in complaints if not words.startswith(STREAMLITS_OWN)] == []


def open_page(page: Page, address: str, name: str, language: str, station_id: int = 108) -> None:
    """Open a shared address and wait until it is drawn to its foot."""
    page.goto(f"{address}/?{urlencode({'page': name, 'lang': language, 'station': station_id})}")
    expect(page.locator(".w-foot")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=PATIENCE_MS)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_drawn_without_sideways_scroll(language: str, address: str, page: Page) -> None:
    for name in PAGES:
        open_page(page, address, name, language)
        expect(
            page.get_by_text("모의 자료입니다" if language == "ko" else "These readings are simulated")
        ).to_be_visible()
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("it => it.scrollWidth - it.clientWidth") == 0
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_numbers_are_the_lakes_and_the_first_card_is_above_the_fold(address: str, page: Page) -> None:
    open_page(page, address, "today", "en")
    card = page.locator(".w-card").first
    expect(card).to_contain_text("Chance of rain 50 %")
    expect(card).to_contain_text("8 times in 10 between")
    assert (card.bounding_box() or {})["y"] < 400
    open_page(page, address, "forecast", "en")
    expect(page.get_by_text("Highest 14 °C · 8 times in 10 between 10 and 18 °C").first).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")).to_have_count(3)


def test_station_and_language_are_switched_and_shared(address: str, page: Page) -> None:
    open_page(page, address, "today", "en")
    page.get_by_text("한국어", exact=True).click()
    expect(page.get_by_text("출퇴근길은 어떨까?")).to_be_visible()
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="부산 · 159").click()
    expect(page.locator(".w-foot")).to_contain_text("부산 (159)")
    page.wait_for_url("**station=159*")
    assert "lang=ko" in page.url


def test_table_and_picture_can_be_taken_away(address: str, page: Page, tmp_path: Path) -> None:
    open_page(page, address, "forecast", "en")
    saved = {}
    for label, ending in (("Table (CSV)", "csv"), ("Picture (PNG)", "png")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        saved[ending] = tmp_path / f"forecast.{ending}"
        download.value.save_as(saved[ending])
    lines = saved["csv"].read_text().splitlines()
    assert len(lines) == 1 + 2 * 48
    assert all(line.endswith("simulated") for line in lines[1:])
    assert saved["png"].read_bytes().startswith(b"\x89PNG")
