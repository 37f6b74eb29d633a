"""The statements as each database reads them."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.sql.dml import ReturningUpdate

from text2song.jobs.statements import claim, completion


def written(statement: ReturningUpdate[tuple[object, ...]], database: str) -> str:
    dialect = make_url(f"{database}://").get_dialect()
    return str(statement.compile(dialect=dialect()))


def test_rows_that_others_claim_are_skipped_where_rows_are_locked() -> None:
    there = claim(frozenset({"sing"}), postgresql=True, server_time=True)
    assert "FOR UPDATE SKIP LOCKED" in written(there, "postgresql+psycopg")
    here = claim(frozenset({"sing"}), postgresql=False, server_time=False)
    assert "FOR UPDATE" not in written(here, "sqlite")


def test_statements_are_made_once() -> None:
    assert claim(None, postgresql=True, server_time=True) is claim(None, postgresql=True, server_time=True)
    assert completion(postgresql=False, server_time=False) is completion(postgresql=False, server_time=False)
    assert completion(postgresql=False, server_time=False) is not completion(postgresql=True, server_time=False)
