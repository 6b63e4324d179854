"""From a forecast to outlook rows: which periods, what goes into them, and the reasons."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from weather_assets.clock import KST
from weather_assets.outlook.rows import Ingredients, outlook_rows

HOUR = timedelta(hours=1)
NO_RAIN = pd.DataFrame(columns=["station_id", "valid_from", "valid_to", "probability"]).astype(
    {
        "station_id": "int32",
        "valid_from": "datetime64[us, Asia/Seoul]",
        "valid_to": "datetime64[us, Asia/Seoul]",
        "probability": float,
    }
)
NO_DUST = pd.DataFrame(columns=["station_id", "valid_on", "p10", "p25", "p50", "p75", "p90"]).astype(
    {"station_id": "int32", **dict.fromkeys(("p10", "p25", "p50", "p75", "p90"), float)}
)


def at(day: int, hour: int) -> datetime:
    return datetime(2021, 3, day, hour, tzinfo=KST)


def forecast(issued: datetime, target: str, value: float, station: int = 108, spread: float = 0.0) -> pd.DataFrame:
    hours = [issued + lead * HOUR for lead in range(1, 49)]
    levels = value + spread * (np.arange(1, 20) * 0.05 - 0.5)
    frame = pd.DataFrame({"valid_at": pd.Series(hours).astype("datetime64[us, Asia/Seoul]")})
    frame = frame.assign(
        target=target,
        station_id=np.int32(station),
        issued_at=issued + timedelta(minutes=10),
        p50=value,
        climatology=value,
    )
    frame["quantiles"] = [levels.astype(np.float32)] * len(frame)
    return frame


def ingredients(
    issued: datetime, temperature: float = 11.0, humidity: float | None = 50.0, **changed: object
) -> Ingredients:
    frames = [forecast(issued, "air_temperature_c", temperature)]
    if humidity is not None:
        frames.append(forecast(issued, "relative_humidity_pct", humidity))
    readings = pd.DataFrame(
        {
            "station_id": np.int32(108),
            "observed_at": pd.Series([issued - n * HOUR for n in range(24)]).astype("datetime64[us, Asia/Seoul]"),
            "air_temperature_c": temperature,
            "relative_humidity_pct": 40.0,
            "wind_speed_ms": 2.0,
        }
    )
    given = {"forecast": pd.concat(frames), "readings": readings, "rain": NO_RAIN, "dust": NO_DUST}
    return Ingredients(**{**given, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (5, [("01", "morning"), ("01", "evening"), ("02", "morning"), ("02", "evening")]),
        (6, [("01", "morning"), ("01", "evening"), ("02", "morning"), ("02", "evening")]),
        (7, [("01", "evening"), ("02", "morning"), ("02", "evening")]),
        (9, [("01", "evening"), ("02", "morning"), ("02", "evening"), ("03", "morning")]),
        (19, [("02", "morning"), ("02", "evening"), ("03", "morning")]),
    ],
)
def test_only_periods_that_lie_ahead_as_a_whole(hour: int, expected: list[tuple[str, str]]) -> None:
    rows = outlook_rows(ingredients(at(1, hour)))
    found = sorted(zip(rows["valid_on"].astype(str).str[-2:], rows["period"], strict=True))
    assert found == sorted(expected)


def test_a_row_says_what_the_forecast_says() -> None:
    row = outlook_rows(ingredients(at(1, 5))).iloc[0]
    assert row["issued_at"] == at(1, 5) + timedelta(minutes=10)
    assert (row["feels_like_c"], row["comfort_score"]) == pytest.approx((11.0, 90.0))
    assert row["reason_en"] == "feels like 11 °C: cold (-10)"
    assert row["reason_ko"] == "체감 11 °C로 추움 (-10)"
    assert row["alerts"] == ""
    assert not row["plant_alert"]
    assert row["pm10_grade"] is None


def test_where_humidity_is_not_forecast_the_usual_one_stands_in() -> None:
    rows = outlook_rows(ingredients(at(1, 5), humidity=None))
    assert rows["relative_humidity_pct"].tolist() == [40.0] * len(rows)


def test_without_a_temperature_forecast_there_is_no_outlook() -> None:
    given = ingredients(at(1, 5))
    humid = given.forecast[given.forecast["target"] == "relative_humidity_pct"]
    assert outlook_rows(Ingredients(humid, given.readings, NO_RAIN, NO_DUST)).empty


def test_rain_is_the_highest_of_the_overlapping_blocks() -> None:
    blocks = [(at(1, 6), 0.4), (at(1, 9), 0.9), (at(1, 15), 0.9), (at(1, 18), 0.2)]
    rain = pd.DataFrame(
        {
            "station_id": np.int32(108),
            "valid_from": pd.Series([begin for begin, _ in blocks]).astype("datetime64[us, Asia/Seoul]"),
            "valid_to": pd.Series([begin + 3 * HOUR for begin, _ in blocks]).astype("datetime64[us, Asia/Seoul]"),
            "probability": [chance for _, chance in blocks],
        }
    )
    rows = outlook_rows(ingredients(at(1, 5), rain=rain)).set_index(["valid_on", "period"])["rain_probability"]
    assert rows[date(2021, 3, 1), "morning"] == 0.4
    assert rows[date(2021, 3, 1), "evening"] == 0.2
    assert np.isnan(rows[date(2021, 3, 2), "morning"])


def test_dust_is_that_of_the_day() -> None:
    levels = {"p10": [60.0], "p25": [70.0], "p50": [90.0], "p75": [110.0], "p90": [130.0]}
    dust = pd.DataFrame({"station_id": np.int32(108), "valid_on": [date(2021, 3, 2)], **levels})
    rows = outlook_rows(ingredients(at(1, 5), dust=dust)).set_index("valid_on")
    assert rows.loc[date(2021, 3, 2), "pm10_grade"].tolist() == ["bad", "bad"]
    assert rows.loc[date(2021, 3, 1), "pm10_grade"].tolist() == [None, None]
    assert "PM10 90 µg/m³" in rows.loc[date(2021, 3, 2), "reason_en"].iloc[0]


def test_lasting_cold_and_dry_air_are_told() -> None:
    rows = outlook_rows(ingredients(at(1, 5), temperature=-13.0, humidity=25.0))
    assert set(rows["alerts"]) == {"cold_advisory"}
    assert rows["plant_alert"].all()


def test_stations_do_not_mix() -> None:
    both = ingredients(at(1, 5))
    other = pd.concat(
        [
            forecast(at(1, 5), name, value, station=159)
            for name, value in (("air_temperature_c", 20.0), ("relative_humidity_pct", 50.0))
        ]
    )
    mixed = Ingredients(pd.concat([both.forecast, other]), both.readings, NO_RAIN, NO_DUST)
    rows = outlook_rows(mixed).groupby("station_id")["comfort_score"].first()
    assert rows.to_dict() == pytest.approx({108: 90.0, 159: 100.0})
