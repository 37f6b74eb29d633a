"""Makes the takes of one composition: all of them kept, or nothing."""

from __future__ import annotations

import errno
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import structlog

from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import UnavailableError
from text2song.domain.progress import Portion, Progress
from text2song.domain.request import SEED_MAX, CompositionRequest
from text2song.domain.serial import from_plain, to_json, to_plain
from text2song.jobs.leases import Lease, LeaseLostError
from text2song.providers.base import MadeSong, Provider
from text2song.providers.router import ProviderRouter
from text2song.services.studio import Studio
from text2song.services.submissions import Options
from text2song.services.sweeping import discard_files, take_prefix, work_name
from text2song.services.tasks.outline import outline, summary
from text2song.services.tasks.packing import PackedFile, pack, sound_figures
from text2song.services.tasks.stages import traced
from text2song.services.tasks.storing import store_files, with_archives
from text2song.storage.models import Composition, Take
from text2song.storage.repositories.compositions import CompositionRepository
from text2song.storage.repositories.takes import TakeRepository
from text2song.storage.repositories.usage import Happened, UsageRepository

#: The share of a take's progress that is the making; the rest is packing and keeping.
_MAKING = 0.9

log = structlog.get_logger(__name__)


class DiskFullError(UnavailableError):
    """There is no room for the song."""

    slug = "disk-full"


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a job: its request, and the takes it owes."""

    lease: Lease
    request: CompositionRequest
    options: Options
    composition_id: UUID
    take_ids: tuple[UUID, ...]
    folder: Path

    def prefix(self, take_id: UUID) -> str:
        """Return the blob folder of one take of this attempt; another attempt writes elsewhere."""
        return take_prefix(take_id, self.lease.token)


@dataclass(frozen=True, slots=True)
class Order:
    """One take to make, and those made before it."""

    run: Run
    request: CompositionRequest
    earlier: Sequence[UnifiedComposition]


@dataclass(frozen=True, slots=True)
class _MadeTake:
    row: Take
    composition: UnifiedComposition


class ComposeTask:
    """The handler of `compose` jobs.

    Files are written before the rows that name them, under a folder of this attempt alone; rows, composition and the
    end of the job are one transaction that checks the fencing token. Whatever fails, whenever the process dies, either
    everything is there or the sweep finds files without rows.
    """

    def __init__(self, studio: Studio, router: ProviderRouter) -> None:
        self.studio = studio
        self._router = router

    def __call__(self, lease: Lease, progress: Progress) -> None:
        """Make, keep and finish; raises `LeaseLostError`, `CancelledError` or the `StudioError` to tell the user."""
        with traced(progress) as told:
            self._make(self._start(lease), told)

    def _make(self, run: Run, progress: Progress) -> None:
        kept = False
        try:
            takes: list[_MadeTake] = []
            for index in range(len(run.take_ids)):
                takes.append(self._take(run, index, progress, [take.composition for take in takes]))
            progress("keeping", 0.99)
            self._keep(run, takes)
            kept = True
        except OSError as error:
            raise _disk_error(error) from error
        finally:
            shutil.rmtree(run.folder, ignore_errors=True)
            if not kept:
                self._discard(run)

    def _start(self, lease: Lease) -> Run:
        composition_id = UUID(lease.payload["composition_id"])
        with self.studio.sessions.read() as session:
            composition = session.get(Composition, composition_id)
        if composition is None:
            raise LeaseLostError(f"composition {composition_id} was removed")
        folder = self.studio.work_folder / work_name(lease.job_id, lease.token)
        folder.mkdir(parents=True, exist_ok=True)
        return Run(
            lease=lease,
            request=from_plain(CompositionRequest, composition.request),
            options=Options(**composition.options),
            composition_id=composition_id,
            take_ids=tuple(UUID(take_id) for take_id in lease.payload["takes"]),
            folder=folder,
        )

    def _take(self, run: Run, index: int, progress: Progress, earlier: Sequence[UnifiedComposition]) -> _MadeTake:
        count = len(run.take_ids)
        prefix = f"take {index + 1} of {count}: " if count > 1 else ""
        share = Portion(progress, 0.98 * index / count, 0.98 * (index + 1) / count, prefix)
        request = replace(run.request, seed=take_seed(run.request.seed, index))
        folder = run.folder / str(index + 1)
        folder.mkdir()
        share("composing", 0.0)
        started = time.perf_counter()
        provider = self._router.choose(request, run.options.provider)
        song = self.song(Order(run, request, earlier), provider, folder, Portion(share, 0.0, _MAKING))
        seconds = time.perf_counter() - started
        _write_recipe(song, request, provider.name, folder)
        files = pack(folder, song.composition, Portion(share, _MAKING, 0.97))
        files = with_archives(self.studio, folder, files)
        store_files(self.studio, run.prefix(run.take_ids[index]), files, Portion(share, 0.97, 1.0))
        row = _row(run, index, song, files)
        row.provider, row.seed = provider.name, request.seed
        row.generation_seconds = round(seconds, 3)
        row.realtime_factor = round(row.duration_seconds / seconds, 2)
        shutil.rmtree(folder)
        return _MadeTake(row, song.composition)

    def song(self, order: Order, provider: Provider, folder: Path, progress: Progress) -> MadeSong:
        """Make one song in `folder`."""
        return provider.make(order.request, folder, progress, order.earlier).demand()

    def _discard(self, run: Run) -> None:
        try:
            discard_files(self.studio, [run.prefix(take_id) for take_id in run.take_ids])
        except UnavailableError as error:
            # The failure that brought us here is the one to tell; the sweep finds the files again.
            log.warning("files of a failed run are left for the sweep", error=error.message)

    def _keep(self, run: Run, takes: Sequence[_MadeTake]) -> None:
        with self.studio.sessions.write() as session:
            self.studio.queue.complete(session, run.lease)
            # Held, so that a title given at this moment is seen.
            composition = CompositionRepository(session).held(run.composition_id)
            repository = TakeRepository(session)
            now = self.studio.queue.clock()
            for take in takes:
                take.row.created_at = now
                repository.add(take.row)
            if not composition.titled:
                composition.title = takes[0].composition.context.title[:200] or composition.title
            composition.summary = summary(takes[0].composition)
            composition.updated_at = now
            _add_up(UsageRepository(session), composition, [take.row for take in takes])


def _add_up(usage: UsageRepository, composition: Composition, takes: Sequence[Take]) -> None:
    """Count the takes in their owner's day."""
    for take in takes:
        made = Happened(
            takes=1,
            generation_seconds=take.generation_seconds,
            audio_seconds=take.duration_seconds,
            realtime_factors=take.realtime_factor,
            bytes=take.size_bytes,
        )
        usage.add_up(take.user_id, take.created_at.date(), made, composition.summary["genres"])


def take_seed(seed: int, index: int) -> int:
    """Return the seed of the take at `index`: each take is the song that its seed alone would give."""
    return (seed + index) & SEED_MAX


def _write_recipe(song: MadeSong, request: CompositionRequest, provider: str, folder: Path) -> None:
    provenance = song.composition.provenance
    recipe = {"provider": provider, "request": to_plain(provenance.request or request)}
    if provenance.edits:
        recipe |= {"parent": provenance.parent, "edits": to_plain(provenance.edits)}
    (folder / "recipe.json").write_bytes(to_json(recipe))


def _row(run: Run, index: int, song: MadeSong, files: Sequence[PackedFile]) -> Take:
    figures = sound_figures(song.folder / "song.wav")
    listed = [file.figures() for file in files]
    return Take(
        id=run.take_ids[index],
        composition_id=run.composition_id,
        number=index + 1,
        device="cpu",
        precision="float32",
        duration_seconds=round(figures.duration_seconds, 4),
        sample_rate=figures.sample_rate,
        channels=figures.channels,
        size_bytes=sum(int(file["bytes"]) for file in listed),
        prefix=run.prefix(run.take_ids[index]),
        files=listed,
        stems=[to_plain(stem) for stem in song.report.stems],
        peaks=list(figures.peaks),
        outline=outline(song.composition),
        report=json.loads(to_json(song.report)),
    )


def _disk_error(error: OSError) -> UnavailableError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError("the disk is full; free some room and try again")
    return UnavailableError(f"a file could not be written: {error.strerror or error}")
