"""Files that users sent."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from text2song.storage.models import File
from text2song.storage.repositories.base import RepositoryBase


class FileRepository(RepositoryBase[File]):
    """Files and what they take of the store."""

    model = File
    noun = "file"

    def bytes_of(self, user_id: UUID) -> int:
        """Return how much the files of a user take."""
        statement = select(func.coalesce(func.sum(File.size_bytes), 0)).where(File.user_id == user_id)
        return int(self.session.scalar(statement) or 0)

    def known(self, ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of `ids` that are files."""
        return frozenset(self.session.scalars(select(File.id).where(File.id.in_(ids))))
