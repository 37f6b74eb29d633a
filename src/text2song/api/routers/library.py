"""The library: what is new, played most, found; plays, favourites and downloads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from text2song.api.deps import ActorDep, Limit, ReaderDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.schemas.library import FavoriteOut, FavoriteToggle, PlayedOut, RecordOut, TrackPlay
from text2song.api.schemas.stats import StatsOut
from text2song.api.sending import LINK, send_file
from text2song.api.writing import written
from text2song.services import library, stats

router = APIRouter(tags=["library"])

Scope = Annotated[
    Literal["own", "public", "all"],
    Query(description="One's own takes, everybody's public ones, or both; without an account the public ones."),
]
Words = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        description="Words of the title, the genres or the prompt, or their beginnings; “a phrase”, -without.",
        examples=["night drive"],
    ),
]


def _sounds() -> dict[int | str, dict[str, Any]]:
    kinds = ("audio/flac", "audio/mpeg", "audio/ogg", "audio/wav")
    whole = {"content": {kind: {} for kind in kinds}, "description": "The file."}
    return {200: whole, 303: dict(LINK), **responses(404, 422)}


@router.get("/recent", dependencies=[Depends(RateLimit("recent", 30))], responses=responses(422))
@written
def list_recent(studio: StudioDep, actor: ReaderDep, limit: Limit = 20, scope: Scope = "own") -> list[RecordOut]:
    """List the takes finished last, the latest first."""
    return _records(library.list_recent(studio, actor, limit=limit, scope=scope))


@router.get("/most-played", dependencies=[Depends(RateLimit("most-played", 30))], responses=responses(422))
@written
def list_most_played(studio: StudioDep, actor: ReaderDep, limit: Limit = 20, scope: Scope = "all") -> list[RecordOut]:
    """List the takes that were played most."""
    return _records(library.list_most_played(studio, actor, limit=limit, scope=scope))


@router.get("/search", dependencies=[Depends(RateLimit("search", 20))], responses=responses(422))
@written
def search(studio: StudioDep, actor: ReaderDep, q: Words, limit: Limit = 20, scope: Scope = "all") -> list[RecordOut]:
    """List the takes that hold the words, the best match first."""
    return _records(library.search(studio, actor, q, limit=limit, scope=scope))


@router.get("/stats", dependencies=[Depends(RateLimit("stats", 20))], responses=responses(403, 422))
@written
def get_stats(
    studio: StudioDep,
    actor: ActorDep,
    days: Annotated[int, Query(ge=1, le=365, description="Days in UTC, today the last of them.")] = 30,
    everyone: Annotated[bool, Query(description="Of all users, for those who look after the installation.")] = False,
) -> StatsOut:
    """Show what was made, heard and taken home, day by day, and how busy the machines were."""
    return StatsOut.of(stats.get_stats(studio, actor, days=days, everyone=everyone))


@router.post("/track-play", dependencies=[Depends(RateLimit("track-play", 100))], responses=responses(404, 422))
def track_play(studio: StudioDep, actor: ReaderDep, body: TrackPlay) -> PlayedOut:
    """Note that a take was played."""
    return PlayedOut.model_validate(library.track_play(studio, actor, body.generation_id, body.play_duration))


@router.post("/favorite", dependencies=[Depends(RateLimit("favorite", 60))], responses=responses(404, 422))
def toggle_favorite(studio: StudioDep, actor: ActorDep, body: FavoriteToggle) -> FavoriteOut:
    """Mark a take as a favourite, or take the mark back."""
    marked = library.mark_favorite(studio, actor, body.generation_id, wanted=body.is_favorited)
    return FavoriteOut.model_validate(marked)


@router.post(
    "/download/{generation_id}",
    dependencies=[Depends(RateLimit("download", 30))],
    response_class=Response,
    responses=_sounds(),
)
def download(
    request: Request,
    studio: StudioDep,
    actor: ReaderDep,
    generation_id: UUID,
    format: Annotated[Literal["flac", "mp3", "ogg", "wav"], Query(description="Of the song.")] = "flac",  # noqa: A002 - the query's name
) -> Response:
    """Download a take's song; every call counts."""
    file = library.download(studio, actor, generation_id, f"song.{format}")
    return send_file(request, studio, file, download=True)


def _records(views: Iterable[library.RecordView]) -> list[RecordOut]:
    return [_record(view) for view in views]


def _record(view: library.RecordView) -> RecordOut:
    plain = {name: getattr(view, name) for name in view.__dataclass_fields__}
    size = round(plain.pop("bytes") / 1e6, 3)
    return RecordOut(**plain, audio_url=f"/api/v2/audio/{view.generation_id}/stream", file_size_mb=size)
