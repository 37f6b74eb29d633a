"""Signing in by a real OpenID Connect service on this machine, and every way in which it must fail."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from tests.api.accounts import Server, server
from tests.api.conftest import API
from tests.api.oidc_provider import CLIENT_ID, CLIENT_SECRET
from tests.servers import free_port

ADA = {"sub": "ada-1", "email": "ada.there@example.org", "email_verified": True, "name": "Ada There"}
SESSION, ATTEMPT = "__Host-t2s_session", "__Host-t2s_oidc"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.api.oidc_provider", str(port)])
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{address}/jwks")
            break
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, issuer: str) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("server")
    settings = {"oidc_issuer": issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    with server(folder, **settings) as site:
        yield site


@pytest.fixture
def site(made: Server, issuer: str) -> Server:
    made.client.cookies.clear()
    prepare(issuer)
    return made


def prepare(issuer: str, fault: str = "", **claims: object) -> None:
    httpx.post(f"{issuer}/next", json={"fault": fault, "claims": {**ADA, **claims}}).raise_for_status()


def come_back(site: Server) -> Any:
    """Go to the service and come back; return the answer to that."""
    gone = site.client.get(f"{API}/auth/oidc/login", follow_redirects=False)
    assert gone.status_code == 303, gone.text
    back = httpx.get(gone.headers["location"]).headers["location"]
    parts = urlsplit(back)
    return site.client.get(f"{parts.path}?{parts.query}", follow_redirects=False)


def slug(reply: Any) -> str:
    return str(reply.json()["type"]).rpartition("/")[2]


def test_there_and_back_makes_one_account(site: Server) -> None:
    assert site.client.get(f"{API}/auth/ways").json() == {
        "password": True,
        "registration": True,
        "oidc": "another service",
    }
    reply = come_back(site)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    me = site.client.get(f"{API}/me").json()
    assert (me["email"], me["name"], me["is_verified"]) == (ADA["email"], ADA["name"], True)
    assert ATTEMPT not in site.client.cookies
    site.client.cookies.clear()
    assert come_back(site).status_code == 303
    assert site.client.get(f"{API}/me").json()["id"] == me["id"]


@pytest.mark.parametrize("fault", ["issuer", "audience", "expired", "nonce", "key", "shared secret", "unsigned"])
def test_what_is_not_the_services_word_is_refused(site: Server, issuer: str, fault: str) -> None:
    prepare(issuer, fault)
    reply = come_back(site)
    assert (reply.status_code, slug(reply)) == (403, "sign-in-refused")
    assert SESSION not in site.client.cookies


def test_another_browser_cannot_finish(site: Server) -> None:
    gone = site.client.get(f"{API}/auth/oidc/login", follow_redirects=False)
    back = urlsplit(httpx.get(gone.headers["location"]).headers["location"])
    ours = site.client.cookies[ATTEMPT]
    site.client.cookies.clear()
    reply = site.client.get(f"{back.path}?{back.query}", follow_redirects=False)
    assert (reply.status_code, slug(reply)) == (422, "sign-in-attempt")
    site.client.cookies.set(ATTEMPT, ours)
    code = parse_qs(back.query)["code"][0]
    reply = site.client.get(f"{back.path}?code={code}&state=another", follow_redirects=False)
    assert (reply.status_code, slug(reply)) == (422, "sign-in-attempt")
    assert site.client.get(f"{back.path}?{back.query}", follow_redirects=False).status_code == 303
    site.client.cookies.set(ATTEMPT, ours)
    again = site.client.get(f"{back.path}?{back.query}", follow_redirects=False)
    assert (again.status_code, slug(again)) == (403, "sign-in-refused")


def test_an_address_of_somebody_else_is_not_handed_over(site: Server, issuer: str) -> None:
    prepare(issuer, sub="eve", email=site.ada.email)
    assert (come_back(site).status_code, slug(come_back(site))) == (409, "email-taken")
    prepare(issuer, sub="eve", email="eve@example.org", email_verified=False)
    assert slug(come_back(site)) == "unverified-email"
    prepare(issuer, sub="eve", email="eve@example.org", email_verified="true")
    assert slug(come_back(site)) == "unverified-email"
