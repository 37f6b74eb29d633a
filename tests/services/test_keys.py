"""Keys through their use cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.api.accounts import Person, person, server_studio

from text2song.domain.identity import ADMIN, READ, WRITE
from text2song.services import keys
from text2song.services.credentials import Credentials, by_key
from text2song.services.keys import ScopeError, TooManyKeysError, create_key, list_keys, revoke_key
from text2song.services.studio import Studio
from text2song.storage.repositories.base import RowNotFoundError


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = server_studio(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ada(studio: Studio) -> Person:
    return person(studio, "ada@example.org")


def test_an_account_has_so_many_keys(studio: Studio, ada: Person) -> None:
    shown = Credentials(ada.actor)
    for _ in range(keys.MAX_KEYS):
        create_key(studio, shown, "one of many", (READ,), None)
    with pytest.raises(TooManyKeysError):
        create_key(studio, shown, "one too many", (READ,), None)
    revoke_key(studio, shown, list_keys(studio, shown)[0].id)
    create_key(studio, shown, "again", (READ,), None)


def test_a_key_can_neither_make_keys_nor_end_others(studio: Studio, ada: Person) -> None:
    first, second = (by_key(studio, ada.key(studio)) for _ in range(2))
    with pytest.raises(ScopeError):
        create_key(studio, first, "child", (READ,), None)
    assert second.key_id is not None
    with pytest.raises(ScopeError):
        revoke_key(studio, first, second.key_id)
    revoke_key(studio, second, second.key_id)
    with pytest.raises(RowNotFoundError):
        revoke_key(studio, Credentials(ada.actor), uuid4())


def test_a_key_has_no_more_scopes_than_its_account(studio: Studio, ada: Person) -> None:
    with pytest.raises(ScopeError):
        create_key(studio, Credentials(ada.actor), "x", (ADMIN,), None)
    chief = person(studio, "chief@example.org", admin=True)
    assert by_key(studio, chief.key(studio, WRITE, ADMIN)).actor.scopes == {WRITE, ADMIN}
