"""Who is asking: a session's cookie or an API key, looked up at every request so that revoking one works at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Update, update

from text2song.domain.errors import RefusedError, UnavailableError
from text2song.domain.identity import ADMIN, LOCAL_OWNER, READ, SCOPES, WRITE, Actor, Plan
from text2song.services.studio import Studio
from text2song.storage.models import ApiKey, User, UserSession
from text2song.storage.repositories.users import ApiKeyRepository, UserSessionRepository

#: What every key begins with, so that scanners of leaked secrets know it.
KEY_PREFIX = "t2s_live_"
#: Random characters of a key (256 bits and more), and the checksum's after them.
_RANDOM, _CHECK = 43, 6
#: For how long a browser stays signed in, in all and without being used.
SESSION_LIFE, SESSION_IDLE = timedelta(days=30), timedelta(days=7)
#: How exact "last used" is; finer would be a write with every read.
_SEEN = timedelta(minutes=1)

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


class UnauthenticatedError(RefusedError):
    """Nobody known is asking: no credentials, or none that count."""

    slug = "unauthenticated"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was shown, and on whose behalf that is."""

    actor: Actor
    #: Rows that it stands for; both None in local mode, which needs nothing to be shown.
    session_id: UUID | None = None
    key_id: UUID | None = None

    @property
    def caller(self) -> str:
        """Return whom limits count: the key, or the user."""
        return f"key {self.key_id}" if self.key_id else f"user {self.actor.user_id}"


LOCAL = Credentials(LOCAL_OWNER)


def new_key() -> str:
    """Return a fresh API key: prefix, 43 random base-62 characters, CRC-32 of both in six."""
    body = KEY_PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return body + _checksum(body)


def well_formed(key: str) -> bool:
    """Return whether the checksum fits; what was mistyped or made up need not be looked for.

    >>> well_formed(new_key()), well_formed("t2s_live_guess")
    (True, False)
    """
    body, check = key[:-_CHECK], key[-_CHECK:]
    fits = len(key) == len(KEY_PREFIX) + _RANDOM + _CHECK and key.startswith(KEY_PREFIX) and key.isascii()
    return fits and hmac.compare_digest(check, _checksum(body))


def key_hash(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def token_hash(studio: Studio, token: str) -> str:
    """Return what is stored of a session's token: useless without the secret key of this installation."""
    return hmac.new(studio.settings.secret_key.encode(), token.encode(), hashlib.sha256).hexdigest()


def by_key(studio: Studio, key: str) -> Credentials:
    """Return whom an API key stands for; raises `UnauthenticatedError`, the same for every key that does not count."""
    wrong = UnauthenticatedError("this API key is not valid; it may be mistyped, expired or revoked")
    if not well_formed(key):
        raise wrong
    hashed, now = key_hash(key), studio.queue.clock()
    with studio.sessions.read() as session:
        found = ApiKeyRepository(session).by_hash(hashed)
    if found is None or not hmac.compare_digest(found[0].key_hash, hashed) or not _key_counts(*found, now):
        raise wrong
    row, user = found
    if row.last_used_at is None or now - row.last_used_at > _SEEN:
        _note(studio, update(ApiKey).where(ApiKey.id == row.id).values(last_used_at=now))
    allowed = frozenset(row.scopes) & _scopes(user)
    return Credentials(Actor(user.id, allowed, Plan(user.plan)), key_id=row.id)


def by_token(studio: Studio, token: str) -> Credentials | None:
    """Return whom a session's token stands for, None when the session has ended."""
    now = studio.queue.clock()
    with studio.sessions.read() as session:
        found = UserSessionRepository(session).by_hash(token_hash(studio, token))
    if found is None or not _session_counts(*found, now):
        return None
    row, user = found
    if now - row.seen_at > _SEEN:
        _note(studio, update(UserSession).where(UserSession.id == row.id).values(seen_at=now))
    return Credentials(Actor(user.id, _scopes(user), Plan(user.plan)), session_id=row.id)


def still_count(studio: Studio, credentials: Credentials) -> bool:
    """Return whether credentials that were good some time ago still are."""
    now = studio.queue.clock()
    with studio.sessions.read() as session:
        user = session.get(User, credentials.actor.user_id)
        if credentials.key_id is not None:
            key = session.get(ApiKey, credentials.key_id)
            return key is not None and user is not None and _key_counts(key, user, now)
        if credentials.session_id is not None:
            row = session.get(UserSession, credentials.session_id)
            return row is not None and user is not None and _session_counts(row, user, now)
    return True


def _key_counts(key: ApiKey, user: User, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at) and user.is_active


def _session_counts(row: UserSession, user: User, now: datetime) -> bool:
    return now < row.expires_at and now - row.seen_at < SESSION_IDLE and user.is_active


def _scopes(user: User) -> frozenset[str]:
    return frozenset(SCOPES) if user.is_admin else frozenset({READ, WRITE}) - {ADMIN}


def _note(studio: Studio, use: Update) -> None:
    # Being known does not wait for a database that is busy.
    with suppress(UnavailableError), studio.sessions.write() as session:
        session.execute(use)


def _checksum(body: str) -> str:
    value, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        value, digit = divmod(value, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
