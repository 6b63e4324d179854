"""Answers about forecasts: what of the lake they show, for which instant, and what a caller is told otherwise."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from forecast_lake import NEWEST, issue

from weather_assets.lake.open import open_lake

KST = ZoneInfo("Asia/Seoul")
AIR, HUMIDITY = "air_temperature_c", "relative_humidity_pct"


def test_now_is_the_hour_that_follows(client):
    answer = client.get("/predict/now").json()
    assert answer["place"] == {"station_id": 108, "name_ko": "서울", "name_en": "Seoul"}
    assert answer["simulated"] is True
    assert answer["valid_at"] == "2026-03-10T13:00:00+09:00"
    assert [quantity["target"] for quantity in answer["quantities"]] == [AIR, HUMIDITY]
    air = answer["quantities"][0]
    # 13:00 in Korea is hour 4 UTC, which the lake's forecast says as the median; the band is 4 to either side.
    assert (air["p10"], air["p50"], air["p90"], air["lead_hours"], air["unit"]) == (0.0, 4.0, 8.0, 1, "°C")
    assert air["words"]["en"].endswith("4.0 °C, 8 times in 10 between 0.0 and 8.0 °C")
    assert air["words"]["ko"].endswith("4.0 °C, 10번 중 8번은 0.0~8.0 °C")


@pytest.mark.parametrize(("period", "day", "hours"), [("morning", "11", (7, 8, 9)), ("evening", "10", (18, 19, 20))])
def test_the_next_commute_is_told_hour_by_hour(client, period, day, hours):
    answer = client.get(f"/predict/{period}").json()
    assert answer["valid_on"] == f"2026-03-{day}"
    air = [quantity for quantity in answer["hours"] if quantity["target"] == AIR]
    assert [quantity["valid_at"] for quantity in air] == [f"2026-03-{day}T{hour:02}:00:00+09:00" for hour in hours]
    assert [quantity["p50"] for quantity in air] == [(hour - 9) % 24 for hour in hours]
    assert answer["outlook"]["comfort_grade"] == "fair"
    assert answer["outlook"]["reason"] == {"ko": "추움", "en": "cold"}


def test_the_whole_forecast_and_its_rain(client):
    answer = client.get("/forecast/hourly", params={"station": 129}).json()
    assert answer["place"]["station_id"] == 129
    assert [quantity["lead_hours"] for quantity in answer["quantities"]] == [*range(1, 49), *range(1, 49)]
    assert [block["probability"] for block in answer["rain"]] == [lead / 100 for lead in range(3, 49, 3)]
    assert answer["rain"][9]["words"]["en"] == "chance of rain 30%: 3 times in 10"


def test_the_days(client):
    days = client.get("/forecast/daily").json()["days"]
    assert [(day["valid_on"], day["lead_days"], day["p50"]) for day in days] == [
        ("2026-03-11", 1, 1.0),
        ("2026-03-12", 2, 2.0),
        ("2026-03-13", 3, 3.0),
    ]


def test_the_result_counts_the_day(client):
    answer = client.get("/result").json()
    tables = {state["table"]: state for state in answer["tables"]}
    assert answer["day"] == "2026-03-10"
    # Hours 0 to 12 of the day have a reading.
    assert tables["clean.asos_hourly"]["rows"] == 13
    assert tables["clean.asos_hourly"]["newest"] == "2026-03-10T12:00:00+09:00"
    assert tables["forecast.hourly"]["rows"] == 2 * 48
    assert len(answer["outlooks"]) == 6


def test_latest_holds_every_station(client):
    answer = client.get("/api/latest").json()
    assert answer["issued_at"] == "2026-03-10T12:10:00+09:00"
    assert {row["station_id"] for row in answer["hourly"]} == {108, 129}
    assert len(answer["hourly"]) == 2 * 2 * 48
    assert "quantiles" not in answer["hourly"][0]
    assert len(answer["rain"]) == 2 * 16


def test_as_of_an_instant_only_what_was_issued_by_then_counts(client, filled):
    later = NEWEST + timedelta(hours=1)
    with open_lake(filled) as lake:
        issue(lake, later)
    just_before = (later + timedelta(minutes=9)).isoformat()
    then = client.get("/predict/now", params={"at": just_before}).json()
    assert then["quantities"][0]["issued_at"] == "2026-03-10T12:10:00+09:00"
    assert then["valid_at"] == "2026-03-10T14:00:00+09:00"
    after = client.get("/predict/now", params={"at": (later + timedelta(minutes=10)).isoformat()}).json()
    assert after["quantities"][0]["issued_at"] == "2026-03-10T13:10:00+09:00"


def test_an_answer_is_kept_until_the_lake_changes(client, filled, monkeypatch):
    monkeypatch.setattr("weather_assets.api.lake_reader.SNAPSHOT_AGE_S", 0.0)
    first = client.get("/predict/now")
    again = client.get("/predict/now", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["etag"].startswith(f'"{first.headers["lake-snapshot"]}-')
    with open_lake(filled) as lake:
        issue(lake, NEWEST + timedelta(hours=-1))
    other = client.get("/predict/now", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    assert other.headers["etag"] != first.headers["etag"]
    assert other.json() == first.json()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/predict/now?station=999", "no readings of station 999; the lake has 108, 129"),
        ("/predict/now?at=2026-03-01T00:00:00Z", "was issued in the two days up to 2026-03-01 09:00 KST"),
        ("/predict/now?at=2026-03-12T04:00:00Z", "2026-03-12 13:00 KST"),
        ("/predict/now?at=0001-01-01T00:00:00%2B09:00", "was issued in the two days up to 1900-01-01"),
        ("/forecast/daily?at=2020-01-01", "not a time"),
        ("/forecast/daily?at=1577836800", "not a time"),
        ("/predict/now?station=seoul", "query.station"),
        ("/nowhere", "/docs lists"),
    ],
)
def test_what_is_not_there_is_a_problem_with_a_remedy(client, path, said):
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert answer.status_code == problem["status"] == (422 if "query" in problem["detail"] else 404)
    assert said in problem["detail"]
    assert problem.get("instance") == (None if path == "/nowhere" else path.partition("?")[0])


def test_files_of_the_past_are_asked_for_their_newest_forecast(filled, set_clock):
    from fastapi.testclient import TestClient

    from weather_assets.api.app import build_app

    set_clock(NEWEST + timedelta(days=900))
    past = filled.model_copy(update={"source": "csv:readings"})
    with TestClient(build_app(past)) as client:
        assert client.get("/predict/now").json()["valid_at"] == "2026-03-10T13:00:00+09:00"


def test_drift_of_the_newest_week(client):
    rows = client.get("/drift/latest").json()["rows"]
    assert rows[0] == {
        "station_id": 108,
        "week": "2026-03-09",
        "element": "wind_speed_ms",
        "drifted": True,
        "score": 0.4,
        "method": "psi",
    }
