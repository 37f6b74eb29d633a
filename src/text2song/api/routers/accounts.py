"""`/auth` and `/me`: signing up, in and out; the account and its keys."""

from __future__ import annotations

import hashlib
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from text2song.api.access import Access
from text2song.api.deps import AccessDep, CredentialsDep, HashingDep, OwnerDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit, count_for
from text2song.api.schemas.accounts import KeyCreate, KeyCreatedOut, KeyOut, Login, MeChange, MeOut, Register
from text2song.domain.identity import READ, SCOPES, WRITE
from text2song.services import accounts, keys
from text2song.services.credentials import SESSION_LIFE

router = APIRouter(tags=["accounts"])

#: Sign-ins that may be tried in a minute with one e-mail address, from wherever.
_PER_EMAIL = 10


async def _limit_email(request: Request, body: Login) -> None:
    who = hashlib.sha256(body.email.strip().lower().encode()).hexdigest()
    await count_for(request, "login-email", _PER_EMAIL, who)


@router.post(
    "/auth/register",
    status_code=201,
    dependencies=[Depends(RateLimit("register", 10, by_address=True))],
    responses=responses(409, 422, 503),
)
async def register(studio: StudioDep, access: AccessDep, hashing: HashingDep, body: Register, reply: Response) -> MeOut:
    """Make an account and sign in."""
    new = accounts.NewUser(body.email, body.password, body.name)
    user, token = await hashing.run(accounts.register, studio, new)
    set_session(reply, access, token)
    return _me(studio.settings.mode, user, _session_scopes(user))


@router.post(
    "/auth/login",
    dependencies=[Depends(RateLimit("login", 20, by_address=True)), Depends(_limit_email)],
    responses=responses(401, 422, 503),
)
async def login(
    studio: StudioDep,
    access: AccessDep,
    hashing: HashingDep,
    credentials: CredentialsDep,
    body: Login,
    reply: Response,
) -> MeOut:
    """Sign in: the answer sets a cookie. Whatever session the browser had before ends."""
    user, token = await hashing.run(accounts.login, studio, body.email, body.password)
    await hashing.run(accounts.logout, studio, credentials)
    set_session(reply, access, token)
    return _me(studio.settings.mode, user, _session_scopes(user))


@router.post("/auth/logout", status_code=204, responses=responses(401))
def logout(studio: StudioDep, access: AccessDep, credentials: CredentialsDep, reply: Response) -> None:
    """Sign out."""
    accounts.logout(studio, credentials)
    reply.delete_cookie(access.cookie, secure=access.secure, httponly=True, samesite="lax")


@router.get("/me", responses=responses(401))
def get_me(studio: StudioDep, credentials: OwnerDep) -> MeOut:
    """Show the account."""
    user = accounts.get_me(studio, credentials.actor)
    return _me(studio.settings.mode, user, credentials.actor.scopes)


@router.patch("/me", responses=responses(401, 422, 503))
async def change_me(
    studio: StudioDep,
    access: AccessDep,
    hashing: HashingDep,
    credentials: OwnerDep,
    body: MeChange,
    reply: Response,
) -> MeOut:
    """Change the name or the password; a new password signs out every other browser."""
    user, token = await hashing.run(accounts.change_me, studio, credentials, **body.model_dump())
    if token is not None:
        set_session(reply, access, token)
    return _me(studio.settings.mode, user, credentials.actor.scopes)


@router.get("/me/keys", responses=responses(401))
def list_keys(studio: StudioDep, credentials: OwnerDep) -> list[KeyOut]:
    """List the API keys."""
    return [KeyOut.model_validate(key) for key in keys.list_keys(studio, credentials)]


@router.post(
    "/me/keys",
    status_code=201,
    dependencies=[Depends(RateLimit("keys", 20))],
    responses=responses(401, 409, 422),
)
def create_key(studio: StudioDep, credentials: OwnerDep, body: KeyCreate) -> KeyCreatedOut:
    """Make an API key; this answer is the only one that shows it."""
    view, text = keys.create_key(studio, credentials, body.name, body.scopes, body.expires_in_days)
    return KeyCreatedOut(**KeyOut.model_validate(view).model_dump(), key=text)


@router.delete("/me/keys/{key_id}", status_code=204, responses=responses(401, 404, 422))
def revoke_key(studio: StudioDep, credentials: OwnerDep, key_id: UUID) -> None:
    """Revoke an API key, at once and everywhere."""
    keys.revoke_key(studio, credentials, key_id)


def set_session(reply: Response, access: Access, token: str) -> None:
    """Let the browser carry the token of its session."""
    reply.set_cookie(
        access.cookie,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        secure=access.secure,
        httponly=True,
        samesite="lax",
    )


def _session_scopes(user: accounts.UserView) -> frozenset[str]:
    return frozenset(SCOPES) if user.is_admin else frozenset({READ, WRITE})


def _me(mode: str, user: accounts.UserView, scopes: frozenset[str]) -> MeOut:
    plain = {name: getattr(user, name) for name in user.__dataclass_fields__}
    return MeOut(**plain, mode=mode, scopes=[scope for scope in SCOPES if scope in scopes])
