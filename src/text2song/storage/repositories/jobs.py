"""Jobs as others look at them; how they change is the queue's business."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from text2song.storage.models import ACTIVE, Job
from text2song.storage.repositories.base import Page, RepositoryBase


class JobRepository(RepositoryBase[Job]):
    """Jobs and their change feed."""

    model = Job
    noun = "job"

    def newest(self, user_id: UUID, *, limit: int, offset: int) -> Page[Job]:
        """Return a page of the user's jobs, the newest first."""
        mine = select(Job).where(Job.user_id == user_id)
        return self.page(mine.order_by(Job.id.desc()), limit=limit, offset=offset)

    def active(self, user_id: UUID) -> tuple[Job, ...]:
        """Return the user's queued and running jobs, the oldest first."""
        mine = select(Job).where(Job.user_id == user_id, Job.status.in_(ACTIVE))
        return tuple(self.session.scalars(mine.order_by(Job.id)))

    def changed_after(self, revision: int, *, limit: int) -> tuple[Job, ...]:
        """Return the present state of at most `limit` jobs that changed after `revision`, in order of change."""
        statement = select(Job).where(Job.revision > revision).order_by(Job.revision).limit(limit)
        return tuple(self.session.scalars(statement))

    def revision(self) -> int:
        """Return the position of the latest change."""
        return self.session.scalar(select(func.max(Job.revision))) or 0
