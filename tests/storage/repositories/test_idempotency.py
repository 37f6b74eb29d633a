"""Records of requests are found while they are young."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from text2song.storage.engine import make_engine
from text2song.storage.models import IdempotencyRecord
from text2song.storage.repositories.idempotency import IdempotencyRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

NOW = datetime(2026, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def test_found_by_user_and_key_while_young(database_url: str) -> None:
    engine = make_engine(database_url)
    upgrade(engine)
    user = uuid4()
    with Sessions(engine).write() as session:
        records = IdempotencyRepository(session)
        row = IdempotencyRecord(user_id=user, key="a", fingerprint="f", result={"x": 1}, created_at=NOW)
        records.add(row)
        assert records.find(user, "a", NOW - DAY) is row
        assert records.find(user, "a", NOW + DAY) is None
        assert records.find(uuid4(), "a", NOW - DAY) is None
        assert records.find(user, "b", NOW - DAY) is None
        assert records.forget(NOW) == 0
        assert records.forget(NOW + DAY) == 1
    engine.dispose()
