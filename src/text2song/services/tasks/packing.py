"""From a provider's folder to the files that are kept: more formats of the song, stems packed without loss."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from text2song.audio.codecs import convert_audio, write_bytes
from text2song.audio.export.dawproject import project_documents
from text2song.audio.export.package import song_tags, stem_files
from text2song.audio.tags.song import SongTags
from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import UnavailableError
from text2song.domain.progress import Progress

#: Names in the provider's folder, what they are called among the take's files, and their type.
_DOCUMENTS = (
    ("song.mid", "score.mid", "audio/midi"),
    ("song.musicxml", "score.musicxml", "application/vnd.recordare.musicxml+xml"),
    ("chords.cho", "chords.cho", "text/plain; charset=utf-8"),
    ("cover.svg", "cover.svg", "image/svg+xml"),
    ("lyrics.lrc", "lyrics.lrc", "text/plain; charset=utf-8"),
    ("composition.json", "composition.json", "application/json"),
    ("report.json", "report.json", "application/json"),
    ("recipe.json", "recipe.json", "application/json"),
)
_SONGS = (("wav", "audio/wav"), ("flac", "audio/flac"), ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"))

#: Where a take keeps the documents of its DAW project.
PROJECT = "project/"
#: Peaks kept for drawing the waveform.
PEAKS = 400


class IncompleteSongError(UnavailableError):
    """The provider did not write what it said it had."""

    slug = "incomplete-song"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file to keep, its name within the take, and what it is."""

    name: str
    path: Path
    media_type: str

    def figures(self) -> dict[str, str | int]:
        """Return name, length, SHA-256 and type, as the take's row lists them."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "name": self.name,
            "bytes": self.path.stat().st_size,
            "sha256": digest,
            "media_type": self.media_type,
        }


@dataclass(frozen=True, slots=True)
class SoundFigures:
    """What the song's own file says of it."""

    duration_seconds: float
    sample_rate: int
    channels: int
    #: `PEAKS` absolute peaks in 0..1.
    peaks: tuple[float, ...]


def pack(folder: Path, composition: UnifiedComposition, progress: Progress) -> tuple[PackedFile, ...]:
    """Encode what is missing next to the provider's files and return all files to keep, the song first.

    Raises `IncompleteSongError` when there is no song.wav, `DiskFullError` when there is no room, and what
    `progress` raises.
    """
    song = folder / "song.wav"
    if not song.is_file():
        raise IncompleteSongError("the provider wrote no song.wav")
    stems = sorted((folder / "stems").glob("*.wav"))
    tags = song_tags(composition)
    with ThreadPoolExecutor(2) as pool:
        songs = [pool.submit(_pack_song, song, *format_, tags) for format_ in _SONGS[1:]]
        packing = [*songs, *(pool.submit(_pack_stem, stem, tags) for stem in stems)]
        try:
            packed = [_awaited(done, progress, index / len(packing)) for index, done in enumerate(packing)]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return (PackedFile("song.wav", song, _SONGS[0][1]), *packed, *_documents(folder), *_project(folder, composition))


def _awaited(done: Future[PackedFile], progress: Progress, fraction: float) -> PackedFile:
    progress("packing", fraction)
    return done.result()


def _pack_song(song: Path, ending: str, media_type: str, tags: SongTags) -> PackedFile:
    target = song.with_suffix(f".{ending}")
    convert_audio(song, target, tags=tags)
    return PackedFile(target.name, target, media_type)


def _pack_stem(stem: Path, tags: SongTags) -> PackedFile:
    target = stem.with_suffix(".flac")
    if not target.is_file():
        convert_audio(stem, target, tags=tags.named(f"{tags.title} - {stem.stem}"))
    return PackedFile(f"stems/{target.name}", target, "audio/flac")


def _documents(folder: Path) -> Iterator[PackedFile]:
    for written, name, kind in _DOCUMENTS:
        if (folder / written).is_file():
            yield PackedFile(name, folder / written, kind)


def _project(folder: Path, composition: UnifiedComposition) -> Iterator[PackedFile]:
    """The documents of a DAW project over the packed stems; the archive itself is put together when it is sent."""
    audio = [file for file, _ in stem_files(folder / "stems", "flac")]
    for name, content in project_documents(composition, audio).items():
        path = folder / f"{PROJECT}{name}"
        path.parent.mkdir(exist_ok=True)
        write_bytes(path, content)
        yield PackedFile(f"{PROJECT}{name}", path, "application/xml")


def sound_figures(song: Path) -> SoundFigures:
    """Return length, format and drawing peaks of a sound file."""
    with soundfile.SoundFile(song) as file:
        stretch = max(1, -(-file.frames // PEAKS))
        peaks = tuple(round(min(float(np.abs(block).max()), 1.0), 3) for block in file.blocks(stretch, dtype="float32"))
        return SoundFigures(file.frames / file.samplerate, file.samplerate, file.channels, peaks)
