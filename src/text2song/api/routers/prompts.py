"""`/prompts`: prompts kept, listed, explained."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from text2song.api.deps import ActorDep, Limit, Offset, RequestKeyDep, StudioDep
from text2song.api.errors import responses
from text2song.api.schemas.base import Paged
from text2song.api.schemas.prompts import PromptDetailsOut, PromptOut, UnderstandingOut
from text2song.api.schemas.requests import PromptCreate
from text2song.services import prompts

router = APIRouter(prefix="/prompts", tags=["prompts"])


@router.post("", status_code=201, responses=responses(422))
def create_prompt(studio: StudioDep, actor: ActorDep, body: PromptCreate, key: RequestKeyDep) -> PromptOut:
    """Keep a prompt for later songs."""
    return PromptOut.model_validate(prompts.create_prompt(studio, actor, body.music(body.prompt), key))


@router.get("")
def list_prompts(studio: StudioDep, actor: ActorDep, limit: Limit = 20, offset: Offset = 0) -> Paged[PromptOut]:
    """List prompts, the newest first."""
    found = prompts.list_prompts(studio, actor, limit=limit, offset=offset)
    items = [PromptOut.model_validate(item) for item in found.items]
    return Paged(items=items, total=found.total, limit=limit, offset=offset)


@router.get("/{prompt_id}", responses=responses(404, 422))
def get_prompt(studio: StudioDep, actor: ActorDep, prompt_id: UUID) -> PromptDetailsOut:
    """Show a prompt and how each of its values is understood, and why."""
    prompt, understanding = prompts.get_prompt(studio, actor, prompt_id)
    plain = PromptOut.model_validate(prompt).model_dump()
    return PromptDetailsOut(**plain, understanding=UnderstandingOut.model_validate(understanding))
