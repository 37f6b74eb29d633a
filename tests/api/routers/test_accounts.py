"""Signing up, in and out; keys; and every way of doing so wrongly, in a studio with accounts and in one without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient
from tests.api.accounts import ASKED, PASSWORD, SITE, Server, server
from tests.api.conftest import API, Served

from text2song.api.app import app_of
from text2song.services.credentials import SESSION_IDLE
from text2song.storage.models import ApiKey, User, UserSession

COOKIE = "__Host-t2s_session"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("server")) as made:
        yield made


@pytest.fixture(autouse=True)
def signed_out(request: pytest.FixtureRequest) -> None:
    if "site" in request.fixturenames:
        request.getfixturevalue("site").client.cookies.clear()


def problem(reply: Any, status: int, slug: str) -> None:
    assert reply.status_code == status, reply.text
    assert reply.json()["type"].endswith(f"/{slug}")
    assert reply.headers["content-type"] == "application/problem+json"


def test_sign_up_in_and_out(site: Server) -> None:
    body = {"email": " Cleo@Example.org", "password": "a fine long secret", "name": "Cleo"}
    made = site.client.post(f"{API}/auth/register", json=body)
    assert made.status_code == 201
    me = made.json()
    assert (me["email"], me["name"], me["plan"], me["mode"]) == ("cleo@example.org", "Cleo", "FREE", "server")
    assert me["scopes"] == ["read", "write"]
    cookie = made.headers["set-cookie"]
    for part in (f"{COOKIE}=", "HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age="):
        assert part in cookie
    assert "Domain" not in cookie
    assert site.client.get(f"{API}/me").json()["id"] == me["id"]
    assert site.client.post(f"{API}/auth/logout", headers=ASKED).status_code == 204
    problem(site.client.get(f"{API}/me"), 401, "unauthenticated")
    again = site.client.post(f"{API}/auth/login", json={"email": "CLEO@example.org", "password": body["password"]})
    assert again.json()["id"] == me["id"]
    site.client.cookies.clear()
    problem(site.client.post(f"{API}/auth/register", json=body), 409, "email-taken")


@pytest.mark.parametrize(
    "change",
    [
        {"email": "no address"},
        {"email": "a@b"},
        {"email": "a b@example.org"},
        {"email": "<a>@example.org"},
        {"email": "x" * 250 + "@example.org"},
        {"email": 7},
        {"password": "short"},
        {"password": "x" * 129},
        {"password": "aaaaaaaaaaaa"},
        {"password": "dora@example.org"},
        {"is_admin": True},
        {"plan": "ENTERPRISE"},
        {"name": "x" * 101},
    ],
)
def test_a_wrong_sign_up_is_refused(site: Server, change: dict[str, object]) -> None:
    body = {"email": "dora@example.org", "password": "a fine long secret", **change}
    assert site.client.post(f"{API}/auth/register", json=body).status_code == 422
    with site.studio.sessions.read() as session:
        assert session.query(User).filter(User.email == "dora@example.org").count() == 0


def test_wrong_logins_are_all_the_same(site: Server) -> None:
    replies = [
        site.client.post(f"{API}/auth/login", json={"email": email, "password": password})
        for email, password in (
            (site.ada.email, "not her password"),
            ("nobody@example.org", PASSWORD),
            ("nothing", PASSWORD),
            (site.ada.email, "x"),
        )
    ]
    for reply in replies:
        problem(reply, 401, "wrong-login")
        assert reply.headers["www-authenticate"] == "Bearer"
        assert "set-cookie" not in reply.headers
    assert len({reply.json()["detail"] for reply in replies}) == 1


def test_a_login_ends_the_session_before_it(site: Server) -> None:
    first = site.sign_in(site.ada)
    old = site.client.cookies[COOKIE]
    assert first.status_code == 200
    site.client.post(
        f"{API}/auth/login", json={"email": site.ada.email, "password": PASSWORD}, headers=ASKED
    ).raise_for_status()
    assert site.client.cookies[COOKIE] != old
    thief = TestClient(site.client.app, base_url=SITE, cookies={COOKIE: old})
    problem(thief.get(f"{API}/me"), 401, "unauthenticated")


def test_only_a_keyed_hash_of_the_token_is_stored(site: Server) -> None:
    site.sign_in(site.ada)
    token = site.client.cookies[COOKIE]
    with site.studio.sessions.read() as session:
        stored = [row.token_hash for row in session.query(UserSession).all()]
    assert all(token not in text and len(text) == 64 for text in stored)


def test_a_session_unused_for_long_has_ended(site: Server) -> None:
    site.sign_in(site.bob)
    with site.studio.sessions.write() as session:
        for row in session.query(UserSession).filter(UserSession.user_id == site.bob.id):
            row.seen_at -= SESSION_IDLE
    problem(site.client.get(f"{API}/me"), 401, "unauthenticated")
    # What is public is still there for a browser with an old cookie.
    assert site.client.get(f"{API}/recent").status_code == 200


def test_a_closed_account_is_closed(site: Server) -> None:
    key = site.bob.key(site.studio)
    site.sign_in(site.bob)
    assert site.client.get(f"{API}/me").status_code == 200

    def close(*, closed: bool) -> None:
        with site.studio.sessions.write() as session:
            session.query(User).filter(User.id == site.bob.id).one().is_active = not closed

    close(closed=True)
    problem(site.client.get(f"{API}/me"), 401, "unauthenticated")
    problem(site.ask("GET", "/me", key), 401, "unauthenticated")
    problem(site.sign_in(site.bob), 401, "wrong-login")
    close(closed=False)


def test_a_new_password_signs_the_others_out(site: Server) -> None:
    other = TestClient(site.client.app, base_url=SITE)
    login = {"email": site.bob.email, "password": PASSWORD}
    assert other.post(f"{API}/auth/login", json=login).status_code == 200
    site.sign_in(site.bob)
    old = site.client.cookies[COOKIE]
    change = {"password": "another long secret", "current_password": "wrong"}
    problem(site.client.patch(f"{API}/me", json=change, headers=ASKED), 403, "wrong-password")
    change["current_password"] = PASSWORD
    assert site.client.patch(f"{API}/me", json=change, headers=ASKED).status_code == 200
    assert site.client.cookies[COOKIE] != old
    assert site.client.get(f"{API}/me").status_code == 200
    problem(other.get(f"{API}/me"), 401, "unauthenticated")
    change = {"password": PASSWORD, "current_password": "another long secret"}
    assert site.client.patch(f"{API}/me", json=change, headers=ASKED).status_code == 200


@pytest.mark.parametrize("body", [{}, {"password": "a fine long secret"}, {"name": None}, {"email": "x@example.org"}])
def test_a_wrong_change_is_refused(site: Server, body: dict[str, object]) -> None:
    site.sign_in(site.ada)
    assert site.client.patch(f"{API}/me", json=body, headers=ASKED).status_code == 422


def test_a_change_by_cookie_needs_our_page(site: Server) -> None:
    site.sign_in(site.ada)
    body = {"name": "Ada"}
    problem(site.client.patch(f"{API}/me", json=body), 403, "forgery")
    for headers in ({"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        problem(site.client.patch(f"{API}/me", json=body, headers={**ASKED, **headers}), 403, "foreign-request")
    for headers in ({}, {"origin": SITE, "sec-fetch-site": "same-origin"}):
        assert site.client.patch(f"{API}/me", json=body, headers={**ASKED, **headers}).status_code == 200
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        reply = site.client.patch(f"{API}/me", content='{"name": "x"}', headers={**ASKED, "content-type": kind})
        assert reply.status_code == 422


def test_foreign_host_names_are_not_answered(site: Server) -> None:
    for host, status in (("evil.test", 403), ("studio.test", 200), ("127.0.0.1:8000", 200)):
        assert site.client.get(f"{API}/health", headers={"host": host}).status_code in (status, 503)


def test_a_key_is_shown_once_and_works_until_revoked(site: Server) -> None:
    site.sign_in(site.ada)
    body = {"name": "laptop", "scopes": ["write", "read"], "expires_in_days": 30}
    made = site.client.post(f"{API}/me/keys", json=body, headers=ASKED).json()
    key = made["key"]
    assert key.startswith(made["prefix"])
    assert made["scopes"] == ["read", "write"]
    assert all("key" not in listed for listed in site.client.get(f"{API}/me/keys").json())
    with site.studio.sessions.read() as session:
        assert key not in str(vars(session.get(ApiKey, UUID(made["id"]))))
    assert site.ask("GET", "/me", key).json()["email"] == site.ada.email
    assert site.client.get(f"{API}/me", headers={"x-api-key": key}).status_code == 200
    site.sign_in(site.ada)
    listed = next(item for item in site.client.get(f"{API}/me/keys").json() if item["id"] == made["id"])
    assert listed["last_used_at"] is not None
    with TestClient(app_of(site.studio), base_url=SITE) as other_process:
        shown = {"authorization": f"Bearer {key}"}
        assert other_process.get(f"{API}/me", headers=shown).status_code == 200
        assert site.client.delete(f"{API}/me/keys/{made['id']}", headers=ASKED).status_code == 204
        problem(other_process.get(f"{API}/me", headers=shown), 401, "unauthenticated")
    problem(site.client.delete(f"{API}/me/keys/{made['id']}", headers=ASKED), 404, "not-found")


@pytest.mark.parametrize("shown", ["t2s_live_", "t2s_live_" + "a" * 49, "x", "", "Bearer", "t2s_live_é" + "a" * 48])
def test_what_is_no_key_is_refused(site: Server, shown: str) -> None:
    header = {b"authorization": f"Bearer {shown}".encode()}
    problem(site.client.get(f"{API}/recent", headers=header), 401, "unauthenticated")
    problem(site.client.get(f"{API}/me", headers={"authorization": "Basic YTpi"}), 401, "unauthenticated")


def test_a_read_only_key_reads_only(site: Server) -> None:
    key = site.ada.key(site.studio, "read")
    assert site.ask("GET", "/compositions", key).status_code == 200
    problem(site.ask("POST", "/generate", key, json={"prompt": "x"}), 403, "scope")
    problem(site.ask("DELETE", f"/jobs/{uuid4()}", key), 403, "scope")


def test_keys_cannot_grow(site: Server) -> None:
    key = site.ada.key(site.studio)
    problem(site.ask("POST", "/me/keys", key, json={"name": "x"}), 403, "scope")
    site.sign_in(site.ada)
    body = {"name": "x", "scopes": ["admin"]}
    problem(site.client.post(f"{API}/me/keys", json=body, headers=ASKED), 403, "scope")
    theirs = site.bob.key(site.studio)
    listed = site.ask("GET", "/me/keys", theirs).json()[0]["id"]
    site.sign_in(site.ada)
    problem(site.client.delete(f"{API}/me/keys/{listed}", headers=ASKED), 404, "not-found")


def test_an_expired_key_has_ended(site: Server) -> None:
    key = site.ada.key(site.studio, "read", days=1)
    assert site.ask("GET", "/me", key).status_code == 200
    with site.studio.sessions.write() as session:
        for row in session.query(ApiKey).filter(ApiKey.expires_at.is_not(None)):
            row.expires_at = site.studio.queue.clock() - timedelta(seconds=1)
    problem(site.ask("GET", "/me", key), 401, "unauthenticated")


def test_sign_ins_are_limited_by_source_and_by_address(tmp_path: Any) -> None:
    with server(tmp_path, rate_limits=0.1, trusted_proxies="0.0.0.0/0") as made:
        client = TestClient(made.client.app, base_url=SITE, client=("127.0.0.1", 1))

        def login(email: str, source: str) -> int:
            body = {"email": email, "password": "wrong password"}
            return client.post(f"{API}/auth/login", json=body, headers={"x-forwarded-for": source}).status_code

        assert [login(f"{number}@example.org", "198.51.100.1") for number in range(3)] == [401, 401, 429]
        assert [login("ada@example.org", f"198.51.100.{number}") for number in (2, 3)] == [401, 429]


def test_a_local_studio_has_one_owner_and_no_accounts(empty: Served) -> None:
    me = empty.get("/me").json()
    assert (me["mode"], me["email"], me["is_admin"]) == ("local", None, True)
    problem(empty.post("/auth/register", {"email": "a@example.org", "password": PASSWORD}), 403, "no-accounts")
    problem(empty.post("/auth/login", {"email": "a@example.org", "password": PASSWORD}), 403, "no-accounts")
    assert empty.post("/auth/logout", None).status_code == 204
    problem(empty.client.patch(f"{API}/me", json={"password": PASSWORD, "current_password": "x"}), 403, "no-accounts")


def test_registration_can_be_closed(tmp_path: Any) -> None:
    with server(tmp_path, registration="closed") as made:
        reply = made.client.post(f"{API}/auth/register", json={"email": "e@example.org", "password": PASSWORD})
        problem(reply, 403, "no-accounts")
