"""Keys and tokens: their form, what is stored, and how long they count."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.api.accounts import SECRET, person, server_studio

from text2song.domain.identity import READ, WRITE, Plan
from text2song.services import credentials
from text2song.services.accounts import start_session
from text2song.services.credentials import LOCAL, UnauthenticatedError, by_key, by_token, new_key, still_count
from text2song.services.keys import list_keys, revoke_key
from text2song.storage.models import ApiKey, UserSession


def test_a_key_is_its_own_checksum() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    for key in keys:
        assert credentials.well_formed(key)
        assert len(key) == 58
        for at in (9, 30, 57):
            other = "a" if key[at] != "a" else "b"
            assert not credentials.well_formed(key[:at] + other + key[at + 1 :])
    for nothing in ("", "t2s_live_", key[:-1], key + "0", key.replace("live", "test"), "é" * 58):
        assert not credentials.well_formed(nothing)


def test_keys_and_sessions_count_until_they_end(tmp_path: Path) -> None:
    studio = server_studio(tmp_path)
    ada = person(studio, "ada@example.org")
    key = ada.key(studio, READ)
    token = start_session(studio, ada.id)
    by_both = by_key(studio, key), by_token(studio, token)
    assert by_both[1] is not None
    assert by_both[0].actor.scopes == {READ}
    assert by_both[1].actor.scopes == {READ, WRITE}
    assert all(shown is not None and shown.actor.plan == Plan.FREE for shown in by_both)
    assert all(still_count(studio, shown) for shown in by_both if shown is not None)
    assert by_token(studio, token[:-1]) is None
    with pytest.raises(UnauthenticatedError):
        by_key(studio, new_key())
    assert by_both[0].key_id is not None
    (listed,) = list_keys(studio, by_both[0])
    assert listed.last_used_at is not None
    revoke_key(studio, by_both[0], by_both[0].key_id)
    assert not still_count(studio, by_both[0])
    with pytest.raises(UnauthenticatedError):
        by_key(studio, key)
    with studio.sessions.write() as session:
        session.query(UserSession).one().expires_at = studio.queue.clock() - timedelta(seconds=1)
    assert not still_count(studio, by_both[1])
    assert by_token(studio, token) is None
    start_session(studio, ada.id)
    with studio.sessions.read() as session:
        assert session.query(UserSession).count() == 1
        stored = session.query(ApiKey).one()
        assert key not in (stored.key_hash, stored.prefix)
    studio.close()


def test_the_secret_key_is_part_of_the_stored_hash(tmp_path: Path) -> None:
    studio = server_studio(tmp_path)
    token = start_session(studio, person(studio, "ada@example.org").id)
    studio.close()
    other = server_studio(tmp_path, secret_key=SECRET[::-1])
    assert by_token(other, token) is None
    other.close()


def test_the_local_owner_always_counts(tmp_path: Path) -> None:
    studio = server_studio(tmp_path)
    assert still_count(studio, LOCAL)
    studio.close()
