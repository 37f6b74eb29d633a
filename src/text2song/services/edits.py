"""An edit of a finished song, from the moment it is accepted: the child composition and its job in one transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from text2song.compose.edits.apply import edited
from text2song.compose.edits.parents import read_parent
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit
from text2song.domain.errors import ConflictError
from text2song.domain.identity import Actor
from text2song.domain.ids import uuid7
from text2song.domain.serial import to_plain
from text2song.jobs.estimates import Effort
from text2song.services.idempotency import Once, RequestKey
from text2song.services.studio import Studio
from text2song.services.submissions import EDIT, Accepted, Options, credits_for, priority_of
from text2song.storage.blobs import BlobNotFoundError
from text2song.storage.models import Composition, JobStatus, Take
from text2song.storage.repositories.compositions import CompositionRepository

#: The file of a take that an edit starts from.
SCORE = "composition.json"


class UneditableError(ConflictError):
    """The song is not in a state that can be edited."""

    slug = "uneditable"


@dataclass(frozen=True, slots=True)
class _Parent:
    row: Composition
    take: Take
    score: UnifiedComposition


def submit_edit(
    studio: Studio,
    actor: Actor,
    composition_id: UUID,
    edit: Edit,
    *,
    take: int = 1,
    key: RequestKey | None = None,
) -> Accepted:
    """Queue the child of a finished take of the actor's that `edit` asks for; the parent stays as it is.

    The same `key` queues it once. Raises `RowNotFoundError`, `NotOwnerError`, `UneditableError` for a song that is not
    finished or has no score, and `InvalidEditError` for whatever of the edit does not fit the song.
    """
    once = Once(studio, actor, key, Accepted)
    kept = once.recall()
    if kept is not None:
        return kept
    parent = _parent(studio, actor, composition_id, take)
    child = edited(parent.score, edit, parent_id=str(composition_id))
    return once.write(lambda session: _accept(studio, actor, session, parent, edit, child))


def _accept(
    studio: Studio, actor: Actor, session: Session, parent: _Parent, edit: Edit, child: UnifiedComposition
) -> Accepted:
    child_id, owner = uuid7(), parent.row.user_id
    payload = {
        "composition_id": str(child_id),
        "takes": [str(uuid7())],
        "parent_take": str(parent.take.id),
        "parent": str(parent.row.id),
        "edit": to_plain(edit),
    }
    effort, priority = Effort(parent.take.duration_seconds, parent.take.provider), priority_of(actor)
    job = studio.queue.enqueue(
        session, EDIT, payload, user_id=owner, subject_id=child_id, priority=priority, effort=effort
    )
    row = Composition(
        id=child_id,
        user_id=owner,
        prompt_id=parent.row.prompt_id,
        job_id=job.id,
        title=parent.row.title,
        titled=True,
        request=parent.row.request,
        options=asdict(Options(provider=parent.take.provider)),
        summary={},
        updated_at=studio.queue.clock(),
        parent_id=parent.row.id,
        edits=[to_plain(each) for each in child.provenance.edits],
    )
    CompositionRepository(session).add(row)
    return Accepted(
        job_id=job.id,
        composition_id=child_id,
        prompt_id=parent.row.prompt_id,
        credits_required=credits_for(child.seconds, 1),
    )


def read_score(studio: Studio, prefix: str) -> UnifiedComposition:
    """Return the score of the take whose files lie under `prefix`; raises `UneditableError` when it has none."""
    try:
        return read_parent(studio.blobs.get(f"{prefix}/{SCORE}"))
    except BlobNotFoundError:
        raise UneditableError("this song has no score, so it cannot be edited", field="composition_id") from None


def _parent(studio: Studio, actor: Actor, composition_id: UUID, number: int) -> _Parent:
    with studio.sessions.read() as session:
        row = CompositionRepository(session).changeable(composition_id, actor.user_id)
    if row.job.status != JobStatus.COMPLETE:
        raise UneditableError("this song is not finished, so it cannot be edited yet", field="composition_id")
    take = next((take for take in row.takes if take.number == number), None)
    if take is None:
        raise UneditableError(f"there is no take {number} to edit; {len(row.takes)} were made", field="take")
    return _Parent(row, take, read_score(studio, take.prefix))
