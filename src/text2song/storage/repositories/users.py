"""Accounts, their signed-in browsers and their keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from text2song.storage.models import ApiKey, User, UserSession
from text2song.storage.repositories.base import RepositoryBase


class UserRepository(RepositoryBase[User]):
    """People who have an account."""

    model = User
    noun = "user"

    def hold(self, user_id: UUID) -> None:
        """Have what else counts this user's belongings wait until the transaction ends."""
        self.session.execute(select(User.id).where(User.id == user_id).with_for_update())

    def by_email(self, email: str) -> User | None:
        """Return the user of that address, which is in lower case."""
        return self.session.scalars(select(User).where(User.email == email)).one_or_none()

    def by_subject(self, subject: str) -> User | None:
        """Return the user whom another service knows by that name."""
        return self.session.scalars(select(User).where(User.oidc_subject == subject)).one_or_none()


class UserSessionRepository(RepositoryBase[UserSession]):
    """Browsers that are signed in."""

    model = UserSession
    noun = "session"

    def by_hash(self, token_hash: str) -> tuple[UserSession, User] | None:
        """Return the session of that token's hash with its user."""
        joined = select(UserSession, User).join(User, User.id == UserSession.user_id)
        row = self.session.execute(joined.where(UserSession.token_hash == token_hash)).one_or_none()
        return None if row is None else (row[0], row[1])

    def end(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """Sign out all browsers of a user, or all but one."""
        ended = delete(UserSession).where(UserSession.user_id == user_id)
        self.session.execute(ended if but is None else ended.where(UserSession.id != but))

    def forget(self, before: datetime) -> None:
        """Remove the sessions that ended before that instant."""
        self.session.execute(delete(UserSession).where(UserSession.expires_at < before))


class ApiKeyRepository(RepositoryBase[ApiKey]):
    """Keys for programs."""

    model = ApiKey
    noun = "API key"

    def by_hash(self, key_hash: str) -> tuple[ApiKey, User] | None:
        """Return the key of that hash with its user."""
        joined = select(ApiKey, User).join(User, User.id == ApiKey.user_id)
        row = self.session.execute(joined.where(ApiKey.key_hash == key_hash)).one_or_none()
        return None if row is None else (row[0], row[1])

    def of_user(self, user_id: UUID) -> tuple[ApiKey, ...]:
        """Return the user's keys that were not revoked, the newest first."""
        mine = select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        return tuple(self.session.scalars(mine.order_by(ApiKey.id.desc())))
