"""A studio in server mode with two people in it, for tests of who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient
from tests.api.conftest import API
from tests.services.fakes import make_studio

from text2song.api.app import app_of
from text2song.domain.identity import READ, SCOPES, WRITE, Actor, Plan
from text2song.services.accounts import NewUser, create_user
from text2song.services.credentials import Credentials
from text2song.services.keys import create_key
from text2song.services.studio import Studio

SITE = "https://studio.test"
SECRET = "vX3k9-Q2m_7Tz1Lr8Yw5Bn4Hc6Jd0PfGs"  # noqa: S105 - of tests
PASSWORD = "correct horse battery staple"  # noqa: S105 - of tests
ASKED = {"x-requested-with": "tests"}


@dataclass
class Person:
    """Somebody with an account and ways to show it."""

    email: str
    id: UUID
    actor: Actor

    def key(self, studio: Studio, *scopes: str, days: int | None = None) -> str:
        return create_key(studio, Credentials(self.actor), "tests", scopes or (READ, WRITE), days)[1]


@dataclass
class Server:
    """A client of a studio in server mode, and the people who have accounts there."""

    client: TestClient
    studio: Studio
    ada: Person
    bob: Person

    def ask(self, method: str, path: str, key: str | None = None, **options: Any) -> Any:
        """Ask without a cookie, as a program does."""
        self.client.cookies.clear()
        headers = {**options.pop("headers", {}), **({} if key is None else {"authorization": f"Bearer {key}"})}
        return self.client.request(method, API + path, headers=headers, **options)

    def sign_in(self, person: Person, password: str = PASSWORD) -> Any:
        return self.client.post(f"{API}/auth/login", json={"email": person.email, "password": password})


def person(studio: Studio, email: str, *, admin: bool = False) -> Person:
    made = create_user(studio, NewUser(email, PASSWORD, is_admin=admin))
    scopes = frozenset(SCOPES) if admin else frozenset({READ, WRITE})
    return Person(email, made.id, Actor(made.id, scopes, Plan.FREE))


def server_studio(folder: Path, **changes: object) -> Studio:
    settings: dict[str, object] = {"mode": "server", "secret_key": SECRET, "public_url": SITE}
    return make_studio(folder, **{**settings, **changes})


@contextmanager
def server(folder: Path, **changes: object) -> Iterator[Server]:
    studio = server_studio(folder, **changes)
    with TestClient(app_of(studio), base_url=SITE) as client:
        yield Server(client, studio, person(studio, "ada@example.org"), person(studio, "bob@example.org"))
    studio.close()
