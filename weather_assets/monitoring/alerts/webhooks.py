"""Messages to webhooks: Slack-compatible ones and a generic one that gets JSON."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import httpx

from weather_assets.monitoring.alerts.alert import Message
from weather_assets.settings import Settings

TIMEOUT_S = 5.0
_ICONS = {"raised": ":rotating_light:", "resolved": ":white_check_mark:", "decided": ":gear:", "digest": ":sunny:"}


def send(settings: Settings, message: Message) -> str | None:
    """Post a message to every webhook that is set; returns why none took it, None where one did.

    Whoever took it is not told again because another webhook is out of order.

    Never raises: nobody's work may fail because a chat is down. The address is a secret and is not repeated. With no
    webhook set there is nobody to tell, which counts as told.
    """
    failures = [_post(name, url, payload) for name, url, payload in _deliveries(settings, message)]
    return None if None in failures else "; ".join(filter(None, failures)) or None


def has_webhook(settings: Settings) -> bool:
    """Whether anybody is told."""
    return settings.slack_webhook_url is not None or settings.alert_webhook_url is not None


def _deliveries(settings: Settings, message: Message) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    if settings.slack_webhook_url is not None:
        yield "SLACK_WEBHOOK_URL", settings.slack_webhook_url.get_secret_value(), {"text": slack_text(message)}
    if settings.alert_webhook_url is not None:
        yield "WEATHER_ALERT_WEBHOOK_URL", settings.alert_webhook_url.get_secret_value(), asdict(message)


def slack_text(message: Message) -> str:
    """The message in Slack's mark-up."""
    head = f"{_ICONS[message.event]} *{_escaped(message.title)}*"
    if message.event == "resolved":
        head = f"{_ICONS[message.event]} resolved: {_escaped(message.title)}"
    link = f"<{message.where}|look here>" if message.where else ""
    return "\n".join(part for part in (head, _escaped(message.text), link) if part)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _post(name: str, url: str, payload: Mapping[str, str]) -> str | None:
    # httpx logs the whole address at INFO, and the address is the secret.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        answer = httpx.post(url, json=dict(payload), timeout=TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return f"{name}: {type(error).__name__}"
    return None if answer.is_success else f"{name}: HTTP {answer.status_code}"
