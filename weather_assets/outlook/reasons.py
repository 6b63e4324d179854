"""The reasons of a comfort score in Korean and English, the heaviest first."""

from collections.abc import Mapping

from weather_assets.outlook.comfort import FEELS_LIKE_C, HUMIDITY_PCT, PARTS, SNOW_UP_TO_C

WORTH_NAMING = 2.0
"""Points a part must cost to be named as a reason."""

_NO_REASON = {"ko": "걸리는 것 없음", "en": "nothing to mind"}


def reasons(row: Mapping[str, float], language: str) -> str:
    """What costs points, as 'feels like -3 °C: cold (-45), ...'; `row` has what `comfort_of` gives and the inputs.

    `language` is ko or en.
    """
    heavy = sorted((part for part in PARTS if row[f"lost_{part}"] >= WORTH_NAMING), key=lambda part: -_lost(row, part))
    words = [f"{_words(part, row)[language]} (-{_lost(row, part):.0f})" for part in heavy]
    return ", ".join(words) or _NO_REASON[language]


def _lost(row: Mapping[str, float], part: str) -> float:
    return row[f"lost_{part}"]


def _words(part: str, row: Mapping[str, float]) -> Mapping[str, str]:
    """One reason, with the value behind it."""
    if part == "temperature":
        felt = row["feels_like_c"]
        ko, en = ("추움", "cold") if felt < FEELS_LIKE_C[1] else ("더움", "hot")
        return {"ko": f"체감 {felt:.0f} °C로 {ko}", "en": f"feels like {felt:.0f} °C: {en}"}
    if part == "humidity":
        humidity = row["relative_humidity_pct"]
        ko, en = ("건조", "dry") if humidity < HUMIDITY_PCT[1] else ("습함", "damp")
        return {"ko": f"습도 {humidity:.0f} %로 {ko}", "en": f"humidity {humidity:.0f} %: {en}"}
    if part == "wind":
        wind = row["wind_speed_ms"]
        return {"ko": f"바람 {wind:.0f} m/s", "en": f"wind {wind:.0f} m/s"}
    if part == "rain":
        chance = 100 * row["rain_probability"]
        ko, en = ("눈", "snow") if row["air_temperature_c"] <= SNOW_UP_TO_C else ("비", "rain")
        return {"ko": f"{ko} 올 확률 {chance:.0f} %", "en": f"{chance:.0f} % chance of {en}"}
    dust = row["mean_pm10_ugm3"]
    return {"ko": f"미세먼지 {dust:.0f} µg/m³", "en": f"PM10 {dust:.0f} µg/m³"}
