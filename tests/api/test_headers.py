"""Headers added by a dependency reach the answer, even one that the endpoint makes itself."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from text2song.api.headers import collect_headers, extra_headers


def test_what_is_added_is_collected() -> None:
    scope: dict[str, Any] = {"type": "http"}
    collected = collect_headers(scope)
    extra_headers(Request(scope))["Retry-After"] = "7"
    assert collected == {"Retry-After": "7"}


def test_nobody_need_collect() -> None:
    request = Request({"type": "http"})
    extra_headers(request)["A"] = "1"
    assert extra_headers(request) == {"A": "1"}
