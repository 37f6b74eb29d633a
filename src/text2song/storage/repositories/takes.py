"""Finished takes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from text2song.storage.models import Take
from text2song.storage.repositories.base import RepositoryBase


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
