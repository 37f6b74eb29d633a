"""Usage by day, added up in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Insert, Integer, cast, func, select, true
from sqlalchemy.dialects import postgresql, sqlite

from text2song.storage.models import SYSTEM_ID, UsageDay
from text2song.storage.repositories.base import RepositoryBase


@dataclass(frozen=True, slots=True)
class Happened:
    """What to add to a day; fields as in `UsageDay`."""

    takes: int = 0
    generation_seconds: float = 0.0
    audio_seconds: float = 0.0
    realtime_factors: float = 0.0
    bytes: int = 0
    plays: int = 0
    play_seconds: float = 0.0
    downloads: int = 0
    favorites: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemLoad:
    """One look at the machine, percent; no GPU is None."""

    cpu: float
    memory: float
    gpu: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used(Happened):
    """What happened on a day, to one user or to all."""

    day: date


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks at the machines on a day; fields as in `UsageDay`."""

    day: date
    samples: int = 0
    cpu_sum: float = 0.0
    cpu_max: float = 0.0
    memory_sum: float = 0.0
    memory_max: float = 0.0
    gpu_samples: int = 0
    gpu_sum: float = 0.0
    gpu_max: float = 0.0


#: What is added up of a user's day, and of the machines'.
_SUMS = tuple(field.name for field in fields(Happened))
_LOOKS = tuple(field.name for field in fields(Looks) if field.name != "day")
_ZERO = dict.fromkeys((*_SUMS, *_LOOKS), 0)


class UsageRepository(RepositoryBase[UsageDay]):
    """Days of users, and of the machines."""

    model = UsageDay
    noun = "day"

    def add_up(self, user_id: UUID, day: date, happened: Happened, genres: Sequence[str] = ()) -> None:
        """Add to a user's day; `genres` are those of one take."""
        row = self._locked(user_id, day)
        for name, amount in asdict(happened).items():
            setattr(row, name, getattr(row, name) + amount)
        if genres:
            row.genres = {**row.genres, **{genre: row.genres.get(genre, 0) + 1 for genre in genres}}
        self.session.flush()

    def sample(self, day: date, load: SystemLoad) -> None:
        """Add one look at the machine to the day."""
        row = self._locked(SYSTEM_ID, day)
        row.samples += 1
        row.cpu_sum, row.cpu_max = row.cpu_sum + load.cpu, max(row.cpu_max, load.cpu)
        row.memory_sum, row.memory_max = row.memory_sum + load.memory, max(row.memory_max, load.memory)
        if load.gpu is not None:
            row.gpu_samples += 1
            row.gpu_sum, row.gpu_max = row.gpu_sum + load.gpu, max(row.gpu_max, load.gpu)
        self.session.flush()

    def used(self, user_id: UUID | None, first: date, last: date) -> tuple[Used, ...]:
        """Return the days from `first` to `last` on which something happened to the user, or for None to any, in order.

        The database adds up the users, so that a year of all of them is no more to read than a year of one.
        """
        sums: dict[str, ColumnElement[Any]] = {name: func.sum(getattr(UsageDay, name)) for name in _SUMS}
        # PostgreSQL's sum of big integers is a decimal.
        sums["bytes"] = cast(sums["bytes"], BigInteger)
        wanted = select(UsageDay.day, *sums.values()).where(*_within(user_id, first, last))
        rows = self.session.execute(wanted.group_by(UsageDay.day).order_by(UsageDay.day))
        return tuple(Used(*amounts, day=day) for day, *amounts in rows)

    def looks(self, first: date, last: date) -> tuple[Looks, ...]:
        """Return the days from `first` to `last` on which somebody looked at the machines, in order."""
        columns = (UsageDay.day, *(getattr(UsageDay, name) for name in _LOOKS))
        wanted = select(*columns).where(*_within(SYSTEM_ID, first, last)).order_by(UsageDay.day)
        return tuple(Looks(*row) for row in self.session.execute(wanted))

    def genres(self, user_id: UUID | None, first: date, last: date) -> dict[str, int]:
        """Return the takes of each genre, of the user or for None of all, from `first` to `last`."""
        is_postgresql = self.session.get_bind().dialect.name == "postgresql"
        pairs = (func.json_each_text if is_postgresql else func.json_each)(UsageDay.genres)
        genre = pairs.table_valued("key", "value", name="genre")
        counted = select(genre.c.key, func.sum(cast(genre.c.value, Integer))).join_from(UsageDay, genre, true())
        found = self.session.execute(counted.where(*_within(user_id, first, last)).group_by(genre.c.key))
        return {name: int(count) for name, count in found}

    def _locked(self, user_id: UUID, day: date) -> UsageDay:
        """Return the row of that day, made if missing, held until the transaction ends."""
        fresh = {"user_id": user_id, "day": day, "genres": {}, **_ZERO}
        self.session.execute(self._insert().values(fresh).on_conflict_do_nothing())  # type: ignore[attr-defined]
        wanted = select(UsageDay).where(UsageDay.user_id == user_id, UsageDay.day == day)
        return self.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()

    def _insert(self) -> Insert:
        dialect: Any = postgresql if self.session.get_bind().dialect.name == "postgresql" else sqlite
        insert: Insert = dialect.insert(UsageDay)
        return insert


def _within(user_id: UUID | None, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    whose = UsageDay.user_id != SYSTEM_ID if user_id is None else UsageDay.user_id == user_id
    return whose, UsageDay.day >= first, UsageDay.day <= last
