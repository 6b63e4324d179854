"""What holds for every request and answer before a route is chosen: no long bodies, and no types that are guessed."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weather_assets.api.problems import NO_GUESSING, Problem, problem_reply

LONGEST_BODY = 64 * 1024
"""A command has some hundred bytes; a body is read into memory before the token is asked."""


class Safe:
    """ASGI middleware: long bodies are refused unread, browsers are told not to guess types, and there is no CORS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its body is too long; add the header to its answer."""

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), NO_GUESSING]
            await send(message)

        # Only commands have bodies that a route reads.
        refused = _refused(scope["headers"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        answer = self._app if refused is None else problem_reply(refused, None)
        await answer(scope, receive, safely)


def _refused(headers: Iterable[tuple[bytes, bytes]]) -> Problem | None:
    """What is wrong with a body, by its headers; without them there is none."""
    for name, value in headers:
        if name == b"transfer-encoding":
            return Problem(411, "length-required", "send the body in one piece, with its Content-Length")
        if name == b"content-length" and not _is_short(value):
            return Problem(413, "body-too-long", f"a body may have {LONGEST_BODY} bytes; /docs shows what is expected")
    return None


def _is_short(length: bytes) -> bool:
    # Thousands of digits are not worth reading.
    return length.isdigit() and len(length) <= len(str(LONGEST_BODY)) and int(length) <= LONGEST_BODY
