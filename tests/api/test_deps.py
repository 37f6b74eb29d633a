"""Endpoints refuse to run in an application that was never given a studio."""

from __future__ import annotations

import asyncio
from inspect import iscoroutinefunction
from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE

from text2song.api import deps
from text2song.api.app import describe_app
from text2song.api.deps import get_feed, get_readiness


def test_half_built_application_is_found_out() -> None:
    app = describe_app()
    app.state.studio = None
    client = TestClient(app, base_url=BASE)
    with pytest.raises(TypeError, match="without its studio"):
        client.get(f"{API}/recent")


def test_missing_part_is_named() -> None:
    bare = SimpleNamespace(state=SimpleNamespace(feed=None, readiness=None))
    request = Request({"type": "http", "app": bare})
    with pytest.raises(TypeError, match="without its feed"):
        asyncio.run(get_feed(request))
    with pytest.raises(TypeError, match="without its readiness"):
        asyncio.run(get_readiness(request))


def test_no_dependency_takes_a_thread_of_its_own() -> None:
    asked = [value for name, value in vars(deps).items() if name.startswith("get_")]
    assert len(asked) > 10
    assert all(iscoroutinefunction(function) for function in asked)
