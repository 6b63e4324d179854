"""Station and language: chosen on the page, kept in the address, so that it can be shared."""

from collections.abc import Sequence

import streamlit as st

from streamlit_app.words import LANGUAGES, Words
from weather_assets.stations import station

_STATION, _LANGUAGE = "station", "lang"


def choose_language() -> str:
    """The language chosen before, else the one of the address, else the browser's."""
    if _LANGUAGE not in st.session_state:
        asked = st.query_params.get(_LANGUAGE, "")
        st.session_state[_LANGUAGE] = asked if asked in LANGUAGES else _of_browser()
    return str(st.session_state[_LANGUAGE] or _of_browser())


def choose_station(station_ids: Sequence[int], words: Words) -> int:
    """Show what is chosen, station and language, and return the station; the first where none was asked for."""
    if st.session_state.get(_STATION) not in station_ids:
        asked = st.query_params.get(_STATION, "")
        st.session_state[_STATION] = int(asked) if asked in map(str, station_ids) else station_ids[0]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            words("station"),
            station_ids,
            format_func=lambda number: _name(number, words),
            key=_STATION,
            label_visibility="collapsed",
            width=190,
        )
        st.segmented_control(
            words("language"),
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            key=_LANGUAGE,
            label_visibility="collapsed",
            required=True,
        )
    return int(chosen)


def remember(station_id: int, language: str) -> None:
    """Write the choice into the address; the page is its path."""
    wanted = {_STATION: str(station_id), _LANGUAGE: language}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _name(station_id: int, words: Words) -> str:
    place = station(station_id)
    return f"{words.pick(place.name_ko, place.name_en)} · {station_id}"


def _of_browser() -> str:
    return "ko" if (st.context.locale or "").startswith("ko") else "en"
