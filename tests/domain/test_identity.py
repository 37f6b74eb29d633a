"""What credentials allow."""

from __future__ import annotations

from uuid import uuid4

from text2song.domain.identity import ADMIN, LOCAL_OWNER, LOCAL_OWNER_ID, READ, SCOPES, WRITE, Actor, Plan


def test_scopes_are_exact() -> None:
    reader = Actor(uuid4(), frozenset({READ}), Plan.FREE)
    assert reader.may(READ)
    assert not reader.may(WRITE)
    assert not reader.may(ADMIN)
    assert all(LOCAL_OWNER.may(scope) for scope in SCOPES)


def test_the_owners_id_is_a_uuid7_for_ever() -> None:
    assert str(LOCAL_OWNER_ID) == "00000000-0000-7000-8000-000000000001"
    assert LOCAL_OWNER_ID.version == 7
