"""`/compositions`: the library of songs."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from text2song.api.deps import ActorDep, LanesDep, ReaderDep, RequestKeyDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.schemas.base import Paged
from text2song.api.schemas.compositions import CompositionOut, LibraryQuery
from text2song.api.schemas.edits import EditCreate
from text2song.api.schemas.jobs import AcceptedOut
from text2song.api.schemas.requests import CompositionChange, CompositionCreate
from text2song.api.sending import LINK, send_file, send_zip
from text2song.api.writing import written
from text2song.services import compositions, edits, library, references, submissions, takes

router = APIRouter(prefix="/compositions", tags=["compositions"])

FileName = Literal[
    "stems.zip",
    "project.dawproject",
    "chords.cho",
    "cover.svg",
    "score.mid",
    "score.musicxml",
    "lyrics.lrc",
    "recipe.json",
    "composition.json",
    "report.json",
    "song.wav",
    "song.flac",
    "song.mp3",
    "song.ogg",
]


@router.post(
    "", status_code=202, dependencies=[Depends(RateLimit("generate", 10))], responses=responses(404, 409, 422, 503)
)
async def create_composition(
    studio: StudioDep, actor: ActorDep, lanes: LanesDep, body: CompositionCreate, key: RequestKeyDep
) -> AcceptedOut:
    """Queue a song."""
    request = body.music(body.prompt)
    if body.reference_file_id is not None:
        # It may have to be listened to first.
        listen = references.after_reference
        request = await lanes.files.run(listen, studio, actor, request, body.reference_file_id)
    submit = partial(submissions.submit, seeded=body.seed is not None, key=key)
    accepted = await run_in_threadpool(submit, studio, actor, request, body.making())
    return AcceptedOut.model_validate(accepted)


@router.get("", responses=responses(422))
@written
def list_compositions(
    studio: StudioDep, actor: ActorDep, wanted: Annotated[LibraryQuery, Query()]
) -> Paged[CompositionOut]:
    """List one's own songs, finished or not."""
    found = compositions.list_compositions(studio, actor, wanted.query())
    items = [CompositionOut.model_validate(item) for item in found.items]
    return Paged(items=items, total=found.total, limit=wanted.limit, offset=wanted.offset)


@router.get("/{composition_id}", responses=responses(404, 422))
@written
def get_composition(studio: StudioDep, actor: ReaderDep, composition_id: UUID) -> CompositionOut:
    """Show one song."""
    return CompositionOut.model_validate(compositions.get_composition(studio, actor, composition_id))


@router.patch("/{composition_id}", responses=responses(404, 422))
def change_composition(
    studio: StudioDep, actor: ActorDep, composition_id: UUID, body: CompositionChange
) -> CompositionOut:
    """Give a song another title, or let everyone read and hear it."""
    changed = compositions.change_composition(studio, actor, composition_id, title=body.title, public=body.public)
    return CompositionOut.model_validate(changed)


@router.delete("/{composition_id}", status_code=204, responses=responses(404, 422))
def delete_composition(studio: StudioDep, actor: ActorDep, composition_id: UUID) -> None:
    """Remove a song with its takes and sounds; one that is being made is cancelled."""
    compositions.delete_composition(studio, actor, composition_id)


@router.post(
    "/{composition_id}/edits",
    status_code=202,
    dependencies=[Depends(RateLimit("edits", 30))],
    responses=responses(404, 409, 422, 503),
)
def edit_composition(
    studio: StudioDep, actor: ActorDep, composition_id: UUID, body: EditCreate, key: RequestKeyDep
) -> AcceptedOut:
    """Queue an edit of a finished song as a new composition; every stem that the edit does not name keeps its bytes."""
    accepted = edits.submit_edit(studio, actor, composition_id, body.edit(), take=body.take, key=key)
    return AcceptedOut.model_validate(accepted)


@router.head("/{composition_id}/files/{name}", include_in_schema=False)
@router.get(
    "/{composition_id}/files/{name}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, 307: dict(LINK), **responses(404, 412, 416, 422)},
)
def get_composition_file(
    request: Request,
    studio: StudioDep,
    actor: ReaderDep,
    composition_id: UUID,
    name: Annotated[FileName, Path()],
    take: Annotated[int, Query(ge=1, le=64, description="Number of the take.")] = 1,
) -> Response:
    """Download a file of a take: the song in four formats, all stems as one zip, score, lyrics, recipe, report."""
    if name not in (takes.STEMS_ZIP, takes.PROJECT_FILE):
        file = takes.composition_file(studio, actor, composition_id, name, take)
        if name.startswith("song.") and _is_download(request):
            library.count_download(studio, actor, composition_id, take)
        return send_file(request, studio, file, download=True)
    found = takes.composition_archive(studio, actor, composition_id, name, take)
    if isinstance(found, takes.Archive):
        return send_zip(request, studio, found)
    return send_file(request, studio, found, download=True)


def _is_download(request: Request) -> bool:
    """Whether a file is asked for whole and anew; pieces, and a look whether it has changed, are not downloads."""
    return request.method == "GET" and not {"range", "if-none-match"} & set(request.headers.keys())
