"""Passwords: hashed with Argon2id, compared in the same time whether or not there is one."""

from __future__ import annotations

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from text2song.domain.errors import InvalidError

#: Characters that a password may have; the upper end keeps hashing from being a way to spend our time.
LENGTH = (10, 128)
#: Different characters that it needs.
_DISTINCT = 5

# 64 MiB, three passes, four lanes: the second choice of RFC 9106, section 4.
_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4),))
#: A hash with the same costs, of a password that nobody can have: it is too short.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$7klnVVdgqGXHFkkmkee4mA$OwqJPH+yn9X1ZiGijXPZylooJNDZA1bj9AmnSXZFWnk"


class WeakPasswordError(InvalidError):
    """The password is too easy to guess."""

    slug = "weak-password"


def hash_password(password: str, email: str) -> str:
    """Return the Argon2id hash of a new password of `email`; raises `WeakPasswordError`."""
    low, high = LENGTH
    if not low <= len(password) <= high:
        raise WeakPasswordError(f"a password has {low}–{high} characters", field="password")
    if len(set(password)) < _DISTINCT:
        raise WeakPasswordError(f"a password has at least {_DISTINCT} different characters", field="password")
    if password.casefold() in (email, email.partition("@")[0]):
        raise WeakPasswordError("the e-mail address is not a password", field="password")
    return _HASHER.hash(password)


def check_password(password: str, hashed: str | None) -> bool:
    """Return whether the password is the one that was hashed; without a hash, take as long and return False."""
    try:
        right = _HASHER.verify(password, hashed or _NOBODY)
    except UnknownHashError:
        return False
    return right and hashed is not None
