"""API keys: made, shown once, listed, revoked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from text2song.domain.errors import ConflictError, RefusedError
from text2song.domain.identity import SCOPES
from text2song.services.credentials import KEY_PREFIX, Credentials, key_hash, new_key
from text2song.services.studio import Studio
from text2song.storage.models import ApiKey
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.users import ApiKeyRepository, UserRepository

#: Keys that one account may have at a time.
MAX_KEYS = 50
#: Characters of a key by which its owner knows it again.
_SHOWN = len(KEY_PREFIX) + 4


class TooManyKeysError(ConflictError):
    """The account has as many keys as it may have."""

    slug = "too-many-keys"


class ScopeError(RefusedError):
    """The credentials that were shown do not allow that."""

    slug = "scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key as its owner sees it again."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def create_key(
    studio: Studio, credentials: Credentials, name: str, scopes: Collection[str], days: int | None
) -> tuple[KeyView, str]:
    """Make a key that lives for `days`, None for ever, and return it with its text, which is never seen again.

    Raises `ScopeError` when a key asks, or for a scope that the account has not, and `TooManyKeysError`.
    """
    if credentials.key_id is not None:
        raise ScopeError("a key cannot make keys; sign in for that")
    for scope in scopes:
        if not credentials.actor.may(scope):
            raise ScopeError(f"your account has not the scope “{scope}”, so its keys cannot have it", field="scopes")
    text, now = new_key(), studio.queue.clock()
    with studio.sessions.write() as session:
        # Keys that are made at the same moment are counted one after the other.
        UserRepository(session).hold(credentials.actor.user_id)
        keys = ApiKeyRepository(session)
        if len(keys.of_user(credentials.actor.user_id)) >= MAX_KEYS:
            raise TooManyKeysError(f"an account has at most {MAX_KEYS} keys; revoke one first")
        row = ApiKey(
            user_id=credentials.actor.user_id,
            name=name.strip(),
            prefix=text[:_SHOWN],
            key_hash=key_hash(text),
            scopes=[scope for scope in SCOPES if scope in scopes],
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
        return _view(keys.add(row)), text


def list_keys(studio: Studio, credentials: Credentials) -> tuple[KeyView, ...]:
    """Return the keys of the account, the newest first."""
    with studio.sessions.read() as session:
        return tuple(_view(row) for row in ApiKeyRepository(session).of_user(credentials.actor.user_id))


def revoke_key(studio: Studio, credentials: Credentials, key_id: UUID) -> None:
    """Make a key worthless at once; raises `RowNotFoundError`, or `ScopeError` when a key asks for another's end."""
    if credentials.key_id not in (None, key_id):
        raise ScopeError("a key can revoke itself alone; sign in for the others")
    with studio.sessions.write() as session:
        row = ApiKeyRepository(session).owned(key_id, credentials.actor.user_id)
        if row.revoked_at is not None:
            raise RowNotFoundError(f"there is no {ApiKeyRepository.noun} {key_id}")
        row.revoked_at = studio.queue.clock()


def _view(row: ApiKey) -> KeyView:
    return KeyView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
