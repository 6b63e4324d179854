"""What is said between two looks at what is wrong: each thing once, and once that it is over."""

from hypothesis import given
from hypothesis import strategies as st

from weather_assets.monitoring.alerts.alert import Alert, messages, told_after


def alerts(keys: set[str]) -> list[Alert]:
    return [Alert(key, f"title of {key}", "text", "where") for key in sorted(keys)]


def said(told: dict[str, str], wrong: set[str]) -> list[tuple[str, str]]:
    return [(message.event, message.key) for message in messages(told, alerts(wrong))]


def test_new_alerts_are_raised_and_old_ones_resolved_by_their_title() -> None:
    told = {"a": "title of a", "b": "title of b"}
    assert said(told, {"b", "c"}) == [("raised", "c"), ("resolved", "a")]
    assert messages(told, [])[0].title == "title of a"


@given(looks=st.lists(st.sets(st.sampled_from("abc")), max_size=20))
def test_every_alert_is_raised_and_resolved_in_turn(looks: list[set[str]]) -> None:
    told: dict[str, str] = {}
    history: dict[str, list[str]] = {}
    for wrong in looks:
        sent = messages(told, alerts(wrong))
        for message in sent:
            history.setdefault(message.key, []).append(message.event)
        told = told_after(told, sent)
        assert told.keys() == wrong
        assert messages(told, alerts(wrong)) == []
    for events in history.values():
        assert events == ["raised", "resolved"] * (len(events) // 2) + ["raised"] * (len(events) % 2)


def test_what_was_not_delivered_is_said_again() -> None:
    sent = messages({}, alerts({"a", "b"}))
    told = told_after({}, sent[:1])
    assert said(told, {"a", "b"}) == [("raised", "b")]
