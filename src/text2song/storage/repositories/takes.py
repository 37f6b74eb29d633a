"""Finished takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, literal, select, union, update
from sqlalchemy.orm import load_only

from text2song.storage.models import Composition, Favorite, Prompt, Take
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.base import RepositoryBase, RowNotFoundError

# What a list shows of a take: everything but its stems and its drawing.
_LISTED = (
    *(Take.composition_id, Take.user_id, Take.public, Take.number, Take.seed, Take.provider, Take.device),
    *(Take.precision, Take.duration_seconds, Take.sample_rate, Take.channels, Take.generation_seconds),
    *(Take.realtime_factor, Take.files, Take.play_count, Take.download_count, Take.favorite_count),
    *(Take.last_played_at, Take.created_at),
)

#: A take, its title, its prompt's text, its composition's summary, and whether the reader marked it.
ListedTake = Row[Take, str, str, dict[str, Any], bool]


class TakeRepository(RepositoryBase[Take]):
    """Takes and the folders of their files."""

    model = Take
    noun = "take"

    def of_composition(self, composition_id: UUID) -> tuple[Take, ...]:
        """Return the takes of a composition in order."""
        statement = select(Take).where(Take.composition_id == composition_id).order_by(Take.number)
        return tuple(self.session.scalars(statement))

    def known_prefixes(self, prefixes: Collection[str]) -> frozenset[str]:
        """Return those of `prefixes` that belong to a take."""
        return frozenset(self.session.scalars(select(Take.prefix).where(Take.prefix.in_(prefixes))))

    def readable(self, id_: UUID, user_id: UUID | None) -> Take:
        """Return one take if it is the user's or public.

        Raises `RowNotFoundError`; `user_id` is None for people without an account.
        """
        take = self.get(id_)
        if not take.public and take.user_id != user_id:
            raise RowNotFoundError(f"there is no {self.noun} {id_}")
        return take

    def recent(self, audience: Audience, limit: int) -> tuple[ListedTake, ...]:
        """Return the takes finished last, the latest first."""
        return self._first(audience, (Take.created_at.desc(), Take.id.desc()), limit)

    def most_played(self, audience: Audience, limit: int) -> tuple[ListedTake, ...]:
        """Return the takes with the most plays, and of those with as many the latest first; unplayed ones too."""
        return self._first(audience, (Take.play_count.desc(), Take.id.desc()), limit)

    def of_compositions(self, ids: Sequence[UUID], user_id: UUID | None, limit: int) -> tuple[ListedTake, ...]:
        """Return the takes of these compositions in the order of `ids`."""
        rows = self.session.execute(_listed(user_id).where(Take.composition_id.in_(ids))).all()
        place = {id_: index for index, id_ in enumerate(ids)}
        return tuple(sorted(rows, key=lambda row: (place[row[0].composition_id], row[0].number))[:limit])

    def played(self, id_: UUID, when: datetime) -> int:
        """Count a play, of the song as well, and return how many there are now of the take.

        Raises `RowNotFoundError`.
        """
        # The song first, as whoever changes a song and its takes does: two such changes wait, and never for each other.
        song = select(Take.composition_id).where(Take.id == id_).scalar_subquery()
        counted = update(Composition).where(Composition.id == song).values(play_count=Composition.play_count + 1)
        self.session.execute(counted.execution_options(synchronize_session=False))
        return self._counted(id_, {"play_count": Take.play_count + 1, "last_played_at": when}, Take.play_count)

    def downloaded(self, id_: UUID) -> int:
        """Count a download and return how many there are now; raises `RowNotFoundError`."""
        return self._counted(id_, {"download_count": Take.download_count + 1}, Take.download_count)

    def _counted(self, id_: UUID, values: dict[str, Any], column: Any) -> int:
        statement = update(Take).where(Take.id == id_).values(values).returning(column)
        count = self.session.scalars(statement.execution_options(synchronize_session=False)).one_or_none()
        if count is None:
            # Removed since it was read.
            raise RowNotFoundError(f"there is no {self.noun} {id_}")
        return int(count)

    def _first(self, audience: Audience, order: Sequence[ColumnElement[Any]], limit: int) -> tuple[ListedTake, ...]:
        ids = self.session.scalars(first_ids(audience, order, limit)).all()
        rows = self.session.execute(_listed(audience.user_id).where(Take.id.in_(ids))).all()
        place = {id_: index for index, id_ in enumerate(ids)}
        return tuple(sorted(rows, key=lambda row: place[row[0].id]))


def first_ids(audience: Audience, order: Sequence[ColumnElement[Any]], limit: int) -> Any:
    """Select the ids of the first takes: each kind of them by its own index, then the first of both."""
    walks = [select(Take.id).where(condition).order_by(*order).limit(limit) for condition in audience.conditions(Take)]
    if len(walks) == 1:
        return walks[0]
    both = union(*(select(walk.subquery().c.id) for walk in walks)).subquery()
    return select(Take.id).where(Take.id.in_(select(both.c.id))).order_by(*order).limit(limit)


def _listed(user_id: UUID | None) -> Select[Any]:
    mine = exists().where(Favorite.user_id == user_id, Favorite.take_id == Take.id) if user_id else literal(value=False)
    return (
        select(Take, Composition.title, Prompt.text, Composition.summary, mine)
        .join(Composition, Composition.id == Take.composition_id)
        .join(Prompt, Prompt.id == Composition.prompt_id)
        .options(load_only(*_LISTED))
    )
