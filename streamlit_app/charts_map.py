"""The map of stations: dots on a rough outline, coloured on a scale that colour-blind readers can tell apart."""

import math

import altair as alt
import pandas as pd

from streamlit_app.outline import JEJU, MAINLAND

SELECTED = "chosen_station"
_MIDDLE_LATITUDE_DEG = 36.0
_HEIGHT = 560


def stations_map(places: pd.DataFrame, title: str, scheme: str) -> alt.LayerChart:
    """Dots of `places` (station_id, name, longitude, latitude, value, said) over the outline; a click selects one."""
    chosen = alt.selection_point(name=SELECTED, fields=["station_id"])
    land = pd.DataFrame(
        [
            {"longitude": x, "latitude": y, "part": part, "order": place}
            for part, line in (("mainland", MAINLAND), ("jeju", JEJU))
            for place, (x, y) in enumerate(line)
        ]
    )
    x = alt.X("longitude:Q", axis=None, scale=alt.Scale(domain=[124.5, 131.1], nice=False))
    y = alt.Y("latitude:Q", axis=None, scale=alt.Scale(domain=[33.0, 38.8], nice=False))
    # A single station must not be a scale without length.
    colours = alt.Scale(scheme=scheme, domain=[places["value"].min() - 0.5, places["value"].max() + 0.5])
    legend = alt.Legend(orient="bottom", format=".1f", tickCount=5)
    outline = (
        alt.Chart(land)
        .mark_line(color="#8a97a5", strokeWidth=1.5, opacity=0.7, interpolate="monotone")
        .encode(x=x, y=y, detail="part:N", order="order:Q")
    )
    dots = (
        alt.Chart(places)
        .mark_circle(size=170, opacity=1, stroke="#5a6772", strokeWidth=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("value:Q", title=title, scale=colours, legend=legend),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("said:N", title=title)],
        )
        .add_params(chosen)
    )
    drawn = alt.LayerChart(layer=[outline, dots]).properties(height=_HEIGHT)
    return drawn.configure_view(stroke=None)


def width_for(height: int = _HEIGHT) -> int:
    """Width at which a degree east is as long as on the ground."""
    return round(height * 6.6 * math.cos(math.radians(_MIDDLE_LATITUDE_DEG)) / 5.8)
