"""A request for a song, from the moment it is accepted: prompt, composition and job in one transaction."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from text2song.domain.context import CompositionContext
from text2song.domain.identity import Actor, Plan
from text2song.domain.ids import uuid7
from text2song.domain.request import TAKES, CompositionRequest, InvalidRequestError
from text2song.domain.serial import from_plain, to_plain
from text2song.jobs.estimates import Effort
from text2song.services.idempotency import Once, RequestKey
from text2song.services.providers import check_provider
from text2song.services.studio import Studio
from text2song.services.understanding import read
from text2song.storage.models import Composition, Prompt
from text2song.storage.repositories.base import RepositoryBase
from text2song.storage.repositories.compositions import CompositionRepository
from text2song.storage.repositories.prompts import PromptRepository

#: Names of the jobs that make songs, and that edit them.
COMPOSE, EDIT = "compose", "edit"

#: Places in the queue: every job of a plan before any of the next.
_PRIORITIES = MappingProxyType({Plan.ENTERPRISE: 0, Plan.PRO: 10, Plan.FREE: 20})

#: Seconds of music that one credit pays for.
_CREDIT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What concerns the making, not the music; sampling figures are read by neural providers only."""

    num_samples: int = 1
    provider: str | None = None
    device: str = "auto"
    precision: str = "float32"
    temperature: float | None = None
    top_k: int | None = None
    guidance: float | None = None
    #: `{"name", "weight"}` of each adapter to compose with.
    adapters: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The receipt of a request."""

    job_id: UUID
    composition_id: UUID
    prompt_id: UUID
    credits_required: int


def submit(
    studio: Studio,
    actor: Actor,
    request: CompositionRequest,
    options: Options,
    *,
    seeded: bool,
    key: RequestKey | None = None,
) -> Accepted:
    """Accept a new prompt and queue its song; without a seed of the user's one is drawn.

    The same `key` queues it once. Raises an `InvalidError` for whatever the composer would refuse later.
    """
    once = Once(studio, actor, key, Accepted)
    kept = once.recall()
    if kept is not None:
        return kept
    request = request if seeded else replace(request, seed=secrets.randbelow(2**32))
    order = _Order(actor, request, options, check(studio, request, options))

    def accept(session: Session) -> Accepted:
        row = Prompt(user_id=actor.user_id, text=request.prompt, request=to_plain(request))
        return _accept(studio, session, PromptRepository(session).add(row), order)

    return once.write(accept)


def submit_prompt(
    studio: Studio,
    actor: Actor,
    prompt_id: UUID,
    options: Options,
    *,
    seed: int | None,
    key: RequestKey | None = None,
) -> Accepted:
    """Queue a song for a stored prompt of the actor, its fields included; raises `RowNotFoundError`.

    The same `key` queues it once.
    """
    once = Once(studio, actor, key, Accepted)
    kept = once.recall()
    if kept is not None:
        return kept
    with studio.sessions.read() as session:
        stored = PromptRepository(session).owned(prompt_id, actor.user_id)
    request = from_plain(CompositionRequest, stored.request)
    request = replace(request, seed=secrets.randbelow(2**32) if seed is None else seed)
    order = _Order(actor, request, options, check(studio, request, options))

    def accept(session: Session) -> Accepted:
        return _accept(studio, session, PromptRepository(session).owned(prompt_id, actor.user_id), order)

    return once.write(accept)


def check(studio: Studio, request: CompositionRequest, options: Options) -> CompositionContext:
    """Return how a sound request reads; raises an `InvalidError` for the first thing wrong with it."""
    low, high = TAKES
    if not low <= options.num_samples <= high:
        raise InvalidRequestError(f"{low}–{high} takes can be asked for at once", field="num_samples")
    check_provider(
        studio,
        provider=options.provider,
        device=options.device,
        precision=options.precision,
        adapters=tuple(adapter["name"] for adapter in options.adapters),
    )
    return read(request)


def priority_of(actor: Actor) -> int:
    """Return the priority in the queue that the actor's plan buys; lower runs first."""
    return _PRIORITIES[actor.plan]


def credits_for(seconds: float, samples: int) -> int:
    """Return the credits that `samples` takes of `seconds` each would cost: one per started half minute."""
    return math.ceil(seconds / _CREDIT_SECONDS) * samples


@dataclass(frozen=True, slots=True)
class _Order:
    actor: Actor
    request: CompositionRequest
    options: Options
    context: CompositionContext

    def payload(self, composition_id: UUID) -> dict[str, Any]:
        takes = [str(uuid7()) for _ in range(self.options.num_samples)]
        return {"composition_id": str(composition_id), "takes": takes}


def _accept(studio: Studio, session: Session, prompt: Prompt, order: _Order) -> Accepted:
    compositions: RepositoryBase[Composition] = CompositionRepository(session)
    composition_id, samples = uuid7(), order.options.num_samples
    job = studio.queue.enqueue(
        session,
        COMPOSE,
        order.payload(composition_id),
        user_id=prompt.user_id,
        subject_id=composition_id,
        priority=priority_of(order.actor),
        effort=Effort(order.context.duration_seconds * samples, order.options.provider or studio.providers[0]),
    )
    composition = Composition(
        id=composition_id,
        user_id=prompt.user_id,
        prompt_id=prompt.id,
        job_id=job.id,
        title=order.context.title[:200],
        titled=bool(order.request.title),
        request=to_plain(order.request),
        options=asdict(order.options),
        summary={},
        updated_at=studio.queue.clock(),
    )
    compositions.add(composition)
    return Accepted(
        job_id=job.id,
        composition_id=composition_id,
        prompt_id=prompt.id,
        credits_required=credits_for(order.context.duration_seconds, samples),
    )
