"""The browser is kept honest: no foreign host names, no changes by foreign pages, safe headers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from text2song.api.access import Access
from text2song.api.deps import READING
from text2song.api.errors import problem_response
from text2song.api.headers import collect_headers

_HEADERS = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
)


_API = "/api/"
#: A server behind TLS is never again to be asked without it.
_SERVER_HEADERS = MappingProxyType({**_HEADERS, "Strict-Transport-Security": "max-age=31536000"})


class Guard:
    """Refuses requests that only a page of another site could have caused, before anything else sees them.

    A foreign name in Host means DNS rebinding; a foreign Origin on a request that changes something means cross-site
    request forgery. Every answer carries the security headers that it does not set itself.
    """

    def __init__(self, app: ASGIApp, *, access: Access) -> None:
        self._app = app
        self._access = access
        self._headers = _SERVER_HEADERS if access.server and access.secure else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        collected = collect_headers(scope)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(collected)
                if scope["path"].startswith(_API):
                    # What one person sees is nobody else's, and tomorrow's is another: no proxy, no browser keeps it.
                    headers.setdefault("Cache-Control", "no-store")
                _complete(headers, self._headers)
            await send(message)

        if b"%00" in scope.get("query_string", b"") or "\x00" in scope["path"]:
            refusal = problem_response(422, "invalid-request", "The request is wrong", "an address has no U+0000 in it")
            await refusal(scope, receive, send_safely)
            return
        objection = self._objection(scope["method"], Headers(scope=scope))
        if objection is None:
            await self._app(scope, receive, send_safely)
            return
        await problem_response(403, "foreign-request", "Not allowed", objection)(scope, receive, send_safely)

    def _objection(self, method: str, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if self._access.hosts is not None and _name(host) not in self._access.hosts:
            return "this studio answers under its own address only"
        if method in READING:
            return None
        origin = headers.get("origin")
        own = {host.lower(), *self._access.origins}
        foreign = origin is not None and urlsplit(origin).netloc.lower() not in own
        if foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "a page of another site may not change anything here"
        return None


def _name(host: str) -> str:
    """Return the host without its port.

    >>> _name("[::1]:8000"), _name("localhost")
    ('[::1]', 'localhost')
    """
    bracketed = host.startswith("[")
    name = host.partition("]")[0] + "]" if bracketed else host.partition(":")[0]
    return name.lower()


def _complete(headers: MutableHeaders, defaults: Mapping[str, str]) -> None:
    for name, value in defaults.items():
        headers.setdefault(name, value)
