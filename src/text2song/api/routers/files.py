"""`/files` and `/analyze`: sounds and pictures that users send."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from text2song.api.deps import ActorDep, LanesDep, RequestKeyDep, RequestName, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.schemas.files import AnalysisOut, Analyze, KindName, UploadOut
from text2song.api.sending import LINK, send_file
from text2song.api.uploading import FormError, received
from text2song.services import files
from text2song.services.files import Kind

router = APIRouter(tags=["files"])

_KINDS = tuple(kind.value for kind in Kind)


def _body() -> dict[str, Any]:
    file = {"type": "string", "format": "binary"}
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, "kind": {"type": "string", "enum": list(_KINDS), "default": "REFERENCE"}},
    }
    return {
        "requestBody": {
            "required": True,
            "description": "A form, or the file itself with its name and kind in the query.",
            "content": {"multipart/form-data": {"schema": form}, "application/octet-stream": {"schema": file}},
        }
    }


@router.post(
    "/files",
    status_code=201,
    dependencies=[Depends(RateLimit("files", 30))],
    openapi_extra=_body(),
    responses=responses(413, 415, 422, 503),
)
async def create_file(
    request: Request,
    studio: StudioDep,
    actor: ActorDep,
    lanes: LanesDep,
    kind: Annotated[KindName, Query(description="What it is for, where no form says.")] = "REFERENCE",
    filename: Annotated[str, Query(max_length=300, description="What it is called, where no form says.")] = "",
    idempotency_key: RequestName = None,
) -> UploadOut:
    """Keep a sound (WAV, FLAC, OGG, MP3) or a picture (PNG, JPEG, WebP) that decodes."""
    async with received(request, studio.settings.upload_bytes) as body:
        meant = body.fields.get("kind", kind)
        if meant not in _KINDS:
            raise FormError(f"“{meant[:40]}” is no kind of file", field="kind", choices=_KINDS)
        upload = files.Upload(body.content, body.bytes, body.filename or filename, Kind(meant))
        return _out(await lanes.files.run(files.keep_upload, studio, actor, upload, idempotency_key))


@router.get("/files/{file_id}", responses=responses(404, 422))
def get_file(studio: StudioDep, actor: ActorDep, file_id: UUID) -> UploadOut:
    """Show a file of one's own."""
    return _out(files.get_file(studio, actor, file_id))


@router.delete("/files/{file_id}", status_code=204, responses=responses(404, 422))
def delete_file(studio: StudioDep, actor: ActorDep, file_id: UUID) -> None:
    """Remove a file of one's own."""
    files.delete_file(studio, actor, file_id)


@router.head("/files/{file_id}/content", include_in_schema=False)
@router.get(
    "/files/{file_id}/content",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "The whole file."},
        206: {"description": "A part of it."},
        307: dict(LINK),
        **responses(404, 412, 416, 422),
    },
)
def get_file_content(request: Request, studio: StudioDep, actor: ActorDep, file_id: UUID) -> Response:
    """Download a file of one's own, byte for byte as it was sent."""
    return send_file(request, studio, files.file_content(studio, actor, file_id), download=True)


@router.post("/analyze", dependencies=[Depends(RateLimit("analyze", 30))], responses=responses(404, 409, 422, 503))
async def analyze(
    studio: StudioDep, actor: ActorDep, lanes: LanesDep, body: Analyze, key: RequestKeyDep
) -> AnalysisOut:
    """Listen to a sound of one's own: tempo, key, energy, loudness. What was heard once is remembered."""
    found = await lanes.files.run(files.analyze_file, studio, actor, body.file_id, key)
    return AnalysisOut.model_validate({"file_id": found.id, **found.metadata})


def _out(view: files.FileView) -> UploadOut:
    fields = {name: getattr(view, name) for name in files.FileView.__dataclass_fields__}
    return UploadOut(**fields, file_url=f"/api/v2/files/{view.id}/content")
