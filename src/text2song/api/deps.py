"""What endpoints ask for by type."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from text2song.api.feed import JobFeed
from text2song.domain.identity import LOCAL_OWNER, Actor
from text2song.services.idempotency import RequestKey
from text2song.services.studio import Studio


def get_studio(request: Request) -> Studio:
    """Return the studio that this application serves."""
    studio = request.app.state.studio
    if not isinstance(studio, Studio):
        raise TypeError("the application was started without a studio")
    return studio


def get_feed(request: Request) -> JobFeed:
    """Return the fan-out of job changes."""
    feed = request.app.state.feed
    if not isinstance(feed, JobFeed):
        raise TypeError("the application was started without its feed")
    return feed


def get_actor() -> Actor:
    """Return on whose behalf the request is made: in local mode, the one owner."""
    return LOCAL_OWNER


def get_reader() -> Actor | None:
    """Return the same, or None for a person without an account, who may read what is public."""
    return LOCAL_OWNER


async def get_request_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
            description="A name for this request: sent again within 24 hours, it is done once and answered the same.",
            examples=["6b1f4c9e-song-1"],
        ),
    ] = None,
) -> RequestKey | None:
    """Return what the caller names this request by, if anything."""
    if idempotency_key is None:
        return None
    what = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return RequestKey(idempotency_key, hashlib.sha256(what + await request.body()).hexdigest())


RequestKeyDep = Annotated[RequestKey | None, Depends(get_request_key)]
ActorDep = Annotated[Actor, Depends(get_actor)]
ReaderDep = Annotated[Actor | None, Depends(get_reader)]
StudioDep = Annotated[Studio, Depends(get_studio)]
FeedDep = Annotated[JobFeed, Depends(get_feed)]
Limit = Annotated[int, Query(ge=1, le=100, description="Items in a page.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Items to skip.")]
