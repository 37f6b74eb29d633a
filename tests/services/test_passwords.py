"""Passwords: what is accepted, and that an unknown user takes as long as a wrong password."""

from __future__ import annotations

import statistics
import time

import pytest

from text2song.services.passwords import WeakPasswordError, check_password, hash_password

EMAIL = "ada@example.org"


def test_a_hash_knows_its_password_alone() -> None:
    hashed = hash_password("correct horse", EMAIL)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert check_password("correct horse", hashed)
    assert not check_password("Correct horse", hashed)
    assert not check_password("correct horse", None)
    assert not check_password("correct horse", "plain text")
    assert hash_password("correct horse", EMAIL) != hashed


@pytest.mark.parametrize("password", ["short", "x" * 129, "aaaaabbbbb", EMAIL, "ADA@example.org", ""])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        hash_password(password, EMAIL)


@pytest.mark.alone
def test_an_unknown_user_takes_as_long() -> None:
    hashed = hash_password("correct horse", EMAIL)

    def seconds(known: str | None) -> float:
        began = time.perf_counter()
        check_password("a wrong guess", known)
        return time.perf_counter() - began

    pairs = [(seconds(hashed), seconds(None)) for _ in range(15)]
    ratio = statistics.median(known for known, _ in pairs) / statistics.median(unknown for _, unknown in pairs)
    assert 0.8 < ratio < 1.25
