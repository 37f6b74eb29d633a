"""Prompts, the newest first."""

from __future__ import annotations

from sqlalchemy import select

from text2song.storage.models import Prompt
from text2song.storage.repositories.base import Page, RepositoryBase


class PromptRepository(RepositoryBase[Prompt]):
    """Prompts as they were asked."""

    model = Prompt
    noun = "prompt"

    def newest(self, *, limit: int, offset: int) -> Page[Prompt]:
        """Return a page of prompts, the newest first."""
        return self.page(select(Prompt).order_by(Prompt.id.desc()), limit=limit, offset=offset)
