"""What surrounds every request: its id, its log lines, how long it took."""

from __future__ import annotations

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from text2song.api.errors import REQUEST_ID, SCOPE_KEY
from text2song.api.instruments import Instruments
from text2song.api.readiness import Readiness
from text2song.domain.ids import uuid7

# What a proxy may have chosen; anything else is replaced, so that log lines hold no foreign text.
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Watch:
    """Names each request, says the name in the answer and on every log line, and measures the answer.

    The id is the caller's own `X-Request-ID` where that is well formed.
    """

    def __init__(self, app: ASGIApp, *, prefix: str, readiness: Readiness, instruments: Instruments) -> None:
        """`prefix` is where the API begins: included routes tell their own part of the path alone."""
        self._app = app
        self._prefix = prefix
        self._readiness = readiness
        self._instruments = instruments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _WELL_FORMED.fullmatch(given) else uuid7().hex
        scope[SCOPE_KEY] = request_id
        # Every request runs in a task of its own, whose context ends with it.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = _Answer(send, request_id, self._readiness)
        start = time.perf_counter()
        try:
            await self._app(scope, receive, answer)
        finally:
            if not answer.streams:
                taken = time.perf_counter() - start
                self._instruments.answered(_method(scope), route_of(scope, self._prefix), answer.status, taken)


class _Answer:
    """Sends on, and remembers what was sent."""

    def __init__(self, send: Send, request_id: str, readiness: Readiness) -> None:
        self._send = send
        self._readiness = readiness
        self._request_id = request_id
        #: 500 stands as long as nothing was sent: the application failed.
        self.status = 500
        self.streams = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self._request_id
            if self._readiness.draining:
                headers["connection"] = "close"
            self.status = message["status"]
            self.streams = headers.get("content-type", "").startswith("text/event-stream")
        await self._send(message)


def route_of(scope: Scope, prefix: str) -> str:
    """Return the template of the path that was met, "page" for the web page, "none" for what is nowhere."""
    inside = scope["path"].startswith(prefix + "/")
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str):
        return prefix + template.removeprefix(prefix) if inside else template
    return "none" if inside else "page"


def _method(scope: Scope) -> str:
    method = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
