"""The command line as a person meets it: one clear line and exit status 2 for a mistake, help with an example."""

import json
import re
import sys

import pytest

from weather_assets import cli

HEADER = "지점,일시,기온(°C),습도(%)\n"


def run(monkeypatch, capsys, *arguments):
    """Run the command in this process; returns exit status, standard output, standard error."""
    monkeypatch.setattr(sys, "argv", ["weather", *arguments])
    status = 0
    try:
        cli.main()
    except SystemExit as stopped:
        status = stopped.code or 0
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEATHER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    readings = tmp_path / "readings"
    readings.mkdir()
    return readings


def refused(monkeypatch, capsys, *arguments):
    """Run what must be refused; returns its one line."""
    status, out, err = run(monkeypatch, capsys, *arguments)
    assert status == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    return err


def backfill(folder, *more):
    return ("backfill", "--source", f"csv:{folder}", "--from", "2021-01-01", "--to", "2021-01-02", *more)


def test_a_wrong_column_is_named_with_file_and_line(monkeypatch, capsys, home, folder):
    (folder / "a.csv").write_text("지점,일시,기온(F)\n108,2021-01-01 00:00,50\n", encoding="cp949")
    said = refused(monkeypatch, capsys, *backfill(folder))
    assert "a.csv, line 1" in said
    assert "기온(F)" in said


def test_an_unreadable_encoding_is_named_with_file(monkeypatch, capsys, home, folder):
    (folder / "a.csv").write_bytes((HEADER + "108,2021-01-01 00:00,5,50\n").encode("utf-16"))
    said = refused(monkeypatch, capsys, *backfill(folder))
    assert "a.csv" in said
    assert "UTF-8" in said


def test_a_bad_time_is_named_with_file_and_line(monkeypatch, capsys, home, folder):
    (folder / "a.csv").write_text(HEADER + "108,2021-01-01 00:00,5,50\n108,2021-13-01 00:00,5,50\n", encoding="cp949")
    said = refused(monkeypatch, capsys, *backfill(folder))
    assert "a.csv, line 3" in said
    assert "2021-13-01" in said


def test_an_unknown_station_is_told_which_there_are(monkeypatch, capsys, home, folder):
    (folder / "a.csv").write_text(HEADER + "108,2021-01-01 00:00,5,50\n", encoding="cp949")
    said = refused(monkeypatch, capsys, *backfill(folder, "--stations", "999"))
    assert "999" in said
    assert "108" in said


def test_an_empty_folder_says_what_belongs_there(monkeypatch, capsys, home, folder):
    assert str(folder) in refused(monkeypatch, capsys, *backfill(folder))


@pytest.mark.parametrize(("source", "variable"), [("kma_api_hub", "KMA_API_HUB_KEY"), ("data_go_kr", "DATA_GO_KR_KEY")])
def test_a_missing_key_names_the_variable(monkeypatch, capsys, home, source, variable):
    monkeypatch.delenv(variable, raising=False)
    said = refused(monkeypatch, capsys, "backfill", "--source", source, "--from", "2021-01-01", "--to", "2021-01-02")
    assert f"set {variable}" in said


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2021-02-29", "2021-03-01", "YYYY-MM-DD"),
        ("2021-03-02", "2021-03-01", "after"),
        ("1906-12-31", "2021-03-01", "1907-01-01"),
        ("2021-03-02", "2999-03-01", "future"),
    ],
)
def test_a_bad_day_is_refused_before_anything_runs(monkeypatch, capsys, home, first, last, words):
    assert words in refused(monkeypatch, capsys, "backfill", "--from", first, "--to", last)
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "--target", "happiness"), "air_temperature_c"),
        (("evaluate", "--from", "2021-01-01", "--to", "2021-01-02", "--leads", "1,99"), "from 1 to 48"),
        (("forecast", "--at", "noon"), "ISO 8601"),
        (("replay", "--from", "2021-01-01", "--to", "2021-01-02", "--retrain-every", "often"), "90d"),
        (("backfill", "--from", "2021-01-01", "--to", "2021-01-02", "--stations", "Seoul"), "WEATHER_STATIONS"),
        (("replay", "--from", "1999-12-31", "--to", "2021-01-02"), "--from 1999-12-31: the tables begin on 2000-01-01"),
        (("train", "--through", "2999-01-01"), "--through 2999-01-01 lies in the future"),
        (("train", "--through", "today"), "--through: 'today' is not a date"),
        (
            ("evaluate", "--from", "2021-01-01", "--to", "2021-01-02", "--train-through", "1999-01-01"),
            "--train-through 1999-01-01: the tables begin on 2000-01-01",
        ),
    ],
)
def test_a_wrong_argument_says_how_to_write_it(monkeypatch, capsys, home, arguments, words):
    assert words in refused(monkeypatch, capsys, *arguments)


@pytest.mark.parametrize("command", ["forecast", "sql", "evaluate"])
def test_reading_where_no_lake_is_says_so_and_makes_none(monkeypatch, capsys, home, command):
    arguments = {"sql": ["SELECT 1"], "evaluate": ["--from", "2021-01-01", "--to", "2021-01-02"]}.get(command, [])
    status, _, err = run(monkeypatch, capsys, command, *arguments)
    assert status == 1
    assert "weather backfill" in err
    assert not home.exists()


def test_models_of_an_empty_home(monkeypatch, capsys, home):
    status, out, _ = run(monkeypatch, capsys, "models", "--json")
    assert (status, json.loads(out)) == (0, [])
    assert not home.exists()


def test_every_command_has_an_example(monkeypatch, capsys):
    status, out, _ = run(monkeypatch, capsys, "--help")
    assert status == 0
    commands = re.findall(r"^│ (\w+) ", out, flags=re.MULTILINE)
    assert {"backfill", "replay", "why", "train", "evaluate", "forecast", "sql", "models"} <= set(commands)
    for command in commands:
        status, out, _ = run(monkeypatch, capsys, command, "--help")
        assert status == 0
        assert f"Example: weather {command}" in " ".join(out.split()), command
