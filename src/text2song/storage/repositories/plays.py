"""Listenings."""

from __future__ import annotations

from text2song.storage.models import Play
from text2song.storage.repositories.base import RepositoryBase


class PlayRepository(RepositoryBase[Play]):
    """Who played which take, when, and for how long."""

    model = Play
    noun = "play"
