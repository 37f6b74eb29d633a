"""What surrounds every request: its id, its log lines, how long it took."""

from __future__ import annotations

import re
import time

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from text2song.api.errors import REQUEST_ID, SCOPE_KEY
from text2song.api.instruments import Instruments
from text2song.api.readiness import Readiness
from text2song.domain.ids import uuid7
from text2song.services.observing import trace_id

_FAILED = 500
_tracer = trace.get_tracer("text2song")
_context = TraceContextTextMapPropagator()

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
        with _tracer.start_as_current_span(scope["method"], _parent(scope), SpanKind.SERVER) as span:
            # Every request runs in a task of its own, whose context ends with it.
            names = {"request_id": request_id, "trace_id": trace_id(span)}
            structlog.contextvars.bind_contextvars(**{name: value for name, value in names.items() if value})
            answer = _Answer(send, request_id, self._readiness)
            start = time.perf_counter()
            try:
                await self._app(scope, receive, answer)
            finally:
                self._note(scope, answer, time.perf_counter() - start, span)

    def _note(self, scope: Scope, answer: _Answer, seconds: float, span: Span) -> None:
        method, route = _method(scope), route_of(scope, self._prefix)
        span.update_name(f"{method} {route}")
        span.set_attribute("http.request.method", method)
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", answer.status)
        if answer.status >= _FAILED:
            span.set_status(StatusCode.ERROR)
        if not answer.streams:
            self._instruments.answered(method, route, answer.status, seconds)


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


def _parent(scope: Scope) -> Context:
    """Return the trace that the caller is in, as its `traceparent` says."""
    return _context.extract(dict(Headers(scope=scope)))


def _method(scope: Scope) -> str:
    method = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
