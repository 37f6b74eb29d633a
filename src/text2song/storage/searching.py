"""The full-text index of the compositions: a `tsvector` under GIN on PostgreSQL, an FTS5 table on SQLite.

Triggers keep the FTS5 table. Both hold the words that `storage.terms` made, under the same four headings with the same
weights, and the labels that say who may find a composition, so that the index alone answers a search.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from text2song.storage.terms import Term, Terms, indexed, sort_key

#: The FTS5 table; SQLite adds tables of its own whose names begin with it.
FTS_TABLE = "compositions_fts"
#: Labels of compositions that are finished, and that everyone may read.
MADE, PUBLIC = "made", "public"
#: PostgreSQL's weights of labels (D), prompt (C), genres (B) and title (A).
RANK_WEIGHTS = (0.0, 0.25, 0.5, 1.0)

_LETTERS = MappingProxyType({"title": "A", "genres": "B", "prompt": "C"})
#: PostgreSQL numbers positions up to 16383; a gap keeps phrases from reaching over the end of a field.
_LAST_POSITION, _GAP = 16_383, 10

_ROW = ", ".join(f"json_extract(new.search, '$[{place}]')" for place in range(4))
_INSERT = f"INSERT INTO {FTS_TABLE} (key, labels, title, genres, prompt) VALUES (new.id, {_ROW});"  # noqa: S608 - constants
_DELETE = f"""DELETE FROM {FTS_TABLE} WHERE rowid IN
    (SELECT rowid FROM {FTS_TABLE} WHERE {FTS_TABLE} MATCH 'key:"' || old.id || '"');"""  # noqa: S608 - constants

#: What makes the index on SQLite. A migration that rebuilds `compositions` must run the triggers again.
SQLITE_TABLE = (
    f"CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5(key, labels, title, genres, prompt, tokenize='ascii', prefix='2 3')",
    f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}, rank) VALUES ('rank', 'bm25(0.0, 0.0, 8.0, 4.0, 2.0)')",  # noqa: S608
)
SQLITE_TRIGGERS = (
    f"CREATE TRIGGER {FTS_TABLE}_insert AFTER INSERT ON compositions WHEN new.search IS NOT NULL BEGIN {_INSERT} END",
    f"CREATE TRIGGER {FTS_TABLE}_update AFTER UPDATE OF search ON compositions BEGIN {_DELETE} {_INSERT} END",
    f"CREATE TRIGGER {FTS_TABLE}_delete AFTER DELETE ON compositions BEGIN {_DELETE} END",
)


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What can be found of one composition: its labels, and the words under each heading."""

    labels: str
    title: str
    genres: str
    prompt: str

    @classmethod
    def of(cls, *, title: str, genres: Sequence[str], prompt: str, labels: Sequence[str]) -> SearchDocument:
        """Return the document of a composition's texts."""
        return cls(" ".join(labels), indexed(title), indexed(", ".join(genres)), indexed(prompt))


class SearchColumn(TypeDecorator[SearchDocument]):
    """A column that only the index reads."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's own type."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: SearchDocument | None, dialect: Dialect) -> str | None:
        """Return the document as the database's index reads it."""
        if value is None:
            return None
        return _vector(value) if dialect.name == "postgresql" else json.dumps(astuple(value), ensure_ascii=False)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> SearchDocument | None:  # noqa: ARG002
        """Return nothing: the words are not kept in a form to be read again."""
        return None


def owner_label(user_id: UUID) -> str:
    """Return the label of a user's own compositions."""
    return f"o{user_id.hex}"


def genre_label(genre: str) -> str:
    """Return the label of the compositions of a genre."""
    return "genre" + sort_key(genre).replace(" ", "")


def fts_query(terms: Terms, labels: Sequence[Sequence[str]]) -> str:
    """Return an FTS5 expression: one label of each of `labels`, and the words, if any."""
    labelled = [f"labels : ({' OR '.join(_quoted(label) for label in alternatives)})" for alternatives in labels]
    if not terms.every:
        return " AND ".join(labelled)
    words = " AND ".join(f"({' OR '.join(_fts(term) for term in alternatives)})" for alternatives in terms.every)
    if terms.without:
        words = f"({words}) NOT ({' OR '.join(_fts(term) for term in terms.without)})"
    return " AND ".join([*labelled, f"{{title genres prompt}} : ({words})"])


def ts_query(terms: Terms) -> str:
    """Return a PostgreSQL `tsquery` of the words alone, which is what ranks."""
    words = " & ".join(f"({' | '.join(_ts(term) for term in alternatives)})" for alternatives in terms.every)
    return words + "".join(f" & !({_ts(term)})" for term in terms.without)


def ts_labels(labels: Sequence[Sequence[str]]) -> str:
    """Return a PostgreSQL `tsquery` of one label of each of `labels`."""
    each = (" | ".join(f"'{label}':D" for label in alternatives) for alternatives in labels)
    return " & ".join(f"({alternatives})" for alternatives in each)


def _quoted(label: str) -> str:
    return f'"{label}"'


def _fts(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'


def _ts(term: Term) -> str:
    *first, last = term.words
    parts = [f"'{word}':ABC" for word in first]
    return " <-> ".join([*parts, f"'{last}':{'*' if term.prefix else ''}ABC"])


def _vector(document: SearchDocument) -> str:
    """Return a `tsvector` literal; words hold neither quotes nor backslashes."""
    return " ".join(_lexemes(document))


def _lexemes(document: SearchDocument) -> Iterator[str]:
    yield from (f"'{label}':1" for label in document.labels.split())
    position = 2
    for heading, letter in _LETTERS.items():
        for word in getattr(document, heading).split():
            yield f"'{word}':{min(position, _LAST_POSITION)}{letter}"
            position += 1
        position += _GAP
