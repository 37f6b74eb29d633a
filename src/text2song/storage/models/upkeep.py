"""What follows from a composition is kept in step with it, in the same transaction, whoever writes it.

Its search document follows its texts; its takes carry its owner and whether it is public, a mark on a take says of
which song and whose it is, and the song carries when its takes were finished and how long they are, so that each list
of takes or of songs reads one index instead of joining tables.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DDL, Connection, event, inspect, select, update
from sqlalchemy.orm import Mapper

from text2song.storage.base import Base
from text2song.storage.models.compositions import Composition
from text2song.storage.models.favorites import Favorite
from text2song.storage.models.takes import Take
from text2song.storage.searching import (
    MADE,
    PUBLIC,
    SQLITE_TABLE,
    SQLITE_TRIGGERS,
    SearchDocument,
    genre_label,
    owner_label,
)
from text2song.storage.terms import sort_key

_SOURCES = ("title", "request", "summary", "public", "user_id")


def search_document(composition: Composition) -> SearchDocument:
    """Return what can be found of a composition."""
    summary = composition.summary
    genres = [*summary.get("genres", ()), *summary.get("moods", ()), str(summary.get("style") or "")]
    labels = [owner_label(composition.user_id), *([PUBLIC] if composition.public else []), *([MADE] if summary else [])]
    labels += [genre_label(genre) for genre in summary.get("genres", ())]
    prompt = str(composition.request.get("prompt") or "")
    return SearchDocument.of(title=composition.title, genres=genres, prompt=prompt, labels=labels)


@event.listens_for(Composition, "before_insert")
def _write_document(_mapper: Mapper[Any], _connection: Connection, composition: Composition) -> None:
    composition.search = search_document(composition)
    composition.sort_title = sort_key(composition.title)


@event.listens_for(Composition, "before_update")
def _rewrite_document(_mapper: Mapper[Any], _connection: Connection, composition: Composition) -> None:
    state = inspect(composition)
    if any(state.attrs[name].history.has_changes() for name in _SOURCES):
        composition.search = search_document(composition)
        composition.sort_title = sort_key(composition.title)


@event.listens_for(Composition, "after_update")
def _publish_takes(_mapper: Mapper[Any], connection: Connection, composition: Composition) -> None:
    if inspect(composition).attrs.public.history.has_changes():
        takes = update(Take).where(Take.composition_id == composition.id)
        connection.execute(takes.values(public=composition.public))


@event.listens_for(Take, "before_insert")
def _own_take(_mapper: Mapper[Any], connection: Connection, take: Take) -> None:
    owner = select(Composition.user_id, Composition.public).where(Composition.id == take.composition_id)
    row = connection.execute(owner).one_or_none()
    if row is None:
        return
    take.user_id, take.public = row
    take.created_at = take.created_at or datetime.now(UTC)
    changed: dict[str, Any] = {"made_at": take.created_at}
    if take.number == 1:
        changed["duration_seconds"] = take.duration_seconds
    connection.execute(update(Composition).where(Composition.id == take.composition_id).values(changed))


@event.listens_for(Favorite, "before_insert")
def _place_favorite(_mapper: Mapper[Any], connection: Connection, favorite: Favorite) -> None:
    of_take = select(Take.composition_id, Take.user_id).where(Take.id == favorite.take_id)
    row = connection.execute(of_take).one_or_none()
    if row is not None:
        favorite.composition_id, favorite.owner_id = row


for _statement in (*SQLITE_TABLE, *SQLITE_TRIGGERS):
    # Databases made from the models, as tests make them, have the index too; the others get it by migration.
    _ddl: DDL = DDL(_statement)  # type: ignore[no-untyped-call]
    event.listen(Base.metadata, "after_create", _ddl.execute_if(dialect="sqlite"))
