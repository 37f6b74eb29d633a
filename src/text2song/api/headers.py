"""Headers that a dependency adds to the answer, whatever kind of answer it becomes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Scope

_KEY = "text2song.headers"


def extra_headers(request: Request) -> dict[str, str]:
    """Return the headers to be added to the answer; change it in place.

    A dependency's own `Response` is lost when the endpoint returns one itself or raises; these are not.
    """
    headers: dict[str, str] = request.scope.setdefault(_KEY, {})
    return headers


def collect_headers(scope: Scope) -> dict[str, str]:
    """Begin to collect the headers of one request and return where they arrive."""
    collected: dict[str, str] = {}
    scope[_KEY] = collected
    return collected
