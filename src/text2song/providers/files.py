"""The files of a song: what needs no master may be written while the master is made."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from text2song.audio.codecs import write_hashed_wav, write_wav
from text2song.audio.engine import Mixdown, Rendering, Stem
from text2song.audio.export.chordpro import chordpro_bytes
from text2song.audio.export.cover import cover_of, cover_svg
from text2song.audio.export.lrc import lrc_bytes
from text2song.audio.export.midi import midi_bytes
from text2song.audio.export.musicxml import musicxml_bytes
from text2song.audio.instrument import Stereo
from text2song.domain.composition import UnifiedComposition
from text2song.domain.serial import to_json
from text2song.domain.take import TakeReport
from text2song.providers.keeping import StemFolder

_MASTER, _MIX, _REPORT = "song.wav", "premaster.wav", "report.json"


@dataclass(frozen=True, slots=True)
class _Mixed:
    """What was written without the master."""

    #: SHA-256 of each stem's file by stem name.
    hashes: dict[str, str]
    #: Names of files in the song's folder.
    names: tuple[str, ...]


class SongFiles:
    """The files of one song in its folder; stems that were found by `keeper` are copied."""

    def __init__(self, composition: UnifiedComposition, folder: Path, keeper: StemFolder) -> None:
        self.folder, self.keeper = folder, keeper
        self._composition = composition
        self._told: Future[tuple[str, ...]] | None = None
        self._begun: Future[_Mixed] | None = None
        self._mastered: Future[None] | None = None
        self._names: tuple[str, ...] = ()

    def begin_score(self, pool: Executor) -> None:
        """Write in `pool` what needs no sound: the documents of the score."""
        self._told = pool.submit(self._score)

    def begin(self, mixed: Mixdown, pool: Executor) -> None:
        """Write in `pool` what needs no master: the stems, their sum and what of the score is not begun."""
        self._begun = pool.submit(self._mixed, mixed)

    def begin_master(self, master: Stereo) -> None:
        """Write the master, float32 (frames, 2), in a thread of its own."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="master")
        self._mastered = pool.submit(write_wav, self.folder / _MASTER, master, title=self._composition.context.title)
        pool.shutdown(wait=False)

    def settle(self) -> None:
        """Return when nothing that was begun is being written any more: it is done, or was not started."""
        all_: tuple[Future[Any] | None, ...] = (self._told, self._begun, self._mastered)
        begun = [future for future in all_ if future is not None]
        wait([future for future in begun if not future.cancel()])

    def sound(self, rendering: Rendering) -> dict[str, str]:
        """Write all but the report, and return the SHA-256 of each stem's file by stem name.

        Raises `UnwritableError` or `DiskFullError`, also for what was begun.
        """
        if self._mastered is None:
            self.begin_master(rendering.master)
        mixed = self._mixed(rendering) if self._begun is None else self._begun.result()
        if self._mastered is not None:
            self._mastered.result()
        self._names = (_MASTER, *mixed.names)
        return mixed.hashes

    def report(self, report: TakeReport) -> tuple[str, ...]:
        """Write the report, and return the names of all files that were written."""
        (self.folder / _REPORT).write_bytes(to_json(report))
        return (*self._names, _REPORT)

    def _mixed(self, mixed: Mixdown) -> _Mixed:
        (self.folder / "stems").mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(2) as pool:
            mix = pool.submit(write_wav, self.folder / _MIX, mixed.premaster)
            hashes = pool.map(lambda stem: (stem.name, self._stem(stem)), mixed.stems)
            # Text is put together while the files of the sound are packed and hashed.
            documents = self._score() if self._told is None else self._told.result()
            found = dict(hashes)
            mix.result()
        return _Mixed(found, (_MIX, *(_stem_name(name) for name in found), *documents))

    def _score(self) -> tuple[str, ...]:
        documents = _documents(self._composition)
        for name, content in documents.items():
            (self.folder / name).write_bytes(content)
        return tuple(documents)

    def _stem(self, stem: Stem) -> str:
        path = self.folder / _stem_name(stem.name)
        if stem.kept:
            return self.keeper.copy(stem.name, path)
        found = write_hashed_wav(path, stem.sound)
        self.keeper.known.note(path, found)
        return found


def _stem_name(name: str) -> str:
    return f"stems/{name}.wav"


def _documents(composition: UnifiedComposition) -> dict[str, bytes]:
    documents = {
        "song.mid": midi_bytes(composition),
        "song.musicxml": musicxml_bytes(composition),
        "chords.cho": chordpro_bytes(composition),
        "cover.svg": cover_svg(cover_of(composition)),
        "composition.json": to_json(composition),
    }
    if composition.lyrics is not None:
        documents["lyrics.lrc"] = lrc_bytes(composition)
    return documents
