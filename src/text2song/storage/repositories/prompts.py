"""Prompts, the newest first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from text2song.storage.models import Prompt
from text2song.storage.repositories.base import Page, RepositoryBase


class PromptRepository(RepositoryBase[Prompt]):
    """Prompts as they were asked."""

    model = Prompt
    noun = "prompt"

    def newest(self, user_id: UUID, *, limit: int, offset: int) -> Page[Prompt]:
        """Return a page of the user's prompts, the newest first."""
        mine = select(Prompt).where(Prompt.user_id == user_id)
        return self.page(mine.order_by(Prompt.id.desc()), limit=limit, offset=offset)
