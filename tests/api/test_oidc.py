"""What a browser keeps while its person is away cannot be made by anybody else."""

from __future__ import annotations

import time

import pytest
from tests.api.accounts import SECRET

from text2song.api.oidc import Attempt, AttemptError, unseal


def test_attempts_are_sealed_and_end() -> None:
    attempt = Attempt("s", "n", "v", time.time() + 5)
    sealed = attempt.sealed(SECRET)
    assert unseal(sealed, SECRET) == attempt
    late = Attempt("s", "n", "v", time.time() - 1).sealed(SECRET)
    for text in ("", ".", sealed[:-1], sealed[1:], f"e30.{sealed.partition('.')[2]}", late, "é.é"):
        with pytest.raises(AttemptError):
            unseal(text, SECRET)
    with pytest.raises(AttemptError):
        unseal(sealed, SECRET[::-1])
