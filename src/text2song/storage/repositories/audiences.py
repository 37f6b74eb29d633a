"""Whose compositions and takes a reader sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true

from text2song.storage.searching import PUBLIC, owner_label


@dataclass(frozen=True, slots=True)
class Audience:
    """A reader, and which of what they may read they want: their own, everybody's public ones, or both."""

    user_id: UUID | None
    own: bool = True
    public: bool = True

    def conditions(self, model: Any) -> Iterator[ColumnElement[bool]]:
        """Yield a condition for each index to walk; rows that meet any of them are seen."""
        if self.own and self.user_id is not None:
            yield model.user_id == self.user_id
        if self.public or self.user_id is None:
            yield model.public == true()

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the search index, one of which a composition must have."""
        own = [owner_label(self.user_id)] if self.own and self.user_id is not None else []
        return (*own, *([PUBLIC] if self.public or self.user_id is None else []))
