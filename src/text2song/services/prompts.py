"""Prompts: kept without a song, listed, explained."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from text2song.domain.identity import Actor
from text2song.domain.request import CompositionRequest
from text2song.domain.serial import from_plain, to_plain
from text2song.services.idempotency import Once, RequestKey
from text2song.services.studio import Studio
from text2song.services.understanding import explain, read
from text2song.services.views import Listing, PromptView, view_prompt
from text2song.storage.models import Prompt
from text2song.storage.repositories.prompts import PromptRepository


def create_prompt(
    studio: Studio, actor: Actor, request: CompositionRequest, key: RequestKey | None = None
) -> PromptView:
    """Keep a prompt that could be played; raises an `InvalidError` otherwise. The same `key` keeps it once."""
    once = Once(studio, actor, key, PromptView)
    kept = once.recall()
    if kept is not None:
        return kept
    read(request)

    def keep(session: Session) -> PromptView:
        prompt = Prompt(user_id=actor.user_id, text=request.prompt, request=to_plain(request))
        return view_prompt(PromptRepository(session).add(prompt))

    return once.write(keep)


def list_prompts(studio: Studio, actor: Actor, *, limit: int, offset: int) -> Listing[PromptView]:
    """Return a page of the actor's prompts, the newest first."""
    with studio.sessions.read() as session:
        page = PromptRepository(session).newest(actor.user_id, limit=limit, offset=offset)
    return Listing(tuple(view_prompt(prompt) for prompt in page.items), page.total)


def get_prompt(studio: Studio, actor: Actor, prompt_id: UUID) -> tuple[PromptView, dict[str, Any]]:
    """Return one of the actor's prompts and how each of its values is understood; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        prompt = view_prompt(PromptRepository(session).owned(prompt_id, actor.user_id))
    return prompt, explain(from_plain(CompositionRequest, prompt.request))
