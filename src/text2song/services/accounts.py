"""Accounts: made, signed in and out, changed."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from text2song.domain.errors import ConflictError, InvalidError, RefusedError
from text2song.domain.identity import Actor, Plan
from text2song.services.credentials import SESSION_LIFE, Credentials, UnauthenticatedError, token_hash
from text2song.services.passwords import check_password, hash_password
from text2song.services.studio import Studio
from text2song.storage.models import User, UserSession
from text2song.storage.repositories.users import UserRepository, UserSessionRepository

# Between dots on either side of the @: RFC 5321's dot-atoms, and whatever letters RFC 6531 adds to them.
_ATOM = r"[^@\s\x00-\x1f\x7f<>\"(),:;\\\[\].]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})+")


class EmailError(InvalidError):
    """The text is not an e-mail address."""

    slug = "email"


class EmailTakenError(ConflictError):
    """Another account has the address."""

    slug = "email-taken"


class WrongLoginError(UnauthenticatedError):
    """No account has this address and password."""

    slug = "wrong-login"


class WrongPasswordError(RefusedError):
    """The present password is another."""

    slug = "wrong-password"


class UnverifiedEmailError(RefusedError):
    """Nobody vouches for the address."""

    slug = "unverified-email"


class NoAccountsError(RefusedError):
    """This studio has no accounts, or takes no new ones."""

    slug = "no-accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """An account as its owner sees it."""

    id: UUID
    email: str | None
    name: str
    plan: Plan
    is_admin: bool
    is_verified: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    """What an account begins with."""

    email: str
    #: None for an account that signs in elsewhere.
    password: str | None
    name: str = ""
    plan: Plan = Plan.FREE
    is_admin: bool = False
    is_verified: bool = False
    oidc_subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Whoever another service vouches for."""

    #: "issuer|subject", which never changes.
    subject: str
    email: str
    email_verified: bool
    name: str


def plain_email(text: str) -> str:
    """Return an address as it is compared; raises `EmailError`.

    >>> plain_email(" Ada@Example.org ")
    'ada@example.org'
    """
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise EmailError("this is not an e-mail address", field="email")
    return email


def register(studio: Studio, new: NewUser) -> tuple[UserView, str]:
    """Make an account and sign it in; return it and the session's token.

    Raises `NoAccountsError`, `EmailError`, `EmailTakenError` or `WeakPasswordError`.
    """
    if studio.settings.mode != "server":
        raise NoAccountsError("this studio runs for one person and has no accounts")
    if studio.settings.registration != "open":
        raise NoAccountsError("this studio takes no new accounts by itself; ask whoever runs it")
    user = create_user(studio, new)
    return user, start_session(studio, user.id)


def create_user(studio: Studio, new: NewUser) -> UserView:
    """Make an account; raises as `register` does, in either mode."""
    email = plain_email(new.email)
    hashed = None if new.password is None else hash_password(new.password, email)
    now = studio.queue.clock()
    row = User(
        email=email,
        name=new.name.strip(),
        password_hash=hashed,
        oidc_subject=new.oidc_subject,
        plan=new.plan,
        is_admin=new.is_admin,
        is_active=True,
        is_verified=new.is_verified,
        created_at=now,
        updated_at=now,
    )
    try:
        with studio.sessions.write() as session:
            return _view(UserRepository(session).add(row))
    except IntegrityError:
        raise EmailTakenError("this e-mail address has an account already", field="email") from None


def login(studio: Studio, email: str, password: str) -> tuple[UserView, str]:
    """Sign in; return the account and the session's token.

    Raises `NoAccountsError` or `WrongLoginError`, which takes as long for an unknown address as for a wrong password.
    """
    if studio.settings.mode != "server":
        raise NoAccountsError("this studio runs for one person and has no accounts")
    with studio.sessions.read() as session:
        user = UserRepository(session).by_email(email.strip().lower()[:254])
    right = check_password(password, None if user is None else user.password_hash)
    if user is None or not right or not user.is_active:
        raise WrongLoginError("the e-mail address or the password is wrong")
    return _view(user), start_session(studio, user.id)


def login_stranger(studio: Studio, stranger: Stranger) -> tuple[UserView, str]:
    """Sign in whom another service knows, making an account at first; return it and the session's token.

    Raises `NoAccountsError`, `UnverifiedEmailError`, `EmailTakenError`, or `WrongLoginError` for a closed account.
    """
    with studio.sessions.read() as session:
        user = UserRepository(session).by_subject(stranger.subject)
    if user is not None and not user.is_active:
        raise WrongLoginError("this account is closed")
    if user is not None:
        return _view(user), start_session(studio, user.id)
    if not (stranger.email and stranger.email_verified):
        raise UnverifiedEmailError("the other service has not verified your e-mail address")
    new = NewUser(stranger.email, None, stranger.name, is_verified=True, oidc_subject=stranger.subject)
    try:
        # An account of that address may be anybody's who typed it first, so it is not handed over.
        return register(studio, new)
    except EmailTakenError:
        # Two first sign-ins at once make one account, whose second visitor is its owner all the same.
        with studio.sessions.read() as session:
            user = UserRepository(session).by_subject(stranger.subject)
        if user is None:
            raise
        return _view(user), start_session(studio, user.id)


def logout(studio: Studio, credentials: Credentials | None) -> None:
    """End the session that is shown, if one is."""
    if credentials is None or credentials.session_id is None:
        return
    with studio.sessions.write() as session:
        row = session.get(UserSession, credentials.session_id)
        if row is not None:
            UserSessionRepository(session).delete(row)


def get_me(studio: Studio, actor: Actor) -> UserView:
    """Return the actor's account."""
    with studio.sessions.read() as session:
        return _view(UserRepository(session).get(actor.user_id))


def change_me(
    studio: Studio,
    credentials: Credentials,
    *,
    name: str | None = None,
    password: str | None = None,
    current_password: str | None = None,
) -> tuple[UserView, str | None]:
    """Change the name or the password; a new password signs every browser out and this one in again.

    Returns the account, and the new session's token where there is one. Raises `WrongPasswordError`,
    `WeakPasswordError`, or `NoAccountsError` for what has no password to change.
    """
    hashed = None
    if password is not None:
        hashed = _new_password(studio, credentials, password, current_password or "")
    with studio.sessions.write() as session:
        user = UserRepository(session).get(credentials.actor.user_id)
        if name is not None:
            user.name = name.strip()
        user.updated_at = studio.queue.clock()
        if hashed is None:
            return _view(user), None
        user.password_hash = hashed
        UserSessionRepository(session).end(user.id)
        return _view(user), _start(studio, session, user.id)


def start_session(studio: Studio, user_id: UUID) -> str:
    """Sign a browser in and return its token, of which only a hash is kept."""
    with studio.sessions.write() as session:
        UserSessionRepository(session).forget(studio.queue.clock())
        return _start(studio, session, user_id)


def _start(studio: Studio, session: Session, user_id: UUID) -> str:
    token, now = secrets.token_urlsafe(32), studio.queue.clock()
    row = UserSession(
        user_id=user_id,
        token_hash=token_hash(studio, token),
        created_at=now,
        seen_at=now,
        expires_at=now + SESSION_LIFE,
    )
    UserSessionRepository(session).add(row)
    return token


def _new_password(studio: Studio, credentials: Credentials, password: str, current: str) -> str:
    if credentials.session_id is None:
        raise NoAccountsError("a password is changed by whoever signed in with it, not by an API key")
    with studio.sessions.read() as session:
        user = UserRepository(session).get(credentials.actor.user_id)
    if user.password_hash is None or user.email is None:
        raise NoAccountsError("this account signs in elsewhere and has no password")
    if not check_password(current, user.password_hash):
        raise WrongPasswordError("the present password is another", field="current_password")
    return hash_password(password, user.email)


def _view(user: User) -> UserView:
    return UserView(
        id=user.id,
        email=user.email,
        name=user.name,
        plan=Plan(user.plan),
        is_admin=user.is_admin,
        is_verified=user.is_verified,
        created_at=user.created_at,
    )
