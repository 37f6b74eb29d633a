"""Accounts."""

from __future__ import annotations

from text2song.storage.models import User
from text2song.storage.repositories.base import RepositoryBase


class UserRepository(RepositoryBase[User]):
    """People who have an account."""

    model = User
    noun = "user"
