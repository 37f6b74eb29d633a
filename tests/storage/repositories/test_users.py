"""Accounts; the owner of a local studio is one."""

from __future__ import annotations

from text2song.domain.identity import LOCAL_OWNER_ID, Plan
from text2song.storage.engine import make_engine
from text2song.storage.repositories.users import UserRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


def test_every_database_has_the_local_owner() -> None:
    engine = make_engine("sqlite://")
    upgrade(engine)
    with Sessions(engine).read() as session:
        owner = UserRepository(session).get(LOCAL_OWNER_ID)
    assert (owner.email, owner.password_hash, owner.plan) == (None, None, Plan.ENTERPRISE)
    assert owner.is_active
    assert owner.is_admin
