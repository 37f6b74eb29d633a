"""`/audio`: finished takes, their figures and their sound."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from text2song.api.deps import ReaderDep, StudioDep, get_lanes
from text2song.api.errors import responses
from text2song.api.schemas.takes import ComparedTakeOut, ComparisonOut, OutlineOut, ReportOut, TakeDetailsOut, TakeOut
from text2song.api.sending import LINK, send_file
from text2song.services import previews, takes

router = APIRouter(prefix="/audio", tags=["audio"])


def _sound() -> dict[int | str, dict[str, Any]]:
    kinds = ("audio/flac", "audio/mpeg", "audio/ogg", "audio/wav")
    whole = {"content": {kind: {} for kind in kinds}, "description": "The whole sound."}
    return {200: whole, 206: {"description": "A part of it."}, 307: dict(LINK), **responses(404, 412, 416, 422, 503)}


def _separated(values: object) -> object:
    """Ids may come as `ids=a&ids=b` and as `ids=a,b`."""
    if not isinstance(values, list):
        return values
    return [part for value in values for part in str(value).split(",")]


@router.get("/compare", responses=responses(404, 422))
def compare_takes(
    studio: StudioDep,
    actor: ReaderDep,
    ids: Annotated[list[UUID], BeforeValidator(_separated), Query(min_length=2, max_length=8)],
) -> ComparisonOut:
    """Show takes side by side, with the gains that make them equally loud."""
    compared = takes.compare_takes(studio, actor, ids)
    samples = [
        ComparedTakeOut(
            **TakeOut.model_validate(item.take).model_dump(),
            title=item.title,
            prompt=item.prompt,
            summary=item.summary,
            loudness_lufs=item.loudness_lufs,
            true_peak_dbtp=item.true_peak_dbtp,
            gain_db=item.gain_db,
        )
        for item in compared
    ]
    return ComparisonOut(samples=samples)


@router.get("/{take_id}", responses=responses(404, 422))
def get_take(studio: StudioDep, actor: ReaderDep, take_id: UUID) -> TakeDetailsOut:
    """Show one take: figures, files, stems, sections, chords, and the report of asked against measured."""
    details = takes.get_take(studio, actor, take_id)
    plain = TakeOut.model_validate(details.take).model_dump()
    return TakeDetailsOut(
        **plain,
        title=details.title,
        outline=OutlineOut.model_validate(details.outline),
        report=ReportOut.model_validate(details.report),
    )


@router.head("/{take_id}/stream", include_in_schema=False)
@router.get(
    "/{take_id}/stream",
    response_class=Response,
    responses=_sound(),
)
async def stream_take(
    request: Request,
    studio: StudioDep,
    actor: ReaderDep,
    take_id: UUID,
    stem: Annotated[str | None, Query(pattern="^[a-z0-9_-]{1,60}$", description="A stem's name; FLAC only.")] = None,
    format: Annotated[Literal["flac", "mp3", "ogg", "opus", "wav"], Query(description="Of the song.")] = "flac",  # noqa: A002 - the query's name
    preview: Annotated[bool, Query(description="About 110 kbit/s, for slow lines; Opus always is.")] = False,
) -> Response:
    """Stream the song or one stem, with ranges so that players can seek; a preview is made when first asked for."""
    if stem is None and (format == "opus" or (preview and format == "mp3")):
        file = await run_in_threadpool(previews.kept_preview, studio, actor, take_id, format)
        if file is None:
            lanes = await get_lanes(request)
            file = await lanes.previews.run(previews.preview_file, studio, actor, take_id, format)
    else:
        name = f"song.{format}" if stem is None else f"stems/{stem}.flac"
        file = await run_in_threadpool(takes.take_file, studio, actor, take_id, name)
    return send_file(request, studio, file, download=False)
