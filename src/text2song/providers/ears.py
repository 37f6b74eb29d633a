"""Hearing a song beside its making: what was found before the stems are all there, the rest before the master is."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import replace
from typing import Any

from text2song.audio.engine import Mixdown, Stem, song_frames
from text2song.audio.instrument import Stereo
from text2song.domain.composition import UnifiedComposition
from text2song.domain.take import TakeReport
from text2song.evaluation.conformance import Heard, hear, reported
from text2song.evaluation.gathering import Gathering
from text2song.evaluation.rules.findings import measure, summary
from text2song.providers.files import SongFiles
from text2song.providers.keeping import StemFolder


class Ears:
    """Hears and judges one song in `pool`, whose jobs are done one after another: in the order of the methods here."""

    def __init__(self, composition: UnifiedComposition, files: SongFiles | None, pool: Executor) -> None:
        """With `files` its documents are written too, and stems that their keeper finds are heard beforehand."""
        self.keeper: StemFolder | None = None if files is None else files.keeper
        self._files = files
        self._composition = composition
        self._pool = pool
        self._gathering: Gathering | None = None
        self._begun: list[Future[None]] = []
        self._rules: Future[dict[str, Any]] | None = None
        self._heard: Future[Heard] | None = None
        if self.keeper is not None and self.keeper.has_stems:
            parts = [part for part in composition.parts if part.notes]
            self._gathering = Gathering(parts, song_frames(composition)[0])

    def begin(self) -> None:
        """Read the score and write its documents: that needs no sound, and the interpreter while stems do not."""
        if self._files is not None:
            self._files.begin_score(self._pool)
        self._rules = self._pool.submit(_rules_of, self._composition)

    def found(self, stem: Stem) -> None:
        """Hear a stem that was found, as soon as the pool has time; from any thread."""
        if self.keeper is None or self._gathering is None:
            return
        self._gathering.expect(stem, self.keeper.figure(stem.name))
        # The pool is shut when its song was cancelled: then nobody waits for what would be heard.
        with suppress(RuntimeError):
            self._begun.append(self._pool.submit(self._gathering.catch_up))

    def hear(self, mixed: Mixdown) -> None:
        """Hear the rest: what is made anew, and the mix."""
        self._heard = self._pool.submit(self._rest, mixed)

    def report(self, master: Stereo) -> TakeReport:
        """Return the report of the song with its master, float32 (frames, 2), once all is heard."""
        if self._heard is None or self._rules is None:
            raise RuntimeError("a song is reported after it was begun and heard")
        return replace(reported(self._composition, self._heard.result(), master), rules=self._rules.result())

    def _rest(self, mixed: Mixdown) -> Heard:
        for begun in self._begun:
            # What went wrong there is told now; the pool has done them all.
            begun.result()
        return hear(self._composition, mixed.stems, mixed, mixed.sample_rate, self._gathering)


def _rules_of(composition: UnifiedComposition) -> dict[str, Any]:
    return summary(measure(composition))
