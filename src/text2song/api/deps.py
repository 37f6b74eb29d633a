"""What endpoints ask for by type."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from text2song.api.feed import JobFeed
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


StudioDep = Annotated[Studio, Depends(get_studio)]
FeedDep = Annotated[JobFeed, Depends(get_feed)]
Limit = Annotated[int, Query(ge=1, le=100, description="Items in a page.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Items to skip.")]
