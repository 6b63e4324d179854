"""A home that the app finds, and the app run on it."""

from pathlib import Path

import pytest
import streamlit as st
from shown_app import NEWEST, Run
from streamlit.testing.v1 import AppTest

from weather_assets import clock
from weather_assets.commands.services import APP_FILE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, where nothing is yet, that the app finds; no .env is near, the time is a quarter past the newest hour."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WEATHER_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: NEWEST.replace(minute=15))
    st.cache_data.clear()
    st.cache_resource.clear()
    return folder


@pytest.fixture
def run(home: Path) -> Run:
    """Show a page of the app, with an address of one's own."""

    def show(page: str = "today", **address: str) -> AppTest:
        app = AppTest.from_file(str(APP_FILE), default_timeout=60)
        for name, value in {"page": page, "lang": "en", **address}.items():
            app.query_params[name] = value
        return app.run()

    return show
