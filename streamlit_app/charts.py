"""The meteogram: readings running into the forecast, its bands, nights shaded, in Korean Standard Time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import altair as alt
import pandas as pd

from streamlit_app.store import records
from streamlit_app.words import Words
from weather_assets.clock import DAY, KST, kst_date
from weather_assets.outlook.daylight import sunrise_and_sunset
from weather_assets.stations import station

COLOURS = {"air_temperature_c": "#d1495b", "relative_humidity_pct": "#2a7fb8"}
GREY, NIGHT, BAR = "#7a8793", "#8a97a5", "#3a8fd0"
HEIGHTS = {"air_temperature_c": 280, "relative_humidity_pct": 190}
RAIN_HEIGHT = 120
_SEOUL = station(108)
_Y_AXIS = alt.Axis(minExtent=32, maxExtent=32)
"""Panels under each other share their left edge."""


@dataclass(frozen=True)
class Curve:
    """What one panel shows of one target; the frames are those of data.py, `yesterday` may be empty."""

    target: str
    unit: str
    forecast: pd.DataFrame
    yesterday: pd.DataFrame
    readings: pd.DataFrame
    issued_at: datetime
    station_id: int

    @property
    def span(self) -> tuple[datetime, datetime]:
        """First and last instant that is shown."""
        times = pd.concat([self.readings["observed_at"], self.forecast["valid_at"]])
        return times.min().to_pydatetime(), times.max().to_pydatetime()


def wall_clock(times: pd.Series) -> list[str]:
    """Instants as KST wall-clock time in the guise of UTC: a chart shows UTC alike wherever its reader is."""
    return [f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in times.dt.tz_convert(KST)]


def panel(curve: Curve, words: Words) -> alt.LayerChart:
    """Bands, median, readings, yesterday's forecast, nights, the time of issue, and extremes written on the curve."""
    colour = COLOURS[curve.target]
    ahead = curve.forecast.assign(time=wall_clock(curve.forecast["valid_at"]))
    ahead["said"] = [f"{row['p50']:.1f} {curve.unit} ({row['p10']:.1f} ~ {row['p90']:.1f})" for row in records(ahead)]
    past = curve.readings.assign(time=wall_clock(curve.readings["observed_at"]))
    before = curve.yesterday.assign(time=wall_clock(curve.yesterday["valid_at"])) if len(curve.yesterday) else ahead[:0]
    x = _time_axis(words)
    y = alt.Y("p50:Q", title=f"{words.element(curve.target)} ({curve.unit})", scale=alt.Scale(zero=False), axis=_Y_AXIS)
    line = alt.Chart(ahead).mark_line(color=colour, strokeWidth=2.5).encode(x=x, y=y, tooltip=_tooltip(words))
    layers = [
        _nights(curve, x),
        _band(ahead, "p10", "p90", colour, 0.22, x),
        _band(ahead, "p25", "p75", colour, 0.38, x),
        alt.Chart(before).mark_line(color=GREY, strokeDash=[2, 4], strokeWidth=2).encode(x=x, y="p50:Q"),
        alt.Chart(past).mark_line(color=GREY, strokeWidth=2.5).encode(x=x, y=f"{curve.target}:Q"),
        line,
        *_extremes(ahead, colour, x),
        _issue_rule(curve.issued_at, x),
    ]
    return alt.LayerChart(layer=layers).properties(height=HEIGHTS[curve.target])


def rain_panel(blocks: pd.DataFrame, span: tuple[datetime, datetime], words: Words) -> alt.LayerChart:
    """Chance of rain of each 3-hour block as bars from 0 to 100 %, over the time of the other panels."""
    begin, end = (pd.Timestamp(edge) for edge in span)
    shown = blocks.assign(
        time=wall_clock(blocks["valid_from"].map(lambda edge: max(edge, begin))),
        until=wall_clock(blocks["valid_to"].map(lambda edge: min(edge, end))),
        chance=100 * blocks["probability"],
        none=0,
    )
    shown["said"] = [f"{chance:.0f} %" for chance in shown["chance"]]
    title, scale = f"{words('rain_short')} (%)", alt.Scale(domain=[0, 100])
    x, y = _time_axis(words), alt.Y("chance:Q", title=title, scale=scale, axis=_Y_AXIS)
    bars = alt.Chart(shown).mark_rect(color=BAR, stroke="white", strokeWidth=0.5)
    edges = alt.Chart(pd.DataFrame({"time": wall_clock(pd.Series([begin, end]))})).mark_point(opacity=0)
    layers = [edges.encode(x=x), bars.encode(x=x, x2="until", y=y, y2="none", tooltip=_tooltip(words))]
    return alt.LayerChart(layer=layers).properties(height=RAIN_HEIGHT)


def picture(panels: Sequence[alt.LayerChart | alt.Chart], title: str) -> bytes:
    """The panels under each other with a title, as PNG on white."""
    import vl_convert

    stacked = alt.vconcat(*(panel.properties(width=860) for panel in panels), title=title)
    stacked = stacked.resolve_scale(x="shared").configure(
        background="white", font="Noto Sans KR, NanumGothic, NanumSquareRound, Malgun Gothic, sans-serif"
    )
    png: bytes = vl_convert.vegalite_to_png(stacked.to_json(), scale=2)
    return png


def _time_axis(words: Words) -> alt.X:
    form = words.pick("%-d일 %H시", "%a %-d %H:%M")
    axis = alt.Axis(format=form, labelOverlap=True, labelFlush=True, tickCount=6)
    return alt.X("time:T", title=None, axis=axis, scale=alt.Scale(type="utc"))


def _tooltip(words: Words) -> alt.Tooltip:
    return alt.Tooltip("said:N", title=words("forecast"))


def _band(ahead: pd.DataFrame, low: str, high: str, colour: str, opacity: float, x: alt.X) -> alt.Chart:
    return alt.Chart(ahead).mark_area(color=colour, opacity=opacity).encode(x=x, y=f"{low}:Q", y2=f"{high}:Q")


def _extremes(ahead: pd.DataFrame, colour: str, x: alt.X) -> list[alt.Chart]:
    """The highest and the lowest hour of each 24 hours, with its value, where the curve turns there."""
    median = ahead["p50"]
    days, around = median.groupby((ahead["lead_hours"] - 1) // 24), median.rolling(3, center=True, min_periods=1)
    highest, lowest = days.idxmax(), days.idxmin()
    written = []
    for rows, turns, offset in ((highest, median >= around.max(), -13), (lowest, median <= around.min(), 15)):
        points = alt.Chart(ahead.loc[[row for row in rows if turns[row]]]).encode(x=x, y="p50:Q")
        words = points.encode(text=alt.Text("p50:Q", format=".0f"))
        written += [
            points.mark_point(filled=True, size=40, color=colour, opacity=1),
            words.mark_text(dy=offset, fontWeight="bold", fontSize=13, stroke="white", strokeWidth=4),
            words.mark_text(dy=offset, fontWeight="bold", fontSize=13, color=colour),
        ]
    return written


def _issue_rule(issued_at: datetime, x: alt.X) -> alt.Chart:
    at = pd.DataFrame({"time": wall_clock(pd.Series([pd.Timestamp(issued_at)]))})
    return alt.Chart(at).mark_rule(color=GREY, strokeDash=[6, 4], strokeWidth=1.5).encode(x=x)


def _nights(curve: Curve, x: alt.X) -> alt.Chart:
    """Sunset to sunrise within the time shown, of the station's place (Seoul's where it is not known)."""
    begin, end = curve.span
    place = station(curve.station_id)
    if place.latitude_deg is None or place.longitude_deg is None:
        place = _SEOUL
    days = [kst_date(begin) + n * DAY for n in range(-1, (kst_date(end) - kst_date(begin)).days + 1)]
    nights = []
    for day in days:
        _, sets = sunrise_and_sunset(day, place.latitude_deg or 0.0, place.longitude_deg or 0.0)
        rises, _ = sunrise_and_sunset(day + DAY, place.latitude_deg or 0.0, place.longitude_deg or 0.0)
        if rises > begin and sets < end:
            nights.append((max(sets, begin), min(rises, end)))
    edges = ("time", "until")
    frame = pd.DataFrame(
        {
            edge: wall_clock(pd.to_datetime(pd.Series([night[n] for night in nights]), utc=True))
            for n, edge in enumerate(edges)
        }
    )
    return alt.Chart(frame).mark_rect(color=NIGHT, opacity=0.13).encode(x=x, x2="until")
