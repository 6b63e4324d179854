"""Forecast: the meteogram of two days with bands, the days after, dust and rain; to look at and to take away."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from streamlit_app import cards, data, trouble
from streamlit_app.charts import BAR, COLOURS, GREY, NIGHT, Curve, panel, picture, rain_panel
from streamlit_app.store import Row, records
from streamlit_app.view import View, whole
from weather_assets.clock import DAY, HOUR
from weather_assets.outlook.air import pm10_grade
from weather_assets.stations import station

UNITS = {"air_temperature_c": "°C", "relative_humidity_pct": "%"}
_PAST = DAY
_TEMPERATURES = ("min_temperature_c", "mean_temperature_c", "max_temperature_c")


def show(view: View) -> None:
    """The whole page."""
    st.subheader(view.words("two_days_question"))
    rows = data.forecast(view.version, view.station_id, view.newest_at + HOUR)
    if rows.empty:
        trouble.no_forecast(view)
    else:
        _meteogram(rows, view)
    _days(view)


def _meteogram(rows: pd.DataFrame, view: View) -> None:
    for target in UNITS:
        mine = rows[rows["target"] == target]
        if len(mine):
            cards.show(cards.line(in_words(mine, target, view)))
    blocks = data.rain(view.version, view.station_id, view.newest_at + HOUR)
    curves = _curves(rows, view)
    panels: list[alt.LayerChart | alt.Chart] = [panel(curve, view.words) for curve in curves]
    if len(blocks):
        panels.append(rain_panel(blocks, curves[0].span, view.words))
    for curve, drawn in zip([*curves, None], panels, strict=False):
        st.altair_chart(drawn, width="stretch", alt=_said(curve, rows, view))
    _key(view, with_rain=bool(len(blocks)))
    if blocks.empty:
        trouble.nothing_yet(
            view, "forecast.rain", view.words.pick("weather train으로 학습하세요.", "Train it: weather train.")
        )
    cards.show(cards.small(view.origin(rows["issued_at"].iloc[0])))
    _downloads(rows, panels, view)


def in_words(rows: pd.DataFrame, target: str, view: View) -> str:
    """The day ahead of one target in a sentence, its extremes with their 80 % intervals."""
    day, unit, words = rows[rows["lead_hours"] <= 24], UNITS[target], view.words  # noqa: PLR2004  # hours
    ordered = records(day.sort_values("p50"))

    def at(row: Row) -> str:
        interval = view.eight_in_ten(row["p10"], row["p90"], unit)
        return f"{whole(row['p50'])} {unit}, {view.moment(row['valid_at'])} ({interval})"

    label = words.element(target)
    return words.pick(
        f"{label}: 24시간 안에 가장 낮을 때 {at(ordered[0])}, 가장 높을 때 {at(ordered[-1])}.",
        f"{label} in the next 24 h: lowest {at(ordered[0])}; highest {at(ordered[-1])}.",
    )


def _said(curve: Curve | None, rows: pd.DataFrame, view: View) -> str:
    """What a chart shows, for those who do not see it."""
    if curve is None:
        return view.words("rain_question")
    return in_words(rows[rows["target"] == curve.target], curve.target, view)


def _curves(rows: pd.DataFrame, view: View) -> list[Curve]:
    issued_at = rows["issued_at"].max().to_pydatetime()
    past = data.readings(view.version, view.station_id, issued_at - _PAST, issued_at)
    before = data.forecast(view.version, view.station_id, issued_at - DAY)
    if len(before):
        before = before[(before["valid_at"] <= issued_at + DAY) & (before["issued_at"] >= issued_at - DAY - HOUR)]
    return [
        Curve(
            target=target,
            unit=unit,
            forecast=rows[rows["target"] == target],
            yesterday=before[before["target"] == target] if len(before) else before,
            readings=past,
            issued_at=issued_at,
            station_id=view.station_id,
        )
        for target, unit in UNITS.items()
        if (rows["target"] == target).any()
    ]


def _key(view: View, *, with_rain: bool) -> None:
    words = view.words

    def tint(colour: str, share: int) -> str:
        return f"color-mix(in srgb, {colour} {share}%, transparent)"

    colour = COLOURS["air_temperature_c"]
    entries = [
        (colour, words("median")),
        (tint(colour, 60), words("band_50")),
        (tint(colour, 25), words("band_80")),
        (GREY, words("readings")),
        (f"repeating-linear-gradient(90deg,{GREY} 0 3px,transparent 3px 6px)", words("yesterday")),
        (tint(NIGHT, 25), words("night")),
        *([(BAR, words("rain_probability"))] if with_rain else []),
    ]
    cards.key(entries)


def _downloads(rows: pd.DataFrame, panels: Sequence[alt.LayerChart | alt.Chart], view: View) -> None:
    place, words = station(view.station_id), view.words
    issued = rows["issued_at"].iloc[0]
    stem = f"forecast_{view.station_id}_{issued:%Y%m%dT%H%M%z}"
    label = words.pick(place.name_ko, place.name_en)
    mark = words.pick(" · 모의 자료", " · SIMULATED") if view.is_simulated else " · KMA"
    title = f"{label} ({view.station_id}) · {words('issued')} {view.date(issued.date())} {issued:%H:%M} KST{mark}"
    table = rows.assign(station_id=view.station_id, source="simulated" if view.is_simulated else "KMA readings")
    with st.container(horizontal=True):
        st.download_button(
            words("download_csv"), table.to_csv(index=False).encode(), f"{stem}.csv", "text/csv", on_click="ignore"
        )
        st.download_button(
            words("download_png"), lambda: picture(panels, title), f"{stem}.png", "image/png", on_click="ignore"
        )


def _days(view: View) -> None:
    words = view.words
    st.subheader(words("three_days_question"))
    rows = data.daily(view.version, view.station_id, view.newest_at + HOUR)
    if rows.empty:
        remedy = words.pick(
            "하루 예보는 아침 5시에 나옵니다: weather train으로 학습한 뒤 weather backfill 또는 weather up.",
            "Daily forecasts are issued at 05:00 KST: weather train, then weather backfill or weather up.",
        )
        trouble.nothing_yet(view, "forecast.daily", remedy)
        return
    temperatures = rows[rows["target"].isin(_TEMPERATURES)]
    days = sorted(set(temperatures["valid_on"]))
    cards.show(cards.grid(_day_card(day, temperatures[temperatures["valid_on"] == day], view) for day in days))
    dust = rows[rows["target"] == "mean_pm10_ugm3"]
    if len(dust):
        st.subheader(words("dust_question"))
        cards.show(cards.grid(_dust_card(row, view) for row in records(dust)))
    cards.show(cards.small(view.origin(rows["issued_at"].max())))


def _day_card(day: date, rows: pd.DataFrame, view: View) -> str:
    by_target = {row["target"]: row for row in records(rows)}
    lines = [
        cards.line(
            f"{view.words(name)} {whole(by_target[name]['p50'])} °C · "
            f"{view.eight_in_ten(by_target[name]['p10'], by_target[name]['p90'], '°C')}"
        )
        for name in _TEMPERATURES
        if name in by_target
    ]
    return cards.card(view.day(day), *lines)


def _dust_card(row: Row, view: View) -> str:
    grade = pm10_grade(row["p50"]) or "good"
    return cards.card(
        view.day(row["valid_on"]),
        cards.chip(view.words(f"pm_{grade}"), f"pm-{grade}"),
        cards.line(f"{row['p50']:.0f} µg/m³ · {view.eight_in_ten(row['p10'], row['p90'], 'µg/m³')}"),
    )
