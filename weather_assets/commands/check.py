"""One line of `weather doctor`: what was looked at, how it is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it is. WARN: works, but not as a user may expect. FAIL: something that was set up does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """Result of looking at one thing."""

    verdict: Verdict
    subject: str
    text: str
    remedy: str | None = None


def ok(subject: str, text: str) -> Check:
    """All is well."""
    return Check(Verdict.OK, subject, text)


def warn(subject: str, text: str, remedy: str | None = None) -> Check:
    """Works, but not as a user may expect."""
    return Check(Verdict.WARN, subject, text, remedy)


def fail(subject: str, text: str, remedy: str | None = None) -> Check:
    """Does not work."""
    return Check(Verdict.FAIL, subject, text, remedy)


def first_line(error: BaseException) -> str:
    """First line of an error's message; its kind where it has none."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
