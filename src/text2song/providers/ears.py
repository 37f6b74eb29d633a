"""Hearing a song beside its making: what was found before the stems are all there, the rest before the master is."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from contextlib import suppress

from text2song.audio.engine import Mixdown, Stem, song_frames
from text2song.domain.composition import UnifiedComposition
from text2song.evaluation.conformance import Heard, hear
from text2song.evaluation.gathering import Gathering
from text2song.providers.keeping import StemFolder


class Ears:
    """Hears the stems and the mix of one song in `pool`, whose jobs are done one after another."""

    def __init__(self, composition: UnifiedComposition, keeper: StemFolder | None, pool: Executor) -> None:
        """Stems that `keeper` finds may be heard while the others are made."""
        self.keeper = keeper
        self._composition = composition
        self._pool = pool
        self._gathering: Gathering | None = None
        self._begun: list[Future[None]] = []
        if keeper is not None and keeper.has_stems:
            parts = [part for part in composition.parts if part.notes]
            self._gathering = Gathering(parts, song_frames(composition)[0])

    def found(self, stem: Stem) -> None:
        """Hear a stem that was found, as soon as the pool has time; from any thread."""
        if self.keeper is None or self._gathering is None:
            return
        self._gathering.expect(stem, self.keeper.figure(stem.name))
        # The pool is shut when its song was cancelled: then nobody waits for what would be heard.
        with suppress(RuntimeError):
            self._begun.append(self._pool.submit(self._gathering.catch_up))

    def hear(self, mixed: Mixdown) -> Future[Heard]:
        """Hear the rest: what is made anew, and the mix."""
        return self._pool.submit(self._rest, mixed)

    def _rest(self, mixed: Mixdown) -> Heard:
        for begun in self._begun:
            # What went wrong there is told now; the pool has done them all.
            begun.result()
        return hear(self._composition, mixed.stems, mixed, mixed.sample_rate, self._gathering)
