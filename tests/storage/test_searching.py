"""The two index languages: what goes in is quoted, weighted and labelled."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import make_url

from text2song.storage.searching import (
    SearchColumn,
    SearchDocument,
    fts_query,
    genre_label,
    owner_label,
    ts_labels,
    ts_query,
)
from text2song.storage.terms import parsed

SQLITE, POSTGRESQL = (make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql+psycopg"))
DOCUMENT = SearchDocument.of(title="Night", genres=["lo-fi"], prompt="rain rain", labels=["made", "oab"])


def test_a_document_is_json_for_sqlite() -> None:
    stored = SearchColumn().process_bind_param(DOCUMENT, SQLITE)
    assert json.loads(stored or "") == ["made oab", "night", "lo fi lofi", "rain rain"]


def test_a_document_is_a_weighted_vector_for_postgresql() -> None:
    stored = SearchColumn().process_bind_param(DOCUMENT, POSTGRESQL)
    assert stored == "'made':1 'oab':1 'night':2A 'lo':13B 'fi':14B 'lofi':15B 'rain':26C 'rain':27C"


def test_positions_stop_where_postgresql_does() -> None:
    long = SearchDocument.of(title="a", genres=[], prompt="b " * 30_000, labels=[])
    vector = SearchColumn().process_bind_param(long, POSTGRESQL) or ""
    assert max(int(lexeme.rpartition(":")[2].rstrip("ABC")) for lexeme in vector.split()) <= 16_383


def test_no_document_stays_none() -> None:
    assert SearchColumn().process_bind_param(None, SQLITE) is None
    assert SearchColumn().process_result_value("x", SQLITE) is None


def test_queries_of_both_databases() -> None:
    terms = parsed('nights "slow rain" -drums')
    labels = (("made",), ("oab", "public"))
    assert fts_query(terms, labels) == (
        'labels : ("made") AND labels : ("oab" OR "public") AND {title genres prompt} : '
        '((("nights" OR "nights" * OR "night") AND ("slow rain")) NOT ("drums"))'
    )
    assert ts_query(terms) == (
        "('nights':ABC | 'nights':*ABC | 'night':ABC) & ('slow':ABC <-> 'rain':ABC) & !('drums':ABC)"
    )
    assert ts_labels(labels) == "('made':D) & ('oab':D | 'public':D)"


def test_an_owner_is_one_word() -> None:
    assert owner_label(UUID(int=10)) == "o" + "0" * 31 + "a"


def test_labels_alone_are_a_query_too() -> None:
    assert fts_query(parsed(""), (("made",),)) == 'labels : ("made")'
    assert ts_query(parsed("")) == ""


def test_a_genre_is_one_word() -> None:
    assert genre_label("Lo-Fi Hip Hop") == genre_label("lofi hip-hop") == "genrelofihiphop"
    assert genre_label("R&B") == genre_label("r&b")
