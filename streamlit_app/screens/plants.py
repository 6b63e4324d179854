"""Plants: whether they need water or shade, by limits that a person sets."""

import streamlit as st

from streamlit_app import cards, data, trouble
from streamlit_app.pictures import plant
from streamlit_app.view import View
from weather_assets.clock import DAY, HOUR
from weather_assets.outlook.plants import PlantAlert, PlantLimits, plant_alert, watering_advice

_DEFAULT = PlantLimits()


def show(view: View) -> None:
    """The whole page."""
    st.subheader(view.words("plants_question"))
    _advice(view)


@st.fragment
def _advice(view: View) -> None:
    words = view.words
    left, right = st.columns(2)
    hot = left.number_input(words("hot_from"), -10.0, 50.0, _DEFAULT.hot_from_c, 1.0, key="plants_hot", format="%.0f")
    dry = right.number_input(
        words("dry_up_to"), 0.0, 100.0, _DEFAULT.dry_up_to_pct, 5.0, key="plants_dry", format="%.0f"
    )
    rows = data.forecast(view.version, view.station_id, view.newest_at + HOUR)
    if rows.empty:
        trouble.no_forecast(view)
        return
    wide = rows.pivot_table(index="valid_at", columns="target", values="p50").reindex(
        columns=["air_temperature_c", "relative_humidity_pct"]
    )
    hours = [instant.to_pydatetime() for instant in wide.index]
    alert = plant_alert(
        hours, wide["air_temperature_c"].tolist(), wide["relative_humidity_pct"].tolist(), PlantLimits(hot, dry)
    )
    fallen_mm, chance = _rain(view)
    advice = watering_advice(alert, fallen_mm, chance)
    headline = words("care_needed") if alert.is_raised else words("all_fine")
    drawn = f'<div class="w-row">{plant(thirsty=alert.is_raised)}<div>{cards.big(words(advice))}'
    parts = [drawn + cards.line(headline) + "</div></div>", *map(cards.line, _reasons(alert, fallen_mm, chance, view))]
    cards.show(
        cards.card(view.date(view.newest_at.date()), *parts, cards.small(view.origin(rows["issued_at"].iloc[0])))
    )


def _rain(view: View) -> tuple[float, float]:
    """Rain of the last two days in mm, and the highest chance of rain in the next (NaN where it is not forecast)."""
    past = data.readings(view.version, view.station_id, view.newest_at - 2 * DAY, view.newest_at + HOUR)
    blocks = data.rain(view.version, view.station_id, view.newest_at + HOUR)
    if blocks.empty:
        return float(past["precipitation_mm"].sum()), float("nan")
    near = blocks[blocks["valid_to"] <= view.newest_at + DAY]
    return float(past["precipitation_mm"].sum()), float(near["probability"].max())


def _reasons(alert: PlantAlert, fallen_mm: float, chance: float, view: View) -> list[str]:
    """What the advice rests on, in words."""
    words = view.words
    said = [
        words.pick(f"더위: {view.moment(alert.hot_at)}부터", f"Hot from {view.moment(alert.hot_at)}")
        if alert.hot_at
        else words.pick("이틀 안에 더운 시간 없음", "No hour too hot in the next two days"),
        words.pick(f"건조: {view.moment(alert.dry_at)}부터", f"Dry air from {view.moment(alert.dry_at)}")
        if alert.dry_at
        else words.pick("이틀 안에 건조한 시간 없음", "No hour too dry in the next two days"),
        words.pick(f"지난 이틀 비 {fallen_mm:.0f} mm", f"Rain of the last two days: {fallen_mm:.0f} mm"),
    ]
    if chance == chance:  # noqa: PLR0124  # not NaN
        said.append(
            words.pick(
                f"하루 안에 비 올 확률 최고 {100 * chance:.0f} %",
                f"Chance of rain within a day: up to {100 * chance:.0f} %",
            )
        )
    return said
