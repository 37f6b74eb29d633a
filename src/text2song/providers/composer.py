"""The composer: our own engine, from prompt to finished files with no network, no GPU and no weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from text2song.audio.engine import Rendering, finish, mixdown
from text2song.audio.heap import kept_heap
from text2song.audio.orchestra import Orchestra
from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.garbage import uncollected
from text2song.domain.progress import Portion, Progress
from text2song.domain.request import CompositionRequest
from text2song.domain.take import TakeReport
from text2song.providers.base import MadeSong, Support
from text2song.providers.candidates import choose
from text2song.providers.ears import Ears
from text2song.providers.files import SongFiles
from text2song.providers.keeping import KnownFiles, StemFolder

#: A take that misses its report is made again from the next best candidate, this many times in all.
ATTEMPTS = 3


class ComposerProvider:
    """Composes, renders, mixes, masters, measures and writes one song."""

    name = "composer"

    def __init__(
        self, orchestra: Orchestra, worded: Callable[[CompositionRequest], CompositionRequest] | None = None
    ) -> None:
        """`worded` may give a request words to sing before it is composed; they become part of its recipe."""
        self._orchestra = orchestra
        self._worded = worded
        self._known = KnownFiles()

    def supports(self, request: CompositionRequest) -> Support:
        """Support every valid request: this is the last link of the chain."""
        request.validate()
        return Support(supported=True)

    def make(
        self,
        request: CompositionRequest,
        folder: Path,
        progress: Progress,
        earlier: Sequence[UnifiedComposition] = (),
    ) -> MadeSong:
        """Write song.wav, premaster.wav, stems/, the score's and the report's documents (see `files`).

        Many candidates are composed and the best one is rendered. The first whose report passes is kept, else the last
        that was tried, its report saying what it misses. A request that names its candidate gets that one alone.
        """
        watch, rising = _Stopwatch(), _Rising(progress)
        request = request if self._worded is None else self._worded(request)
        with kept_heap():
            for attempt, chosen in enumerate(_proposed(request, earlier, watch, Portion(rising, 0.0, 0.1))):
                composition, rendering, report = self._attempt(chosen, watch, rising)
                report = replace(report, candidates={**report.candidates, "attempt": attempt + 1})
                if report.passed:
                    break
            song = _Song(composition, rendering, report)
            return _written(song, SongFiles(composition, folder, StemFolder(None, self._known)), watch, rising)

    def remake(
        self, composition: UnifiedComposition, folder: Path, progress: Progress, kept: Path | None = None
    ) -> MadeSong:
        """Write the song of a finished score, taking the stems that sound the same from the song in the folder `kept`.

        The files are those that the score would give without `kept`, whatever was found there.
        """
        watch, rising = _Stopwatch(), _Rising(progress)
        # Nothing is chosen between any more, so all but the master may be written before it is there.
        files = SongFiles(composition, folder, StemFolder(kept, self._known))
        with kept_heap(), uncollected():
            rendering, report = self._judged(composition, watch, Portion(rising, 0.02, 0.93), files)
            return _written(_Song(composition, rendering, report), files, watch, rising)

    def _attempt(
        self, chosen: _Proposal, watch: _Stopwatch, progress: Progress
    ) -> tuple[UnifiedComposition, Rendering, TakeReport]:
        """Finish, render and judge; nothing is written, so that a candidate that misses leaves no file behind."""
        with watch.stage("compose"):
            composition = chosen.finished(Portion(progress, 0.1, 0.12))
        rendering, report = self._judged(composition, watch, Portion(progress, 0.12, 0.93))
        return composition, rendering, replace(report, candidates=dict(chosen.figures))

    def _judged(
        self, composition: UnifiedComposition, watch: _Stopwatch, progress: Progress, files: SongFiles | None = None
    ) -> tuple[Rendering, TakeReport]:
        """Render and judge; stems and mix are heard, and written if there are `files`, while their sum is mastered."""
        # A cancelled song does not wait for what is being heard.
        pool = ThreadPoolExecutor(1, thread_name_prefix="hear")
        ears = Ears(composition, files, pool)
        try:
            mixed, mix = mixdown(
                composition,
                self._orchestra,
                Portion(progress, 0.0, 0.8),
                keeper=ears.keeper,
                found=ears.found,
                begun=ears.begin,
            )
            ears.hear(mixed)
            if files is not None:
                files.begin(mixed, pool)
            rendering = finish(mixed, mix, composition, Portion(progress, 0.8, 0.95))
            progress("measuring", 0.95)
            if files is not None:
                files.begin_master(rendering.master)
            with watch.stage("measure"):
                told = ears.report(rendering.master)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if files is not None:
                # Nor is anything written to a folder that may go.
                files.settle()
        for stage, seconds in rendering.seconds.items():
            watch.add(stage, seconds)
        return rendering, self._sourced(told, composition)

    def _sourced(self, report: TakeReport, composition: UnifiedComposition) -> TakeReport:
        """Return the report with what sounds each stem."""
        sources = {part.name: self._orchestra.source(part, composition) for part in composition.parts}
        return replace(report, stems=tuple(replace(figure, source=sources[figure.name]) for figure in report.stems))


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A song that may be rendered, how to finish it, and what the report says of its choice."""

    finished: Callable[[Progress], UnifiedComposition]
    figures: Mapping[str, object]


def _proposed(
    request: CompositionRequest, earlier: Sequence[UnifiedComposition], watch: _Stopwatch, progress: Progress
) -> list[_Proposal]:
    """Return the songs to try, the best first."""
    if request.candidate is not None:
        figures = {"composed": 1, "written": 1, "chosen": request.candidate}
        return [_Proposal(lambda told: compose(request, progress=told), figures)]
    with watch.stage("compose"):
        choice = choose(request, progress, earlier=earlier)
    shared = {"composed": choice.composed, "written": len(choice.ranked)}
    return [
        _Proposal(
            one.finished, {**shared, "chosen": one.number, "score": round(one.score, 4), "alike": round(one.alike, 3)}
        )
        for one in choice.ranked[:ATTEMPTS]
    ]


@dataclass(frozen=True, slots=True)
class _Song:
    """A song that is to be written."""

    composition: UnifiedComposition
    rendering: Rendering
    report: TakeReport


def _written(song: _Song, files: SongFiles, watch: _Stopwatch, progress: Progress) -> MadeSong:
    """Write a song, or what is left of it to write, and say what was written."""
    progress("writing stems", 0.93)
    with watch.stage("write"):
        hashes = files.sound(song.rendering)
    report = _finished(song.report, hashes, watch.seconds, song.rendering)
    names = files.report(report)
    progress("writing the score", 1.0)
    kept = tuple(stem.name for stem in song.rendering.stems if stem.kept)
    return MadeSong(files.folder, names, song.composition, report, kept)


def _finished(
    report: TakeReport, hashes: dict[str, str], seconds: dict[str, float], rendering: Rendering
) -> TakeReport:
    """Return the report with what is known once the files are there: their hashes and how long it all took."""
    total = max(sum(seconds.values()), 1e-9)
    addresses = {stem.name: stem.address for stem in rendering.stems}
    factor = rendering.master.shape[0] / rendering.sample_rate / total
    return replace(
        report,
        seconds={stage: round(value, 4) for stage, value in seconds.items()},
        realtime_factor=round(factor, 2),
        stems=tuple(replace(stem, sha256=hashes[stem.name], address=addresses[stem.name]) for stem in report.stems),
    )


class _Rising:
    """Progress that never falls: a second candidate begins where the first one was."""

    def __init__(self, report: Progress) -> None:
        self._report = report
        self._highest = 0.0

    def __call__(self, stage: str, fraction: float) -> None:
        """Report `stage` at the highest fraction so far."""
        self._highest = max(self._highest, fraction)
        self._report(stage, self._highest)


class _Stopwatch:
    """Wall-clock seconds by stage, over all candidates."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the body as `name`."""
        start = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - start)

    def add(self, name: str, seconds: float) -> None:
        """Add time that was measured elsewhere."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
