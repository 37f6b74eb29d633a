"""What endpoints ask for by type.

All of it is asynchronous: the framework takes a thread for each plain function, and a request would wait for eight of
them in turn. What asks the database takes one itself.
"""

from __future__ import annotations

import hashlib
import time
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Query, Request
from starlette.concurrency import run_in_threadpool

from text2song.api.access import Access
from text2song.api.feed import JobFeed
from text2song.api.hashing import Hashing
from text2song.api.lanes import Lanes
from text2song.api.readiness import Readiness
from text2song.domain.errors import RefusedError
from text2song.domain.identity import ADMIN, READ, WRITE, Actor
from text2song.services.credentials import LOCAL, Credentials, UnauthenticatedError, by_key, by_token, still_count
from text2song.services.idempotency import RequestKey
from text2song.services.keys import ScopeError
from text2song.services.studio import Studio

T = TypeVar("T")

#: Seconds for which a stream trusts what it knew.
_VIGIL_SECONDS = 0.8

READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: What our page sends with every change: no page of another site can, unless we let it.
ASKED_WITH = "X-Requested-With"


class ForgeryError(RefusedError):
    """The request carries a browser's cookie, but nothing says that our page made it."""

    slug = "forgery"


def part(request: Request, name: str, kind: type[T]) -> T:
    """Return the part of the application that its state keeps under `name`."""
    found = getattr(request.app.state, name, None)
    if not isinstance(found, kind):
        raise TypeError(f"the application was started without its {name}")
    return found


async def get_studio(request: Request) -> Studio:
    """Return the studio that this application serves."""
    return part(request, "studio", Studio)


async def get_feed(request: Request) -> JobFeed:
    """Return the fan-out of job changes."""
    return part(request, "feed", JobFeed)


async def get_readiness(request: Request) -> Readiness:
    """Return whether requests should come here."""
    return part(request, "readiness", Readiness)


async def get_access(request: Request) -> Access:
    """Return how this application is reached."""
    return part(request, "access", Access)


async def get_hashing(request: Request) -> Hashing:
    """Return where passwords are hashed."""
    return part(request, "hashing", Hashing)


async def get_lanes(request: Request) -> Lanes:
    """Return where slow work is done."""
    return part(request, "lanes", Lanes)


async def get_credentials(
    request: Request,
    studio: Annotated[Studio, Depends(get_studio)],
    access: Annotated[Access, Depends(get_access)],
) -> Credentials | None:
    """Return what was shown: in local mode the owner's, otherwise a key's or a session's, None for neither.

    Raises `UnauthenticatedError` for a key that does not count, and `ForgeryError` for a change that a browser's cookie
    came with but our page did not ask for.
    """
    if not access.server:
        return LOCAL
    key = _shown_key(request)
    if key is not None:
        return await run_in_threadpool(by_key, studio, key)
    token = request.cookies.get(access.cookie)
    credentials = None if token is None else await run_in_threadpool(by_token, studio, token)
    if credentials is not None and request.method not in READING and not request.headers.get(ASKED_WITH):
        raise ForgeryError(f"a change by a signed-in browser needs the header {ASKED_WITH}")
    return credentials


async def get_owner(
    request: Request, credentials: Annotated[Credentials | None, Depends(get_credentials)]
) -> Credentials:
    """Return the credentials of a known user; raises `UnauthenticatedError`, or `ScopeError` for too weak a key."""
    if credentials is None:
        raise UnauthenticatedError("sign in, or send an API key")
    _check_scope(request, credentials)
    return credentials


async def get_actor(credentials: Annotated[Credentials, Depends(get_owner)]) -> Actor:
    """Return on whose behalf the request is made: in local mode, the one owner."""
    return credentials.actor


async def get_reader(
    request: Request, credentials: Annotated[Credentials | None, Depends(get_credentials)]
) -> Actor | None:
    """Return the same, or None for a person without an account, who may read what is public."""
    if credentials is None:
        return None
    _check_scope(request, credentials)
    return credentials.actor


async def get_admin(credentials: Annotated[Credentials, Depends(get_owner)]) -> Actor:
    """Return the actor if the credentials allow looking after the installation; raises `ScopeError`."""
    if not credentials.actor.may(ADMIN):
        raise ScopeError("only an administrator may do this")
    return credentials.actor


class Vigil:
    """Watches credentials for as long as an answer lasts: a stream that began rightly ends when its key is revoked."""

    def __init__(self, studio: Studio, credentials: Credentials) -> None:
        self._studio = studio
        self._credentials = credentials
        self._looked = time.monotonic()

    async def holds(self) -> bool:
        """Return whether the credentials still count; looks at most once in a second."""
        if self._credentials is LOCAL or time.monotonic() - self._looked < _VIGIL_SECONDS:
            return True
        self._looked = time.monotonic()
        return await run_in_threadpool(still_count, self._studio, self._credentials)


async def get_vigil(
    studio: Annotated[Studio, Depends(get_studio)], credentials: Annotated[Credentials, Depends(get_owner)]
) -> Vigil:
    """Return a watch over the credentials of this request."""
    return Vigil(studio, credentials)


def _shown_key(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return request.headers.get("x-api-key")
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthenticatedError("credentials are sent as “Authorization: Bearer <API key>”")
    return key.strip()


def _check_scope(request: Request, credentials: Credentials) -> None:
    scope = READ if request.method in READING else WRITE
    if not credentials.actor.may(scope):
        raise ScopeError(f"this API key may not {scope}")


#: What a caller names a request by.
RequestName = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="A name for this request: sent again within 24 hours, it is done once and answered the same.",
        examples=["6b1f4c9e-song-1"],
    ),
]


async def get_request_key(request: Request, idempotency_key: RequestName = None) -> RequestKey | None:
    """Return what the caller names this request by, if anything."""
    if idempotency_key is None:
        return None
    what = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return RequestKey(idempotency_key, hashlib.sha256(what + await request.body()).hexdigest())


RequestKeyDep = Annotated[RequestKey | None, Depends(get_request_key)]
AccessDep = Annotated[Access, Depends(get_access)]
HashingDep = Annotated[Hashing, Depends(get_hashing)]
LanesDep = Annotated[Lanes, Depends(get_lanes)]
CredentialsDep = Annotated[Credentials | None, Depends(get_credentials)]
OwnerDep = Annotated[Credentials, Depends(get_owner)]
VigilDep = Annotated[Vigil, Depends(get_vigil)]
AdminDep = Annotated[Actor, Depends(get_admin)]
ActorDep = Annotated[Actor, Depends(get_actor)]
ReaderDep = Annotated[Actor | None, Depends(get_reader)]
StudioDep = Annotated[Studio, Depends(get_studio)]
ReadinessDep = Annotated[Readiness, Depends(get_readiness)]
FeedDep = Annotated[JobFeed, Depends(get_feed)]
Limit = Annotated[int, Query(ge=1, le=100, description="Items in a page.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Items to skip.")]
