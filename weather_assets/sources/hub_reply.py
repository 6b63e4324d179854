"""How the KMA API hub answers: lines between two marks, or an error as JSON.

Belongs here: marks, lines, fields and errors. Does not: what a column means (see `kma_api_hub`).
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

from weather_assets.sources.failures import (
    PermanentFailure,
    QuotaExceeded,
    ServiceFailure,
    TransientFailure,
    key_refused,
    status_failure,
)
from weather_assets.sources.http import Reply

_START = "#START7777"
_END = "#7777END"
_LINE_END = "="
# How the hub words a used-up quota is not certain: calls, volume or limit exceeded.
_LIMIT_WORDS = ("한도", "초과", "용량", "횟수")


class HubText(NamedTuple):
    """The comment lines of a reply as one text, and its lines of data."""

    heading: str
    lines: Sequence[str]


def read_text(reply: Reply) -> HubText:
    """The lines of a good reply; none of data where there are no readings.

    Raises a ServiceFailure that says what kind of error it is; a body without both marks is a TransientFailure.
    """
    text = reply.text().strip()
    if text.startswith("{"):
        raise _failure(reply, text)
    if reply.status != HTTPStatus.OK:
        raise status_failure(reply.origin, reply.status, reply.retry_after_s)
    lines = [line.strip() for line in text.split("\n")]
    if lines[0] != _START:
        raise TransientFailure(reply.origin, f"the answer of {len(reply.body)} bytes is not what this endpoint sends")
    if lines[-1] != _END:
        raise TransientFailure(reply.origin, f"the answer is cut off after {len(reply.body)} bytes")
    heading = "\n".join(line for line in lines if line.startswith("#"))
    return HubText(heading, [line for line in lines if line and not line.startswith("#")])


def fields(line: str) -> list[str]:
    """The fields of a data line, which some endpoints divide by commas and end in `=`, the others by blanks."""
    if "," not in line:
        return line.split()
    parts = [part.strip() for part in line.split(",")]
    return parts[:-1] if parts[-1] == _LINE_END else parts


def _failure(reply: Reply, text: str) -> ServiceFailure:
    """An error in JSON, which comes with HTTP 200 too: the status inside counts."""
    status, message = _inside(text)
    if any(word in message for word in _LIMIT_WORDS):
        problem = "the day's calls are used up"
        return QuotaExceeded(reply.origin, problem, "see your limit at apihub.kma.go.kr", at=reply.received_at)
    if status == HTTPStatus.UNAUTHORIZED:
        return key_refused(reply.origin, f"HTTP {status}, the key is not accepted")
    if status == HTTPStatus.FORBIDDEN:
        problem = f"HTTP {status}, the key is not approved for this endpoint"
        remedy = "apply for it (활용신청) at apihub.kma.go.kr, where each endpoint needs its own application"
        return PermanentFailure(reply.origin, problem, remedy)
    if status is None or status == HTTPStatus.OK:
        return TransientFailure(reply.origin, f"the answer of {len(reply.body)} bytes is not what this endpoint sends")
    return status_failure(reply.origin, status, reply.retry_after_s)


def _inside(text: str) -> tuple[int | None, str]:
    try:
        result = json.loads(text).get("result")
    except ValueError:
        return None, ""
    if not isinstance(result, Mapping):
        return None, ""
    status = str(result.get("status"))
    return int(status) if status.isdecimal() else None, str(result.get("message"))
