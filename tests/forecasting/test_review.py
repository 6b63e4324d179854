"""The daily review, on verified forecasts in a real lake: what it decides, does and writes down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.forecasting.shelf import TARGET, Shelf
from weather_assets import clock
from weather_assets.clock import KST
from weather_assets.forecasting.registry import CHALLENGER, CHAMPION, PREVIOUS, RECIPE_TAG
from weather_assets.forecasting.review import Review, record, review
from weather_assets.forecasting.succession import STATUS_TAG, WAITING, challenge, promote, retire
from weather_assets.forecasting.targets import TARGETS
from weather_assets.lake.lake import Lake
from weather_assets.lake.open import open_lake
from weather_assets.settings import Settings
from weather_assets.tables import FEATURES_HOURLY, VERIFICATION

BEGIN = datetime(2021, 6, 1, tzinfo=KST)
STATIONS = [108]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with open_lake(Settings(_env_file=None, home=tmp_path), simulated=False) as opened:
        blanks = ", ".join(f"NULL AS {name}" for name in FEATURES_HOURLY.column_names[2:])
        opened.append(FEATURES_HOURLY, f"SELECT 108 AS station_id, TIMESTAMPTZ '{BEGIN}' AS issued_at, {blanks}")
        yield opened


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Version 1 is champion, 2 its challenger; the clock stands at noon of the day after the last block."""
    monkeypatch.setattr(clock, "now", lambda: BEGIN + timedelta(days=40, hours=12))
    shelf = Shelf(4)
    promote(shelf, shelf.shelf[1], "test")
    challenge(shelf, shelf.shelf[2], "test")
    return shelf


def have_scores(lake: Lake, champion: str, challenger: str, days: int = 40) -> None:
    """Scores of both for every hour of days from 1 June on; they are SQL of `block`, the number of two days."""
    hours = f"generate_series(TIMESTAMPTZ '{BEGIN}', TIMESTAMPTZ '{BEGIN + timedelta(days=days)}', INTERVAL 1 HOUR)"
    blanks = ", ".join(f"NULL AS {name}" for name in VERIFICATION.column_names[8:-1])
    for role, version, score in (("champion", 1, champion), ("challenger", 2, challenger)):
        lake.append(
            VERIFICATION,
            f"""SELECT '{TARGET}' AS target, 108 AS station_id, valid_at - INTERVAL 1 HOUR AS issued_at, valid_at,
                1 AS lead_hours, '{version}' AS model_version, '{role}' AS role, 'live' AS kind, {blanks},
                {score} AS crps
            FROM (SELECT valid_at, date_diff('day', DATE '2021-06-01', CAST(valid_at AS DATE)) // 2 AS block
                  FROM (SELECT unnest({hours}) AS valid_at))""",
        )


def have_few_scores(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, champion: str, challenger: str, persistence: float
) -> None:
    """Eight days, in which persistence erred by so much, and then the review."""
    monkeypatch.setattr(clock, "now", lambda: BEGIN + timedelta(days=8, hours=12))
    have_scores(lake, champion, challenger, days=8)
    lake.query(f"UPDATE lake.monitor.verification SET persistence = {persistence}, observed = 0.0")


def decide(lake: Lake, shelf: Shelf) -> Review:
    return review(lake, shelf, TARGETS[TARGET], STATIONS)


def test_an_equal_refresh_is_promoted_and_the_decision_kept(lake: Lake, shelf: Shelf) -> None:
    have_scores(lake, "1.0 + 0.02 * (block % 2)", "1.01")
    made = decide(lake, shelf)
    assert (made.decision, made.champion, made.challenger, made.blocks) == ("promote", 1, 2, 20)
    assert shelf.borne() == {CHAMPION: 2, PREVIOUS: 1}
    record(lake, made)
    kept = lake.query("SELECT decision, champion, challenger, blocks, e_value > 20, reason FROM lake.monitor.promotion")
    assert kept.fetchall() == [("promote", 1, 2, 20, True, made.reason)]


def test_an_equal_new_recipe_stays_on_trial(lake: Lake, shelf: Shelf) -> None:
    shelf.tag(shelf.shelf[2], {RECIPE_TAG: "another"})
    have_scores(lake, "1.0 + 0.02 * (block % 2)", "1.01")
    assert decide(lake, shelf).decision == "wait"
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 2}


def test_a_worse_challenger_is_retired_and_the_one_that_waits_comes_next(lake: Lake, shelf: Shelf) -> None:
    have_scores(lake, "1.0", "1.1 + 0.02 * (block % 2)")
    shelf.tag(shelf.shelf[3], {STATUS_TAG: WAITING})
    assert decide(lake, shelf).decision == "retire"
    assert shelf.borne() == {CHAMPION: 1}
    following = decide(lake, shelf)
    assert (following.decision, following.challenger) == ("challenge", 3)
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 3}


def test_only_whole_blocks_of_forecasts_that_both_made_count(lake: Lake, shelf: Shelf) -> None:
    # 1 June is the second day of its block (they count from 2000), and 11 July, today, is not over.
    have_scores(lake, "1.0", "CASE WHEN block < 10 THEN NULL ELSE 1.0 END")
    made = decide(lake, shelf)
    assert made.blocks == 10


def test_scores_of_other_versions_do_not_count(lake: Lake, shelf: Shelf) -> None:
    have_scores(lake, "1.0", "1.0")
    retire(shelf, shelf.shelf[2], "test")
    challenge(shelf, shelf.shelf[3], "test")
    made = decide(lake, shelf)
    assert (made.decision, made.challenger, made.blocks) == ("wait", 3, None)


def test_a_challenger_that_a_newer_champion_has_overtaken_is_retired(lake: Lake, shelf: Shelf) -> None:
    have_scores(lake, "1.0", "0.9")
    promote(shelf, shelf.shelf[4], "test")
    made = decide(lake, shelf)
    assert (made.decision, made.champion, made.challenger) == ("retire", 4, 2)
    assert shelf.borne() == {CHAMPION: 4, PREVIOUS: 1}


def test_a_champion_far_outside_its_expected_error_gives_way_at_once(
    lake: Lake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_few_scores(lake, monkeypatch, "5.0", "1.5", persistence=2.0)
    made = decide(lake, shelf)
    assert made.decision == "promote"
    assert made.e_value < 20
    assert "errs 4 times as much as it should and more than persistence" in made.reason
    assert shelf.borne() == {CHAMPION: 2}


def test_a_challenger_that_was_not_scored_yet_does_not_take_the_place_of_a_broken_champion(
    lake: Lake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_few_scores(lake, monkeypatch, "5.0", "CASE WHEN block < 3 THEN NULL ELSE 1.5 END", persistence=2.0)
    assert decide(lake, shelf).decision == "wait"
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 2}


def test_days_that_were_a_surprise_are_no_fast_track(lake: Lake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    have_few_scores(lake, monkeypatch, "5.0", "1.5", persistence=6.0)
    assert decide(lake, shelf).decision == "wait"
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 2}


@pytest.mark.parametrize(
    ("score", "persistence", "champion"),
    [("5.0", 2.0, 1), ("4.0", 2.0, 3), ("5.0", 6.0, 3)],
    ids=["broken", "merely worse", "nobody could have known"],
)
def test_a_broken_champion_with_nobody_on_trial_gives_its_place_back(
    lake: Lake, shelf: Shelf, score: str, persistence: float, champion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    retire(shelf, shelf.shelf[2], "test")
    promote(shelf, shelf.shelf[3], "test")
    have_few_scores(lake, monkeypatch, score, "1.0", persistence)
    lake.query("UPDATE lake.monitor.verification SET model_version = '3'")
    made = decide(lake, shelf)
    assert shelf.borne()[CHAMPION] == champion
    assert made.decision == ("replace" if champion == 1 else "none")
    if champion == 1:
        assert made.reason.endswith("more than persistence, and nobody is on trial; back to version 1")
        assert PREVIOUS not in shelf.borne()


def test_what_a_champion_did_in_an_earlier_reign_does_not_count(lake: Lake, shelf: Shelf) -> None:
    retire(shelf, shelf.shelf[2], "test")
    promote(shelf, shelf.shelf[3], "test")
    have_scores(lake, "5.0", "1.0", days=8)  # a month before the review
    lake.query("UPDATE lake.monitor.verification SET model_version = '3', persistence = 2.0, observed = 0.0")
    assert decide(lake, shelf).decision == "none"
    assert shelf.borne() == {CHAMPION: 3, PREVIOUS: 1}


def test_weather_that_is_hard_for_both_is_no_fast_track(
    lake: Lake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_few_scores(lake, monkeypatch, "5.0", "4.9", persistence=2.0)
    assert decide(lake, shelf).decision == "wait"


def test_a_champion_that_cannot_forecast_is_replaced_by_its_challenger(lake: Lake, shelf: Shelf) -> None:
    shelf.broken = {1}
    made = decide(lake, shelf)
    assert made.decision == "replace"
    assert "version 1 cannot forecast: WeatherError: its files are missing" in made.reason
    assert shelf.borne() == {CHAMPION: 2}


def test_or_by_the_former_champion_where_the_challenger_is_broken_too(lake: Lake, shelf: Shelf) -> None:
    promote(shelf, shelf.shelf[3], "test")
    shelf.broken = {2, 3}
    assert decide(lake, shelf).decision == "replace"
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 2}


def test_a_challenger_that_cannot_forecast_is_retired(lake: Lake, shelf: Shelf) -> None:
    shelf.broken = {2}
    made = decide(lake, shelf)
    assert (made.decision, made.challenger) == ("retire", 2)
    assert shelf.borne() == {CHAMPION: 1}


def test_where_nothing_works_it_says_what_to_do(lake: Lake, shelf: Shelf) -> None:
    shelf.broken = {1, 2}
    made = decide(lake, shelf)
    assert made.decision == "broken"
    assert f"weather train --target {TARGET}" in made.reason
    assert shelf.borne() == {CHAMPION: 1, CHALLENGER: 2}
