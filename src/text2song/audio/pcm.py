"""Finished sound on the grid of 24-bit files, kept outside memory until somebody asks for it.

A sample of a stem is a whole number of 2⁻²³, so stems add up exactly, in whatever order, and what the files hold is
what was added up.
"""

from __future__ import annotations

import tempfile
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel

#: Steps from zero to full scale.
FULL_SCALE = 8_388_608
#: Bytes of one stereo frame.
FRAME = 6
#: Frames moved at a time.
_PIECE = 1 << 18


class Pcm:
    """Stereo sound of 24 bits in a file without a name, which goes when the last user does; safe across threads."""

    def __init__(self, file: BinaryIO | None = None, *, first: int = 0, frames: int = 0) -> None:
        self._file = file or tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by the finaliser
        self._lock = threading.Lock()
        self._first = first
        self._frames = frames
        weakref.finalize(self, self._file.close)

    @classmethod
    def in_file(cls, path: Path, first: int, frames: int) -> Pcm:
        """Return the sound of `frames` frames that lies in a file from byte `first` on, read where it is."""
        return cls(path.open("rb", buffering=0), first=first, frames=frames)

    @classmethod
    def of(cls, audio: Stereo) -> Pcm:
        """Keep `audio`, float32 (frames, 2), rounded to the grid; beyond full scale it clips."""
        kept = cls()
        for piece in pcm24_pieces(audio):
            kept.append(piece)
        return kept

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._frames

    def append(self, samples: bytes) -> None:
        """Add whole frames of 24-bit samples at the end."""
        view = memoryview(samples)
        with self._lock:
            self._file.seek(self._first + FRAME * self._frames)
            while view:
                view = view[self._file.write(view) :]
            self._frames += len(samples) // FRAME

    def pieces(self) -> Iterator[bytes]:
        """Give the samples as a 24-bit file holds them, a few seconds at a time."""
        for start in range(0, self._frames, _PIECE):
            yield self._read(start, min(_PIECE, self._frames - start))

    def audio(self) -> Stereo:
        """Return the sound as a new array, float32 (frames, 2)."""
        out = np.empty((self._frames, 2), np.float32)
        start = 0
        for piece in self.pieces():
            _unpack(np.frombuffer(piece, np.uint8), out[start : start + len(piece) // FRAME])
            start += len(piece) // FRAME
        return out

    def audio_pieces(self) -> Iterator[Stereo]:
        """Give the same a few seconds at a time: what reads a sound once needs no room for all of it."""
        for piece in self.pieces():
            out = np.empty((len(piece) // FRAME, 2), np.float32)
            _unpack(np.frombuffer(piece, np.uint8), out)
            yield out

    def _read(self, start: int, frames: int) -> bytes:
        with self._lock:
            self._file.seek(self._first + FRAME * start)
            content = self._file.read(FRAME * frames)
        return bytes(content or b"")


class Sum:
    """The exact sum of finished sounds, the same in whatever order they are added; safe across threads."""

    def __init__(self, frames: int) -> None:
        self._total = np.zeros((frames, 2), np.int32)
        self._lock = threading.Lock()

    def add(self, sound: Pcm) -> None:
        """Add a sound of the same length."""
        start = 0
        for piece in sound.pieces():
            count = len(piece) // FRAME
            with self._lock:
                _add(np.frombuffer(piece, np.uint8), self._total[start : start + count])
            start += count

    def audio(self) -> Stereo:
        """Return the sum, float32 (frames, 2), on the grid; it is used up, and whole sums stay exact to ±1."""
        total, self._total = self._total, np.zeros((0, 2), np.int32)
        out = total.view(np.float32)
        _to_float(total, out)
        return out


def pcm24(audio: Stereo) -> bytes:
    """Return the samples as little-endian 24-bit integers, channels interleaved; beyond full scale they clip."""
    return _packed(np.ascontiguousarray(audio, dtype=np.float32)).tobytes()


def pcm24_pieces(audio: Stereo) -> Iterator[bytes]:
    """Give the same, a few seconds at a time: what fits the processor's cache is packed in half the time."""
    for start in range(0, audio.shape[0], _PIECE):
        yield pcm24(audio[start : start + _PIECE])


@kernel
def _packed(audio: Stereo) -> NDArray[np.uint8]:
    frames = audio.shape[0]
    out = np.empty(frames * 6, np.uint8)
    place = 0
    for frame in range(frames):
        for channel in range(2):
            sample = np.rint(np.float64(audio[frame, channel]) * 8388608.0)
            number = np.int32(min(max(sample, -8388608.0), 8388607.0))
            out[place] = number & 0xFF
            out[place + 1] = (number >> 8) & 0xFF
            out[place + 2] = (number >> 16) & 0xFF
            place += 3
    return out


@kernel
def _number(packed: NDArray[np.uint8], place: int) -> np.int32:
    # The sign comes with the shift back: three bytes at the top of four.
    high = np.uint32(packed[place]) << np.uint32(8) | np.uint32(packed[place + 1]) << np.uint32(16)
    return np.int32(high | np.uint32(packed[place + 2]) << np.uint32(24)) >> np.int32(8)


@kernel
def _unpack(packed: NDArray[np.uint8], out: Stereo) -> None:
    step = np.float32(1.0 / 8388608.0)
    for frame in range(out.shape[0]):
        out[frame, 0] = np.float32(_number(packed, 6 * frame)) * step
        out[frame, 1] = np.float32(_number(packed, 6 * frame + 3)) * step


@kernel
def _add(packed: NDArray[np.uint8], total: NDArray[np.int32]) -> None:
    for frame in range(total.shape[0]):
        total[frame, 0] += _number(packed, 6 * frame)
        total[frame, 1] += _number(packed, 6 * frame + 3)


@kernel
def _to_float(total: NDArray[np.int32], out: Stereo) -> None:
    for frame in range(total.shape[0]):
        left, right = total[frame, 0], total[frame, 1]
        out[frame, 0] = np.float32(left / 8388608.0)
        out[frame, 1] = np.float32(right / 8388608.0)
