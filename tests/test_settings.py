"""Settings: what a user may write, and what they are told when it is wrong."""

import pytest

from weather_assets.errors import UsageError
from weather_assets.settings import Settings, load_settings


def test_defaults_need_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.source == "simulator"
    assert settings.stations == (108,)
    assert str(settings.home) == ".weather"
    assert settings.data_root == ".weather/data"


def test_environment_and_overrides(monkeypatch):
    monkeypatch.setenv("WEATHER_STATIONS", "108, 129,108")
    assert load_settings().stations == (108, 129)
    assert load_settings(stations="90").stations == (90,)
    assert load_settings(stations=None).stations == (108, 129)


def test_a_blank_line_of_a_template_sets_nothing(monkeypatch):
    for name in ("WEATHER_START", "WEATHER_ALERT_WEBHOOK_URL", "WEATHER_API_TOKEN", "WEATHER_STATIONS"):
        monkeypatch.setenv(name, "")
    chosen = Settings(_env_file=None)
    assert (chosen.start, chosen.alert_webhook_url, chosen.api_token, chosen.stations) == (None, None, None, (108,))


def test_dotenv_file_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("WEATHER_HOME=elsewhere\nDATA_GO_KR_KEY=abc\n")
    settings = load_settings()
    assert str(settings.home) == "elsewhere"
    assert settings.data_go_kr_key is not None
    assert settings.data_go_kr_key.get_secret_value() == "abc"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("WEATHER_STATIONS", "seoul", "'seoul' is not a station id"),
        ("WEATHER_STATIONS", "-5", "'-5' is not a station id"),
        ("WEATHER_SOURCE", "wunderground", "'wunderground' is not a source"),
        ("WEATHER_SOURCE", "csv:", "'csv:' is not a source"),
        ("WEATHER_START", "yesterday", "WEATHER_START"),
    ],
)
def test_a_wrong_setting_names_the_variable_and_the_remedy(monkeypatch, variable, value, said):
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError, match=f"setting {variable}") as caught:
        load_settings()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_secrets_do_not_show(monkeypatch):
    secret = "s3cr3t-value"
    for name in ("KMA_API_HUB_KEY", "DATA_GO_KR_KEY", "SLACK_WEBHOOK_URL", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, secret)
    settings = load_settings()
    assert secret not in repr(settings)
    assert secret not in str(settings.model_dump())
