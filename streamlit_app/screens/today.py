"""Today: what the commute will feel like, what it is like now, and the next hours."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from streamlit_app import cards, data, trouble
from streamlit_app.store import Row, records
from streamlit_app.view import View, whole
from weather_assets.clock import HOUR, KST
from weather_assets.outlook.comfort import BEST, PARTS
from weather_assets.outlook.feels_like import discomfort_grade, discomfort_index, feels_like_c

_SHOWN_HOURS = range(3, 25, 3)


def show(view: View) -> None:
    """The whole page."""
    _commute(view)
    _now(view)
    _hours(view)


def _commute(view: View) -> None:
    words = view.words
    st.subheader(words("commute_question"))
    rows = data.outlook(view.version, view.station_id, view.newest_at + HOUR)
    if rows.empty:
        remedy = words.pick(
            "예보가 나올 때 함께 만들어집니다: weather backfill 또는 weather up.",
            "It is made with each forecast: weather backfill or weather up.",
        )
        trouble.nothing_yet(view, "forecast.outlook", remedy)
        return
    cards.show(cards.grid(_card(row, view) for row in records(rows)))
    cards.show(cards.small(view.origin(rows["issued_at"].iloc[0])))
    _scale(rows, view)


def _card(row: Row, view: View) -> str:
    """One commute: grade and score, their range in words, feels-like, reasons, what else to mind."""
    words = view.words
    said = view.eight_in_ten(row["comfort_low"], row["comfort_high"], words.pick("점", "points"))
    felt = view.eight_in_ten(row["feels_like_low_c"], row["feels_like_high_c"], "°C")
    parts = [
        cards.graded(row["comfort_grade"], f"{row['comfort_score']:.0f}", words(row["comfort_grade"])),
        cards.score_range(row["comfort_score"], row["comfort_low"], row["comfort_high"], said),
        cards.small(said),
        cards.strong(f"{words('feels_like')} {whole(row['feels_like_c'])} °C"),
        cards.line(felt),
        cards.small(f"{words('why')}: {row[f'reason_{words.language}']}"),
        _chips(row, view),
    ]
    return cards.card(f"{view.day(row['valid_on'])} {words(row['period'])}", *parts)


def _chips(row: Row, view: View) -> str:
    """Chance of rain, dust and advisories, where there are any."""
    words = view.words
    chips = [cards.chip(words(alert), "bad") for alert in str(row["alerts"] or "").split(",") if alert]
    if not np.isnan(row["rain_probability"]):
        chips.append(cards.chip(f"{words('rain_probability')} {100 * row['rain_probability']:.0f} %"))
    if row["pm10_grade"]:
        grade = f"{words('pm10')} {words('pm_' + row['pm10_grade'])} {row['mean_pm10_ugm3']:.0f} µg/m³"
        chips.append(cards.chip(grade, f"pm-{row['pm10_grade']}"))
    return f"<div>{' '.join(chips)}</div>" if chips else ""


@st.fragment
def _scale(rows: pd.DataFrame, view: View) -> None:
    """How the score is made, and what it is for somebody to whom other things matter."""
    words = view.words
    with st.expander(words("scale")):
        st.markdown(
            words.pick(
                "공인된 기준은 없어 우리가 정했습니다. 100점에서 다섯 가지 불편이 점수를 깎습니다: "
                "체감온도 15~24 °C를 벗어날수록, 습도 35~75 %를 벗어날수록, 바람 3 m/s를 넘을수록, "
                "비(최대 30점)나 눈(40점)이 올수록, PM10 30 µg/m³을 넘을수록. "
                "범위는 예보의 불확실성에서 나옵니다. 바람은 예보하지 않으므로 지난 7일의 같은 시각 평균입니다.",
                "There is no official standard, so this one is ours. From 100, five discomforts take points: air that "
                "feels colder than 15 or warmer than 24 °C, humidity outside 35-75 %, wind above 3 m/s, rain (up to "
                "30) or snow (40), PM10 above 30 µg/m³. The range comes from the uncertainty of the forecast. Wind "
                "is not forecast: it is the mean of the last 7 days at the same hours.",
            )
        )
        st.markdown(f"**{words('weights')}**")
        weights = {part: st.slider(words(part), 0.0, 2.0, 1.0, 0.25, key=f"weight_{part}") for part in PARTS}
        head = [words("day"), *(words(part) for part in PARTS), words("comfort")]
        cards.table(head, (_parts(row, weights, view) for row in records(rows)))


def _parts(row: Row, weights: Mapping[str, float], view: View) -> list[str]:
    lost = {part: weights[part] * row[f"lost_{part}"] for part in PARTS}
    unchanged = all(weight == 1 for weight in weights.values())
    score = row["comfort_score"] if unchanged else max(0.0, BEST - sum(lost.values()))
    when = f"{view.day(row['valid_on'])} {view.words(row['period'])}"
    return [when, *(whole(-points) for points in lost.values()), f"{score:.0f}"]


def _now(view: View) -> None:
    words = view.words
    st.subheader(words("now_question") if not view.is_stale else view.moment(view.newest_at))
    rows = data.readings(view.version, view.station_id, view.newest_at, view.newest_at + HOUR)
    row = rows.iloc[0]
    month = row["observed_at"].astimezone(KST).month
    felt = float(feels_like_c(row["air_temperature_c"], row["relative_humidity_pct"], row["wind_speed_ms"], month))
    index = float(discomfort_index(row["air_temperature_c"], row["relative_humidity_pct"]))
    grade = discomfort_grade(index)
    shown = [
        (words.element("air_temperature_c"), row["air_temperature_c"], "°C", ".1f"),
        (words("feels_like"), felt, "°C", ".1f"),
        (words.element("relative_humidity_pct"), row["relative_humidity_pct"], "%", ".0f"),
        (words.element("wind_speed_ms"), row["wind_speed_ms"], "m/s", ".1f"),
        (words.element("precipitation_mm"), row["precipitation_mm"], "mm", ".1f"),
    ]
    cells = [cards.hour(label, f"{value:{form}} {unit}", "") for label, value, unit, form in shown if pd.notna(value)]
    if pd.notna(index):
        label = words("moderate_discomfort") if grade == "moderate" else words(grade)
        cells.append(cards.hour(words("discomfort"), f"{index:.0f}", label))
    cards.show(cards.grid(cells, "w-narrow"))
    cards.show(cards.small(f"{words('observed')} {view.moment(row['observed_at'])} · {view.source}"))


def _hours(view: View) -> None:
    words = view.words
    st.subheader(words("hours_question"))
    rows = data.forecast(view.version, view.station_id, view.newest_at + HOUR)
    if rows.empty:
        trouble.no_forecast(view)
        return
    temperature = rows[rows["target"] == "air_temperature_c"]
    humidity = rows[rows["target"] == "relative_humidity_pct"].set_index("lead_hours")["p50"]
    cells = []
    for row in records(temperature[temperature["lead_hours"].isin(_SHOWN_HOURS)]):
        local = row["valid_at"].astimezone(KST)
        damp = f" · {humidity[row['lead_hours']]:.0f} %" if row["lead_hours"] in humidity.index else ""
        between = f"{whole(row['p10'])}~{whole(row['p90'])}"
        cells.append(cards.hour(f"{local:%H:%M}", f"{whole(row['p50'])} °C", between + damp))
    cards.show(cards.grid(cells, "w-narrow"))
    meaning = words.pick(
        "굵은 값은 중앙값, 아래는 10번 중 8번 드는 기온 범위와 습도.",
        "Bold: the median. Below: where the temperature lies 8 times in 10, and the humidity.",
    )
    cards.show(cards.small(f"{meaning} {view.origin(temperature['issued_at'].iloc[0])}"))
