"""The statements as each database reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Update, make_url

from text2song.jobs.statements import claim, next_in_line, running


def written(statement: Update, database: str) -> str:
    dialect = make_url(f"{database}://").get_dialect()
    return str(statement.compile(dialect=dialect()))


def test_rows_that_others_claim_are_skipped_where_rows_are_locked() -> None:
    now = datetime.now(UTC)
    statement = claim(next_in_line(now, {"sing"}, 5), running("w", now, now))
    assert "FOR UPDATE SKIP LOCKED" in written(statement, "postgresql+psycopg")
    assert "FOR UPDATE" not in written(statement, "sqlite")
