"""A provider that writes small real files, as slowly as a test wants, and a studio in a temporary folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from tests.contexts import plain_context

from text2song.domain.composition import ChordSpan, PartPlan, Provenance, Section, SectionKind, UnifiedComposition
from text2song.domain.context import Genre
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.progress import Progress
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.domain.serial import to_json
from text2song.domain.take import StemFigure, TakeReport
from text2song.domain.theory import Chord, TimeSignature
from text2song.jobs.leases import Lease
from text2song.providers.base import MadeSong, Support
from text2song.providers.router import ProviderRouter
from text2song.services.studio import Studio, build_studio
from text2song.services.submissions import EDIT
from text2song.services.tasks.compose import ComposeTask
from text2song.services.tasks.edit import EditTask
from text2song.settings import Settings

RATE = 44_100
SECONDS = 4
STEMS = ("bass", "drums", "lead")


@dataclass
class FakeProvider:
    """Takes `seconds` to write a song of four seconds whose pitch depends on the seed."""

    seconds: float = 0.0
    #: Called with the folder before the last file is written: the place to fail.
    before_end: Callable[[Path], None] = lambda folder: None
    name: str = "composer"

    def supports(self, request: CompositionRequest) -> Support:
        request.validate()
        return Support(supported=True)

    def make(
        self,
        request: CompositionRequest,
        folder: Path,
        progress: Progress,
        earlier: Sequence[UnifiedComposition] = (),
    ) -> MadeSong:
        return self._song(fake_composition(request), request.seed, folder, progress)

    def remake(
        self, composition: UnifiedComposition, folder: Path, progress: Progress, kept: Path | None = None
    ) -> MadeSong:
        return self._song(composition, composition.provenance.seed, folder, progress)

    def _song(self, composition: UnifiedComposition, seed: int, folder: Path, progress: Progress) -> MadeSong:
        (folder / "stems").mkdir(parents=True)
        self._work("rendering", 0.0, 0.7, progress)
        files = []
        for index, stem in enumerate(STEMS):
            soundfile.write(folder / f"stems/{stem}.wav", tone(seed + index), RATE, subtype="PCM_24")
            files.append(f"stems/{stem}.wav")
        self._work("mastering", 0.7, 1.0, progress)
        self.before_end(folder)
        soundfile.write(folder / "song.wav", tone(seed), RATE, subtype="PCM_24")
        report = fake_report()
        documents = {
            "composition.json": to_json(composition),
            "report.json": to_json(report),
            "song.mid": b"MThd\x00\x00\x00\x06\x00\x01\x00\x00\x01\xe0",
            "song.musicxml": b"<score-partwise/>",
        }
        for name, content in documents.items():
            (folder / name).write_bytes(content)
        return MadeSong(folder, ("song.wav", *files, *documents), composition, report)

    def _work(self, stage: str, start: float, end: float, progress: Progress) -> None:
        steps = max(1, round(20 * self.seconds * (end - start)))
        for step in range(steps):
            progress(stage, start + (end - start) * step / steps)
            time.sleep(self.seconds * (end - start) / steps)


def tone(seed: int) -> np.ndarray:
    times = np.arange(SECONDS * RATE) / RATE
    left = 0.5 * np.sin(2 * np.pi * (200 + seed % 100) * times)
    return np.stack([left, 0.5 * left], axis=1)


def fake_composition(request: CompositionRequest) -> UnifiedComposition:
    context = plain_context(
        prompt=request.prompt,
        seed=request.seed,
        title=request.title or "Untitled Tone",
        genres=(Genre("synthwave", ("electronic",), 1.0, "synthwave"),),
        moods=("dreamy",),
        valence=0.1,
        arousal=0.2,
        tempo_word="allegro",
        duration_seconds=4.0,
    )
    notes = tuple(Note(Fraction(beat), 45, Fraction(1), 90) for beat in range(8))
    hits = tuple(Note(Fraction(beat), 36, Fraction(1, 8), 100) for beat in range(8))
    syllable = Syllable("la", stressed=True, ends_word=True, start=Fraction(2), duration=Fraction(2))
    return UnifiedComposition(
        context=context,
        time_signature=TimeSignature(),
        tempo=TempoMap.constant(Fraction(120)),
        sections=(Section("verse.1", SectionKind.VERSE, 0, 2, 0.5),),
        harmony=(ChordSpan(Chord(9, "m"), Fraction(0), Fraction(8), "i", "verse.1"),),
        arrangement=(
            PartPlan("bass", Role.BASS, "synth_bass", ("verse.1",), 28, 50),
            PartPlan("drums", Role.DRUMS, "tr808", ("verse.1",), 0, 127),
        ),
        parts=(Part("bass", Role.BASS, "synth_bass", notes), Part("drums", Role.DRUMS, "tr808", hits)),
        lyrics=Lyrics((LyricLine("la", "verse.1", (syllable,)),)),
        provenance=Provenance("fake 1", request.seed, ("synthwave 1",)),
    )


def fake_report() -> TakeReport:
    return TakeReport(
        asked={"bpm": 120},
        measured={"bpm": 120.0},
        passed=True,
        reasons=(),
        seconds={"compose": 0.1},
        realtime_factor=20.0,
        loudness_lufs=-14.0,
        true_peak_dbtp=-1.0,
        energy_spearman=None,
        stems_null_dbfs=-120.0,
        stems=tuple(StemFigure(name, "synth_bass", "bass", -20.0, -6.0, "0" * 64) for name in STEMS),
    )


def make_studio(folder: Path, **changes: object) -> Studio:
    return build_studio(Settings(data_dir=folder, **{"rate_limits": 0.0, **changes}))  # type: ignore[arg-type]


def stored_files(studio: Studio) -> set[str]:
    """Every file of the installation that is not the database, staging files included."""
    data = studio.work_folder.parent
    return {str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and path.parent != data}


def run_next_job(studio: Studio, provider: FakeProvider) -> Lease:
    """Do the next job in this thread, as a worker would."""
    lease = studio.queue.claim("test")
    if lease is None:
        raise LookupError("no job is waiting")
    task = EditTask if lease.kind == EDIT else ComposeTask
    task(studio, ProviderRouter([provider]))(lease, lambda stage, fraction: None)
    return lease
