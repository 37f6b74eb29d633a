"""Full-text search behind one door: `tsvector` on PostgreSQL, FTS5 on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Uuid,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
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
        if self._is_postgresql:
            # The planner takes a look into a document for a cheap one: for a frequent word it would read every song,
            # which costs twice what the index does. Until this transaction ends.
            session.execute(text("SET LOCAL enable_seqscan = off"))

    def ranked(self, terms: Terms, audience: Audience, limit: int) -> tuple[UUID, ...]:
        """Return the ids of at most `limit` finished compositions, the best match first, the newest of equals first."""
        if not terms.every:
            return ()
        return self.best(Narrowing(terms, ((MADE,), audience.labels())), limit)

    def best(self, query: Narrowing, limit: int, offset: int = 0) -> tuple[UUID, ...]:
        """Return the ids of the compositions that match from the `offset`th on, in the same order."""
        statement = _ranked_ts(query) if self._is_postgresql else _ranked_fts(query)
        return tuple(self.session.scalars(statement.limit(limit).offset(offset)))

    def count(self, query: Narrowing) -> int:
        """Return how many compositions match, as the index alone knows."""
        if self._is_postgresql:
            found = select(func.count()).select_from(Composition).where(_found(query.terms, query.labels))
        else:
            found = select(func.count()).select_from(_FTS).where(_matching(query))
        return self.session.scalar(found) or 0

    def narrowed(self, statement: Select[Any], query: Narrowing, *, by_rank: bool = False) -> Select[Any]:
        """Return a statement about compositions that keeps those that match, by rank first when wanted."""
        if self._is_postgresql:
            kept = statement.where(_found(query.terms, query.labels))
            return kept.order_by(_ts_rank(query.terms).desc()) if by_rank else kept
        if not by_rank:
            return statement.where(Composition.id.in_(select(_FTS.c.key).where(_matching(query))))
        joined = statement.join(_FTS, _FTS.c.key == Composition.id)
        return joined.where(_matching(query)).order_by(_FTS.c.rank)


def _ranked_ts(query: Narrowing) -> Select[Any]:
    found = select(Composition.id).where(_found(query.terms, query.labels))
    return found.order_by(_ts_rank(query.terms).desc(), Composition.id.desc())


def _ranked_fts(query: Narrowing) -> Select[Any]:
    found = select(_FTS.c.key).where(_matching(query))
    return found.order_by(_FTS.c.rank, literal_column(f"{FTS_TABLE}.rowid").desc())


def _ts_rank(terms: Terms) -> Any:
    kind: Any = ARRAY(REAL)
    weights: BindParameter[Any] = bindparam("weights", list(RANK_WEIGHTS), kind, unique=True)
    return func.ts_rank(weights, Composition.search, _ts(ts_query(terms)))


def _found(terms: Terms, labels: Sequence[Sequence[str]]) -> Any:
    whole = " & ".join(part for part in (ts_labels(labels), ts_query(terms)) if part)
    return Composition.search.op("@@")(_ts(whole))


def _ts(expression: str) -> BindParameter[str]:
    # A value of its type: text that is cast would be read again for every row, once the statement is prepared.
    return bindparam("match", expression, TSQUERY(), unique=True)


def _matching(query: Narrowing) -> ColumnElement[bool]:
    expression: BindParameter[str] = bindparam("match", fts_query(query.terms, query.labels), unique=True)
    return literal_column(FTS_TABLE).op("MATCH")(expression)
