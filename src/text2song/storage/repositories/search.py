"""Full-text search behind one door: `tsvector` on PostgreSQL, FTS5 on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, Uuid, bindparam, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY
from sqlalchemy.orm import Session

from text2song.storage.models import Composition
from text2song.storage.repositories.audiences import Audience
from text2song.storage.searching import FTS_TABLE, MADE, RANK_WEIGHTS, fts_query, ts_labels, ts_query
from text2song.storage.terms import Terms

_FTS = table(FTS_TABLE, column("key", Uuid()), column("rank"))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Words, none for any, and one label of each of `labels`."""

    terms: Terms
    labels: tuple[tuple[str, ...], ...]


class SearchRepository:
    """Finds compositions by the words of their title, genres and prompt."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"

    def ranked(self, terms: Terms, audience: Audience, limit: int) -> tuple[UUID, ...]:
        """Return the ids of at most `limit` finished compositions, the best match first, the newest of equals first."""
        if not terms.every:
            return ()
        labels = ((MADE,), audience.labels())
        statement = self._ranked_ts(terms, labels) if self._is_postgresql else self._ranked_fts(terms, labels)
        return tuple(self.session.scalars(statement.limit(limit)))

    def narrowed(self, statement: Select[Any], query: Narrowing, *, by_rank: bool = False) -> Select[Any]:
        """Return a statement about compositions that keeps those that match, by rank first when wanted."""
        if self._is_postgresql:
            kept = statement.where(_found(query.terms, query.labels))
            return kept.order_by(_ts_rank(query.terms).desc()) if by_rank else kept
        if not by_rank:
            return statement.where(Composition.id.in_(_matched(query.terms, query.labels)))
        expression: BindParameter[str] = bindparam("match", fts_query(query.terms, query.labels), unique=True)
        joined = statement.join(_FTS, _FTS.c.key == Composition.id)
        return joined.where(literal_column(FTS_TABLE).op("MATCH")(expression)).order_by(_FTS.c.rank)

    def _ranked_ts(self, terms: Terms, labels: Sequence[Sequence[str]]) -> Select[Any]:
        found = select(Composition.id).where(_found(terms, labels))
        return found.order_by(_ts_rank(terms).desc(), Composition.id.desc())

    def _ranked_fts(self, terms: Terms, labels: Sequence[Sequence[str]]) -> Select[Any]:
        return _matched(terms, labels).order_by(_FTS.c.rank, literal_column(f"{FTS_TABLE}.rowid").desc())


def _ts_rank(terms: Terms) -> Any:
    return func.ts_rank(cast(list(RANK_WEIGHTS), ARRAY(REAL)), Composition.search, cast(ts_query(terms), TSQUERY))


def _found(terms: Terms, labels: Sequence[Sequence[str]]) -> Any:
    whole = " & ".join(part for part in (ts_labels(labels), ts_query(terms)) if part)
    return Composition.search.op("@@")(cast(whole, TSQUERY))


def _matched(terms: Terms, labels: Sequence[Sequence[str]]) -> Select[Any]:
    expression: BindParameter[str] = bindparam("match", fts_query(terms, labels), unique=True)
    return select(_FTS.c.key).where(literal_column(FTS_TABLE).op("MATCH")(expression))
