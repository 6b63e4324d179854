"""The app: who reads what in which language, the frame around every page, and what is told where no page can be shown.

`streamlit run streamlit_app/app.py`, or `weather up`.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from streamlit_app import cards, data, trouble
from streamlit_app.choice import choose_language, choose_station, remember
from streamlit_app.screens import data_and_drift, forecast, operations, plants, stations_map, today, trust
from streamlit_app.store import Version, forget, newest_version
from streamlit_app.view import View
from streamlit_app.words import Words
from weather_assets import clock
from weather_assets.errors import WeatherError

PAGES = {
    "today": (today.show, ":material/wb_sunny:"),
    "forecast": (forecast.show, ":material/show_chart:"),
    "plants": (plants.show, ":material/potted_plant:"),
    "map": (stations_map.show, ":material/map:"),
    "trust": (trust.show, ":material/fact_check:"),
    "data": (data_and_drift.show, ":material/database:"),
    "operations": (operations.show, ":material/settings:"),
}


def main() -> None:
    """Show the page that the address names, or what keeps it from being shown."""
    language = choose_language()
    words = Words(language)
    st.set_page_config(page_title=words("title"), page_icon="🌤️", layout="centered")
    st.html(Path(__file__).with_name("style.css"))
    try:
        version = newest_version()
        known = data.stations(version)
    except WeatherError as error:
        _unreadable(str(error), words)
        return
    if known.empty:
        trouble.no_readings(words)
        return
    _pages(version, known, words)


def _pages(version: Version, known: pd.DataFrame, words: Words) -> None:
    chosen: dict[str, View] = {}
    pages = {
        name: st.Page(
            _runner(show, chosen), title=words(name), icon=icon, url_path=name, default=name == next(iter(PAGES))
        )
        for name, (show, icon) in PAGES.items()
    }
    page = st.navigation(list(pages.values()), position="top")
    wanted = st.query_params.get("page")
    station_id = choose_station(known["station_id"].tolist(), words)
    remember(station_id, words.language)
    if wanted in pages and pages[wanted] is not page:
        st.switch_page(pages[wanted], query_params={"station": str(station_id), "lang": words.language})
    newest_at = known.loc[known["station_id"] == station_id, "newest_at"].iloc[0].to_pydatetime()
    simulated = data.is_simulated(version)
    view = View(
        station_id=station_id,
        station_ids=tuple(known["station_id"]),
        version=version,
        is_simulated=simulated,
        newest_at=newest_at,
        now=clock.now(),
        words=words,
    )
    chosen["view"] = view
    _head(view, page.title)
    page.run()
    _foot(view)


def _runner(show: Callable[[View], None], chosen: dict[str, View]) -> Callable[[], None]:
    """The page as Streamlit calls it; whatever the lake refuses is told in words."""

    def run() -> None:
        try:
            show(chosen["view"])
        except WeatherError as error:
            _unreadable(str(error), chosen["view"].words)

    return run


def _unreadable(reason: str, words: Words) -> None:
    forget()
    trouble.cannot_read(reason, words)


def _head(view: View, title: str) -> None:
    cards.heading(f"{title} - {view.place}")
    if view.is_simulated:
        cards.notice(
            view.words.pick(
                "모의 자료입니다. 실제 날씨가 아닙니다.", "These readings are simulated. This is not the weather."
            )
        )
    if view.is_stale:
        trouble.stale(view)


def _foot(view: View) -> None:
    if view.is_simulated:
        origin = view.words.pick("관측값: 이 프로그램의 모의 생성기.", "Readings: this program's simulator.")
    else:
        origin = view.words.pick(
            "관측값: 기상청(KMA) 종관기상관측, 미세먼지는 기상청·한국환경공단.",
            "Readings: Korea Meteorological Administration (KMA); dust by KMA and the Korea Environment Corporation.",
        )
    zone = view.words.pick("모든 시각은 한국 표준시(KST).", "All times are Korean Standard Time (KST).")
    own = view.words.pick(
        "예보는 이 프로그램이 낸 것이며 기상청의 공식 예보가 아닙니다.",
        "The forecasts are this program's own, not official ones of the KMA.",
    )
    cards.show(
        f'<footer class="w-foot">{cards.small(f"{view.place} ({view.station_id}) · {origin} {own} {zone}")}</footer>'
    )


main()
