"""From a provider's folder to the files that are kept: more formats of the song, stems packed without loss."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from text2song.domain.errors import UnavailableError

#: Names that are kept as the provider wrote them, where it did.
_DOCUMENTS = {
    "song.mid": ("score.mid", "audio/midi"),
    "song.musicxml": ("score.musicxml", "application/vnd.recordare.musicxml+xml"),
    "lyrics.lrc": ("lyrics.lrc", "text/plain; charset=utf-8"),
    "composition.json": ("composition.json", "application/json"),
    "report.json": ("report.json", "application/json"),
    "recipe.json": ("recipe.json", "application/json"),
}
_SONGS = {"flac": ("FLAC", "PCM_24"), "mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "VORBIS")}
MEDIA_TYPES = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "ogg": "audio/ogg"}

#: Frames encoded at a time; libsndfile's Vorbis encoder overflows its stack on much longer writes.
_BLOCK_FRAMES = 65_536
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


def pack(folder: Path) -> tuple[PackedFile, ...]:
    """Encode what is missing next to the provider's files and return all files to keep, the song first.

    Raises `IncompleteSongError` when there is no song.wav.
    """
    song = folder / "song.wav"
    if not song.is_file():
        raise IncompleteSongError("the provider wrote no song.wav")
    stems = sorted((folder / "stems").glob("*.wav"))
    jobs = [(song, folder / f"song.{extension}") for extension in _SONGS]
    jobs += [(stem, stem.with_suffix(".flac")) for stem in stems]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: transcode(*job), jobs))
    songs = [PackedFile(f"song.{extension}", folder / f"song.{extension}", kind) for extension, kind in _songs()]
    documents = [
        PackedFile(name, folder / written, kind)
        for written, (name, kind) in _DOCUMENTS.items()
        if (folder / written).is_file()
    ]
    packed = [PackedFile(f"stems/{stem.stem}.flac", stem.with_suffix(".flac"), "audio/flac") for stem in stems]
    return (*songs, *packed, *documents)


def transcode(source: Path, target: Path) -> None:
    """Write `source` in the format that the name of `target` says: FLAC 24-bit, MP3 or Ogg Vorbis."""
    container, subtype = _SONGS[target.suffix[1:]]
    with (
        soundfile.SoundFile(source) as reading,
        soundfile.SoundFile(
            target, "w", samplerate=reading.samplerate, channels=reading.channels, format=container, subtype=subtype
        ) as writing,
    ):
        for block in reading.blocks(_BLOCK_FRAMES, dtype="float32"):
            writing.write(block)


def sound_figures(song: Path) -> SoundFigures:
    """Return length, format and drawing peaks of a sound file."""
    with soundfile.SoundFile(song) as file:
        stretch = max(1, -(-file.frames // PEAKS))
        peaks = tuple(round(min(float(np.abs(block).max()), 1.0), 3) for block in file.blocks(stretch, dtype="float32"))
        return SoundFigures(file.frames / file.samplerate, file.samplerate, file.channels, peaks)


def _songs() -> Iterator[tuple[str, str]]:
    return iter(MEDIA_TYPES.items())
