"""Jobs as others look at them; how they change is the queue's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from text2song.storage.changes import is_settled, last_settled
from text2song.storage.models import ACTIVE, Job, JobStatus
from text2song.storage.repositories.base import Page, RepositoryBase

#: Ends of a job that made nothing.
_FRUITLESS = (JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class EndedDay:
    """Jobs of one day (UTC) that ended in vain, and the takes that they owed."""

    day: date
    status: str
    takes: int


@dataclass(frozen=True, slots=True)
class JobState:
    """A state of jobs; with `words`, of those only whose stage has one of them, or has none where `named` is False."""

    status: JobStatus
    words: tuple[str, ...] = ()
    named: bool = True

    @property
    def condition(self) -> ColumnElement[bool]:
        """Whether a job is in it."""
        here = Job.status == self.status
        if not self.words:
            return here
        said = or_(*(Job.stage.contains(word, autoescape=True) for word in self.words))
        return and_(here, said if self.named else not_(said))


class JobRepository(RepositoryBase[Job]):
    """Jobs and their change feed."""

    model = Job
    noun = "job"

    def newest(self, user_id: UUID, *, limit: int, offset: int, state: JobState | None = None) -> Page[Job]:
        """Return a page of the user's jobs, the newest first: those in one state, or all."""
        mine = select(Job).where(Job.user_id == user_id)
        if state is not None:
            mine = mine.where(state.condition)
        return self.page(mine.order_by(Job.id.desc()), limit=limit, offset=offset)

    def hold(self, id_: UUID) -> None:
        """Keep everybody else from changing that job, if it is there, until the transaction ends."""
        self.session.execute(select(Job.id).where(Job.id == id_).with_for_update())

    def active(self, user_id: UUID) -> tuple[Job, ...]:
        """Return the user's queued and running jobs, the oldest first."""
        mine = select(Job).where(Job.user_id == user_id, Job.status.in_(ACTIVE))
        return tuple(self.session.scalars(mine.order_by(Job.id)))

    def changed_after(self, revision: int, *, limit: int, user_id: UUID | None = None) -> tuple[Job, ...]:
        """Return the present state of some `limit` jobs that changed after `revision`, in order of change.

        Everyone's jobs, or one user's. Jobs that changed in one transaction come together, though they be more.
        """
        changed = select(Job).where(is_settled(self.session, Job.revision))
        if user_id is not None:
            changed = changed.where(Job.user_id == user_id)
        found = self._in_order(changed.where(Job.revision > revision).limit(limit + 1))
        if len(found) <= limit:
            return tuple(found)
        last = found[-1].revision
        whole = tuple(takewhile(lambda job: job.revision < last, found))
        return whole or tuple(self._in_order(changed.where(Job.revision == last)))

    def revision(self) -> int:
        """Return the position of the latest change that every reader sees."""
        return last_settled(self.session, Job.revision)

    def line(self, limit: int) -> tuple[Job, ...]:
        """Return at most `limit` waiting jobs in the order in which they will be claimed."""
        waiting = select(Job).where(Job.status == JobStatus.QUEUED)
        return tuple(self.session.scalars(waiting.order_by(Job.priority, Job.turn, Job.id).limit(limit)))

    def _in_order(self, changed: Select[Job]) -> Sequence[Job]:
        return self.session.scalars(changed.order_by(Job.revision, Job.id)).all()

    def ended_by_day(self, user_id: UUID | None, since: datetime) -> tuple[EndedDay, ...]:
        """Return the takes owed by the jobs of a user, or of all, that failed or were cancelled since, by day."""
        is_postgresql = self.session.get_bind().dialect.name == "postgresql"
        day = func.date(func.timezone("UTC", Job.finished_at) if is_postgresql else Job.finished_at)
        owed = func.sum(func.json_array_length(Job.payload["takes"]))
        statement = select(day, Job.status, owed).where(Job.status.in_(_FRUITLESS), Job.finished_at >= since)
        if user_id is not None:
            statement = statement.where(Job.user_id == user_id)
        rows = self.session.execute(statement.group_by(day, Job.status)).all()
        found = ((date.fromisoformat(str(when)), status, int(takes or 0)) for when, status, takes in rows)
        return tuple(EndedDay(*row) for row in found if row[2])
