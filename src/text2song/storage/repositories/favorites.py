"""Favourites of users."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update

from text2song.storage.models import Favorite, Take
from text2song.storage.repositories.base import RepositoryBase, RowNotFoundError


class FavoriteRepository(RepositoryBase[Favorite]):
    """Marks on takes, one per user and take."""

    model = Favorite
    noun = "favourite"

    def marked(self, user_id: UUID | None, take_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of the takes that the user has marked; people without an account have marked none."""
        if user_id is None:
            return frozenset()
        mine = select(Favorite.take_id).where(Favorite.user_id == user_id, Favorite.take_id.in_(take_ids))
        return frozenset(self.session.scalars(mine))

    def marked_of(self, user_id: UUID, composition_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return the takes of these compositions that the user has marked."""
        mine = select(Favorite.take_id).where(Favorite.user_id == user_id)
        return frozenset(self.session.scalars(mine.where(Favorite.composition_id.in_(composition_ids))))

    def mark(self, user_id: UUID, take_id: UUID, wanted: bool | None) -> tuple[bool, int]:
        """Set or take back the user's mark, or turn it over when `wanted` is None.

        Returns whether the take is now marked, and the change in the number of its marks (−1, 0 or 1). The caller's
        transaction holds the take's row, so that marks of the same take happen one after the other. Raises
        `RowNotFoundError` for a take that is gone.
        """
        if self.session.scalar(select(Take.id).where(Take.id == take_id).with_for_update()) is None:
            raise RowNotFoundError(f"there is no take {take_id}")
        mine = (Favorite.user_id == user_id, Favorite.take_id == take_id)
        marked = self.session.scalar(select(Favorite.id).where(*mine)) is not None
        wanted = not marked if wanted is None else wanted
        change = int(wanted) - int(marked)
        if change > 0:
            self.add(Favorite(user_id=user_id, take_id=take_id))
        elif change < 0:
            self.session.execute(delete(Favorite).where(*mine))
        if change:
            counted = update(Take).where(Take.id == take_id).values(favorite_count=Take.favorite_count + change)
            self.session.execute(counted.execution_options(synchronize_session=False))
        return wanted, change
