"""Accounts through their use cases, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from tests.api.accounts import PASSWORD, server_studio

from text2song.domain.identity import Plan
from text2song.services.accounts import (
    EmailError,
    EmailTakenError,
    NewUser,
    Stranger,
    WrongLoginError,
    create_user,
    login,
    login_stranger,
    plain_email,
    register,
)
from text2song.services.credentials import by_token
from text2song.services.studio import Studio


@pytest.fixture
def studio(tmp_path: Path, database_url: str) -> Iterator[Studio]:
    made = server_studio(tmp_path, database_url=database_url)
    yield made
    made.close()


def test_one_of_many_gets_the_address(studio: Studio) -> None:
    def attempt(number: int) -> bool:
        try:
            create_user(studio, NewUser("Ada@example.org", None, str(number)))
        except EmailTakenError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_registered_means_signed_in(studio: Studio) -> None:
    user, token = register(studio, NewUser("ada@example.org", PASSWORD, " Ada "))
    assert (user.name, user.plan, user.is_admin) == ("Ada", Plan.FREE, False)
    shown = by_token(studio, token)
    assert shown is not None
    assert shown.actor.user_id == user.id
    assert login(studio, "ada@example.org", PASSWORD)[0] == user
    with pytest.raises(WrongLoginError):
        login(studio, "ada@example.org", PASSWORD + "!")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "a@b",
        "a@b.",
        "a@@b.de",
        "a b@c.de",
        "a\x00@b.de",
        "a@b.de\n.x",
        "x" * 260,
        "a@b..de",
        ".a@b.de",
        "a.@b.de",
        "a@.b.de",
    ],
)
def test_what_is_no_address(email: str) -> None:
    with pytest.raises(EmailError):
        plain_email(email)


def test_first_sign_ins_at_once_are_one_person(studio: Studio) -> None:
    stranger = Stranger(subject="https://id.example|7", email="eve@example.org", email_verified=True, name="Eve")
    clock, met, seen = studio.queue.clock, threading.Barrier(2), threading.local()

    def meeting() -> datetime:
        # The time is asked for after the look for an account and before one is made: there both wait for each other.
        if not hasattr(seen, "met"):
            seen.met = met.wait(60)
        return clock()

    studio.queue.clock = meeting
    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(lambda _: login_stranger(studio, stranger), range(2)))
    studio.queue.clock = clock
    assert came[0][0] == came[1][0]
    assert came[0][1] != came[1][1]
    # Another person of that service does not get the account by its address.
    with pytest.raises(EmailTakenError):
        login_stranger(studio, replace(stranger, subject="https://id.example|8"))


def test_an_account_of_elsewhere_has_no_password(studio: Studio) -> None:
    create_user(studio, NewUser("eve@example.org", None))
    with pytest.raises(WrongLoginError):
        login(studio, "eve@example.org", PASSWORD)
