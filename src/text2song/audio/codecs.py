"""Audio files: WAV and FLAC of 24 bits, MP3 and OGG Vorbis; each is whole on disk or not there at all."""

from __future__ import annotations

import errno
import hashlib
import io
import itertools
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.pcm import FULL_SCALE, Pcm, pcm24_pieces
from text2song.audio.tags.id3 import with_id3
from text2song.audio.tags.song import AI_COMMENT, SongTags
from text2song.audio.tags.vorbis import flac_with_comments, ogg_with_comments
from text2song.domain.errors import InvalidError, UnavailableError

#: File name endings that `write_audio` knows.
FORMATS = ("wav", "flac", "mp3", "ogg")

# Vorbis encoding crashes on long writes, so all encoders are fed by the second (libsndfile issue 1095).
_CHUNK = SAMPLE_RATE
_OPTIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "flac": {"format": "FLAC", "subtype": "PCM_24"},
        "mp3": {
            "format": "MP3",
            "subtype": "MPEG_LAYER_III",
            "compression_level": 0.0,
            "bitrate_mode": "CONSTANT",
        },
        "ogg": {"format": "OGG", "subtype": "VORBIS", "compression_level": 0.3},
    }
)
_TAGGED = MappingProxyType({"flac": flac_with_comments, "mp3": with_id3, "ogg": ogg_with_comments})
_UNTITLED = SongTags()
_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class UnknownFormatError(InvalidError):
    """The file name does not end in a format that can be written."""

    slug = "unknown-audio-format"


class UnreadableAudioError(InvalidError):
    """The file is not audio that can be read."""

    slug = "unreadable-audio"


class UnwritableError(InvalidError):
    """The place does not take files."""

    slug = "unwritable"


class DiskFullError(UnavailableError):
    """The disk has no room for the file, or fails."""

    slug = "disk-full"


def write_audio(path: Path, audio: Stereo, *, tags: SongTags = _UNTITLED) -> None:
    """Write `audio`, float32 (frames, 2) at `SAMPLE_RATE`, in the format that the ending of `path` names.

    MP3 is 320 kbit/s constant, OGG Vorbis about 190. Raises `UnknownFormatError`, `UnwritableError` or
    `DiskFullError`; on any failure nothing is left behind and a file that was there stays as it was.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending == "wav":
        write_wav(path, audio, title=tags.title)
    else:
        write_bytes(path, _encoded(_seconds_of(audio), _known(path), tags))


def convert_audio(source: Path, path: Path, *, tags: SongTags = _UNTITLED) -> None:
    """Write the sound of the file `source` as `write_audio` would write what `read_audio` reads, the same bytes.

    Ten minutes of sound are 200 MB: a file at `SAMPLE_RATE` is read by the second, as it is encoded. Raises
    `UnreadableAudioError` and what `write_audio` raises.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending == "wav" or _rate_of(source) != SAMPLE_RATE:
        write_audio(path, read_audio(source), tags=tags)
    else:
        write_bytes(path, _encoded(_seconds_in(source), _known(path), tags))


def write_wav(path: Path, audio: Stereo | Pcm, *, title: str = "") -> None:
    """Write `audio` as a 24-bit WAV file: the same bytes for the same samples and title.

    Raises `UnwritableError` or `DiskFullError`.
    """
    _write_pieces(path, _wav_pieces(audio, title))


def write_hashed_wav(path: Path, audio: Stereo | Pcm) -> str:
    """Write `audio` as `write_wav` does without a title, and return the SHA-256 of the file."""
    digest = hashlib.sha256()
    _write_pieces(path, _heard_by(digest, _wav_pieces(audio, "")))
    return digest.hexdigest()


def wav_head(frames: int, *, title: str = "") -> bytes:
    """Return what stands before the samples in the 24-bit WAV file of so many frames."""
    size = 6 * frames
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, SAMPLE_RATE, SAMPLE_RATE * 6, 6, 24)
    info = b"INFO" + _info(b"INAM", title) + _info(b"ICMT", AI_COMMENT)
    notes = struct.pack("<4sI", b"LIST", len(info)) + info
    body = b"WAVE" + form + notes + struct.pack("<4sI", b"data", size)
    return struct.pack("<4sI", b"RIFF", len(body) + size) + body


def read_audio(path: Path) -> Stereo:
    """Return a file's sound as float32 (frames, 2) at `SAMPLE_RATE`; mono is doubled, more channels are dropped.

    Raises `UnreadableAudioError`.
    """
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(path) from error
    stereo = _two_channels(samples)
    if rate != SAMPLE_RATE:
        stereo = resample_poly(stereo, SAMPLE_RATE, rate, axis=0)
    return np.ascontiguousarray(stereo, dtype=np.float32)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file or none: under another name first, which then takes the place of `path`.

    Raises `UnwritableError` or `DiskFullError`.
    """
    _write_pieces(path, (content,))


def _wav_pieces(audio: Stereo | Pcm, title: str) -> Iterator[bytes]:
    pieces = audio.pieces() if isinstance(audio, Pcm) else pcm24_pieces(audio)
    return itertools.chain((wav_head(len(audio), title=title),), pieces)


def _heard_by(digest: hashlib._Hash, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        part.replace(path)
    except OSError as error:
        _discard(part)
        raise _failure(path, error) from error
    except BaseException:
        _discard(part)
        raise


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # The folder itself is the trouble, and the caller hears of that.
        return


def _failure(path: Path, error: OSError) -> InvalidError | UnavailableError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in _FULL_DISK:
        return DiskFullError(f"“{path.name}” could not be written to {path.parent}: {reason}")
    return UnwritableError(f"“{path.name}” could not be written to {path.parent}: {reason}", field="out")


def _known(path: Path) -> str:
    """Return the ending of a name that an encoder knows."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in _OPTIONS:
        raise UnknownFormatError(f"“{path.name}” does not name an audio format", field="format", choices=FORMATS)
    return ending


def _seconds_of(audio: Stereo) -> Iterator[Stereo]:
    return (audio[start : start + _CHUNK] for start in range(0, audio.shape[0], _CHUNK))


def _seconds_in(source: Path) -> Iterator[Stereo]:
    try:
        with soundfile.SoundFile(source) as file:
            for piece in file.blocks(_CHUNK, dtype="float32", always_2d=True):
                yield _two_channels(piece)
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(source) from error


def _rate_of(source: Path) -> int:
    try:
        return int(soundfile.info(source).samplerate)
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(source) from error


def _unreadable(path: Path) -> UnreadableAudioError:
    return UnreadableAudioError(f"“{path.name}” is not an audio file that can be read")


def _two_channels(samples: NDArray[np.float32]) -> Stereo:
    return np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples[:, :2]


def _encoded(pieces: Iterable[Stereo], ending: str, tags: SongTags) -> bytes:
    """Encode in memory: an encoder that fails then touches no file, and the disk is written by ordinary means."""
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", SAMPLE_RATE, 2, **_OPTIONS[ending]) as file:
        for piece in pieces:
            # As whole numbers FLAC holds what WAV does; the library's own rounding has another full scale.
            file.write(_numbers(piece) if ending == "flac" else np.clip(piece, -1.0, 1.0))
    return _TAGGED[ending](buffer.getvalue(), tags)


def _numbers(audio: Stereo) -> NDArray[np.int32]:
    """Return the samples of 24 bits at the top of 32."""
    steps = np.rint(audio.astype(np.float64) * FULL_SCALE)
    return np.clip(steps, -FULL_SCALE, FULL_SCALE - 1).astype(np.int32) << 8


def _info(name: bytes, text: str) -> bytes:
    if not text:
        return b""
    content = text.encode() + b"\0"
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)
