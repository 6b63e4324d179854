"""Messages to a webhook on this machine, and to ones that do not answer."""

import time
from pathlib import Path

import pytest
from webhook import webhook

from weather_assets.monitoring.alerts.alert import Message
from weather_assets.monitoring.alerts.webhooks import has_webhook, send
from weather_assets.settings import Settings

RAISED = Message("raised", "k", "Seoul <108> & more", "silent for 5 hours", "http://127.0.0.1:3000/assets/x")


def settings(**given: str) -> Settings:
    return Settings(_env_file=None, home=Path("unused"), **given)


def test_slack_gets_marked_up_text_with_a_link() -> None:
    with webhook() as slack:
        assert send(settings(slack_webhook_url=slack.url), RAISED) is None
    assert slack.received == [
        {
            "text": ":rotating_light: *Seoul &lt;108&gt; &amp; more*\nsilent for 5 hours\n"
            "<http://127.0.0.1:3000/assets/x|look here>"
        }
    ]


def test_the_generic_webhook_gets_every_part_as_json() -> None:
    with webhook() as generic:
        assert send(settings(alert_webhook_url=generic.url), RAISED) is None
    assert generic.received == [
        {
            "event": "raised",
            "key": "k",
            "title": "Seoul <108> & more",
            "text": "silent for 5 hours",
            "where": "http://127.0.0.1:3000/assets/x",
        }
    ]


def test_a_resolved_message_says_so_and_has_no_link() -> None:
    with webhook() as slack:
        send(settings(slack_webhook_url=slack.url), Message("resolved", "k", "late", "it is over", ""))
    assert slack.received == [{"text": ":white_check_mark: resolved: late\nit is over"}]


def test_without_a_webhook_nobody_is_told() -> None:
    assert not has_webhook(settings())
    assert send(settings(), RAISED) is None


def test_a_refused_message_is_told_of_without_the_address() -> None:
    with webhook() as slack:
        slack.status = 403
        reason = send(settings(slack_webhook_url=slack.url), RAISED)
    assert reason == "SLACK_WEBHOOK_URL: HTTP 403"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/top-secret", "not an address with top-secret", "http://[top-secret"]
)
def test_a_webhook_that_does_not_answer_raises_nothing_and_stays_secret(url: str) -> None:
    began = time.monotonic()
    reason = send(settings(slack_webhook_url=url), RAISED)
    assert reason is not None
    assert reason.startswith("SLACK_WEBHOOK_URL: ")
    assert "top-secret" not in reason
    assert time.monotonic() - began < 6


def test_a_dead_webhook_does_not_keep_the_other_from_being_told() -> None:
    with webhook() as generic:
        both = settings(slack_webhook_url="http://127.0.0.1:9/x", alert_webhook_url=generic.url)
        assert send(both, RAISED) is None
    assert len(generic.received) == 1
    assert send(both, RAISED) == "SLACK_WEBHOOK_URL: ConnectError; WEATHER_ALERT_WEBHOOK_URL: ConnectError"


def test_the_address_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with webhook() as generic, caplog.at_level("INFO"):
        assert send(settings(alert_webhook_url=f"{generic.url}?key=top-secret"), RAISED) is None
    assert "top-secret" not in caplog.text


def test_the_settings_do_not_show_the_addresses() -> None:
    shown = repr(settings(slack_webhook_url="http://x/top-secret", alert_webhook_url="http://x/top-secret"))
    assert "top-secret" not in shown
