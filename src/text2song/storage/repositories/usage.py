"""Usage by day, added up in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite

from text2song.storage.models import SYSTEM_ID, UsageDay
from text2song.storage.repositories.base import RepositoryBase

_HIGHEST = ("cpu_max", "memory_max", "gpu_max")
_ZERO = dict.fromkeys(
    (
        *("takes", "bytes", "plays", "downloads", "favorites", "samples", "gpu_samples"),
        *("generation_seconds", "audio_seconds", "realtime_factors", "play_seconds"),
        *("cpu_sum", "memory_sum", "gpu_sum", *_HIGHEST),
    ),
    0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def days(self, user_id: UUID | None, first: date, last: date) -> tuple[UsageDay, ...]:
        """Return the days from `first` to `last` on which something happened, in order.

        They are the user's, the machines' under `SYSTEM_ID`, or for None those of every user.
        """
        whose = UsageDay.user_id != SYSTEM_ID if user_id is None else UsageDay.user_id == user_id
        within = select(UsageDay).where(whose, UsageDay.day >= first, UsageDay.day <= last)
        return tuple(self.session.scalars(within.order_by(UsageDay.day)))

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
