"""Map of stations: what it is like elsewhere."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from streamlit_app import cards, data
from streamlit_app.charts_map import SELECTED, stations_map, width_for
from streamlit_app.store import records
from streamlit_app.view import View
from weather_assets.stations import station

# Value, unit, colour scale (all of them told apart by colour-blind readers).
_SHOWN = {
    "air_temperature_c": ("°C", "blueorange"),
    "relative_humidity_pct": ("%", "blues"),
    "wind_speed_ms": ("m/s", "viridis"),
    "comfort_score": ("/ 100", "viridis"),
}


def show(view: View) -> None:
    """The whole page."""
    words = view.words
    st.subheader(words("map_question"))
    rows = data.newest_everywhere(view.version, view.newest_at)
    comfort = data.outlook_everywhere(view.version, view.newest_at)
    if len(comfort):
        rows = rows.merge(comfort[["station_id", "comfort_score"]], how="left", on="station_id")
    there = [name for name in _SHOWN if name in rows]
    label = {name: words("comfort") if name == "comfort_score" else words.element(name) for name in there}
    name = str(
        st.pills(words("show"), there, format_func=label.__getitem__, default=there[0], key="map_value") or there[0]
    )
    unit, scheme = _SHOWN[name]
    places = _places(rows, name, unit, view)
    placed = places.dropna(subset=["longitude", "value"])
    if len(placed):
        drawn = stations_map(placed, f"{label[name]} ({unit})", scheme)
        said = f"{words('map_question')} {label[name]}"
        st.altair_chart(drawn, width=width_for(), key="map", on_select=_select, alt=said)
    cards.show(
        cards.small(words("choose_station") + " " + f"{words('observed')} {view.moment(rows['observed_at'].max())}")
    )
    with st.expander(words("table")):
        cards.table(
            [words("station"), label[name], words("observed")],
            ([row["name"], row["said"], view.moment(row["observed_at"])] for row in records(places)),
        )


def _places(rows: pd.DataFrame, name: str, unit: str, view: View) -> pd.DataFrame:
    """The rows with names and places; `value` is what is shown and `said` the same in words."""
    found = [station(number) for number in rows["station_id"]]
    return rows.assign(
        name=[f"{view.words.pick(place.name_ko, place.name_en)} · {place.station_id}" for place in found],
        longitude=np.array([place.longitude_deg for place in found], dtype=np.float64),
        latitude=np.array([place.latitude_deg for place in found], dtype=np.float64),
        value=rows[name],
        said=["-" if pd.isna(value) else f"{value:.1f} {unit}" for value in rows[name]],
    )


def _select() -> None:
    """Make the station of a clicked dot the chosen one."""
    state: Any = st.session_state["map"]
    picked = state["selection"].get(SELECTED, [])
    if picked:
        st.session_state["station"] = int(picked[0]["station_id"])
