"""An alert, and what changes between two looks at what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Alert:
    """Something that is wrong. `key` tells it from others over time, `where` is the address to look at."""

    key: str
    title: str
    text: str
    where: str


@dataclass(frozen=True)
class Message:
    """What is sent: `event` is raised, resolved, decided or digest."""

    event: str
    key: str
    title: str
    text: str
    where: str


def messages(told: Mapping[str, str], wrong: Iterable[Alert]) -> list[Message]:
    """One message for each alert that is new, and one for each that is over. Nothing is said twice.

    `told` are the titles, by key, of the alerts that people know of.
    """
    now = {alert.key: alert for alert in wrong}
    raised = [Message("raised", a.key, a.title, a.text, a.where) for a in now.values() if a.key not in told]
    over = [Message("resolved", key, title, "it is over", "") for key, title in told.items() if key not in now]
    return [*raised, *over]


def told_after(told: Mapping[str, str], sent: Iterable[Message]) -> dict[str, str]:
    """The titles that people know of once these messages are delivered."""
    known = dict(told)
    for message in sent:
        if message.event == "raised":
            known[message.key] = message.title
        else:
            known.pop(message.key, None)
    return known
