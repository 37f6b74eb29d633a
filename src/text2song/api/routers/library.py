"""`/recent`: the newest finished songs."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from text2song.api.deps import Limit, ReaderDep, StudioDep
from text2song.api.errors import responses
from text2song.api.limits import RateLimit
from text2song.api.schemas.compositions import CompositionOut
from text2song.services import compositions

router = APIRouter(tags=["library"])


@router.get("/recent", dependencies=[Depends(RateLimit("recent", 30))], responses=responses(422))
def list_recent(studio: StudioDep, actor: ReaderDep, limit: Limit = 20) -> list[CompositionOut]:
    """List the newest finished songs."""
    return [CompositionOut.model_validate(item) for item in compositions.list_recent(studio, actor, limit)]
