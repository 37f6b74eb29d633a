"""Finished sound on the grid of 24-bit files, kept outside memory until somebody asks for it.

A sample of a stem is a whole number of 2⁻²³, so stems add up exactly, in whatever order, and what the files hold is
what was added up.
"""

from __future__ import annotations

import tempfile
import threading
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from text2song.audio.halves import Span, in_halves
from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel

#: Steps from zero to full scale.
FULL_SCALE = 8_388_608
#: Bytes of one stereo frame.
FRAME = 6
#: Frames moved at a time: packed and unpacked they stay in the processor's cache.
_PIECE = 1 << 16
#: Samples that are three words of packed ones, and how many are packed at a time.
_FOUR, _AT_ONCE = 4, 2048


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
        kept = cls(frames=audio.shape[0])
        in_halves(partial(kept._put, audio), audio.shape[0] // 2, audio.shape[0])
        return kept

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._frames

    def pieces(self) -> Iterator[bytes]:
        """Give the samples as a 24-bit file holds them, a second or two at a time."""
        for start in range(0, self._frames, _PIECE):
            yield self._read(start, min(_PIECE, self._frames - start))

    def audio(self) -> Stereo:
        """Return the sound as a new array, float32 (frames, 2)."""
        out = np.empty((self._frames, 2), np.float32)
        start = 0
        for piece in self.pieces():
            _unpacked(piece, out[start : start + len(piece) // FRAME])
            start += len(piece) // FRAME
        return out

    def audio_pieces(self) -> Iterator[Stereo]:
        """Give the same a second or two at a time: what reads a sound once needs no room for all of it."""
        for piece in self.pieces():
            out = np.empty((len(piece) // FRAME, 2), np.float32)
            _unpacked(piece, out)
            yield out

    def _put(self, audio: Stereo, span: Span) -> None:
        """Set a span of the sound, which another thread may be at the rest of."""
        for start in range(*span, _PIECE):
            self._write(start, pcm24(audio[start : min(start + _PIECE, span[1])]))

    def _write(self, start: int, samples: bytes) -> None:
        view = memoryview(samples)
        with self._lock:
            self._file.seek(self._first + FRAME * start)
            while view:
                view = view[self._file.write(view) :]

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
                _added(piece, self._total[start : start + count])
            start += count

    def audio(self) -> Stereo:
        """Return the sum, float32 (frames, 2), on the grid; it is used up, and whole sums stay exact to ±1."""
        total, self._total = self._total, np.zeros((0, 2), np.int32)
        out = total.view(np.float32)
        _to_float(total, out)
        return out


def pcm24(audio: Stereo) -> bytes:
    """Return the samples as little-endian 24-bit integers, channels interleaved; beyond full scale they clip."""
    samples = np.ascontiguousarray(audio, dtype=np.float32).reshape(-1)
    whole = samples.size // _FOUR * _FOUR
    out = np.empty(3 * samples.size, np.uint8)
    _pack(samples[:whole], out[: 3 * whole].view(np.uint32))
    if whole < samples.size:
        rest, words = np.zeros(_FOUR, np.float32), np.empty(3, np.uint32)
        rest[: samples.size - whole] = samples[whole:]
        _pack(rest, words)
        out[3 * whole :] = words.view(np.uint8)[: out.size - 3 * whole]
    return out.tobytes()


def pcm24_pieces(audio: Stereo) -> Iterator[bytes]:
    """Give the same, a second or two at a time: what fits the processor's cache is packed in half the time."""
    for start in range(0, audio.shape[0], _PIECE):
        yield pcm24(audio[start : start + _PIECE])


def _words(packed: bytes) -> NDArray[np.uint32]:
    """Return packed samples in words, the last ones filled up with zeros."""
    missing = -len(packed) % 12
    return np.frombuffer(packed + bytes(missing) if missing else packed, np.uint32)


def _unpacked(packed: bytes, out: Stereo) -> None:
    words, samples = _words(packed), out.reshape(-1)
    whole = samples.size // _FOUR * _FOUR
    _unpack(words, samples[:whole])
    if whole < samples.size:
        rest = np.empty(_FOUR, np.float32)
        _unpack(words[-3:], rest)
        samples[whole:] = rest[: samples.size - whole]


def _added(packed: bytes, total: NDArray[np.int32]) -> None:
    words, steps = _words(packed), total.reshape(-1)
    whole = steps.size // _FOUR * _FOUR
    _add(words, steps[:whole])
    if whole < steps.size:
        rest = np.zeros(_FOUR, np.int32)
        _add(words[-3:], rest)
        steps[whole:] += rest[: steps.size - whole]


# Four samples are three words: read and written so, they are worked on many at a time, byte by byte they are not.


@kernel
def _pack(samples: NDArray[np.float32], words: NDArray[np.uint32]) -> None:
    steps = np.empty(_AT_ONCE, np.int32)
    bits = steps.view(np.uint32)
    for start in range(0, samples.shape[0], _AT_ONCE):
        size = min(_AT_ONCE, samples.shape[0] - start)
        _round(samples[start : start + size], steps)
        out = words[3 * start // 4 : 3 * (start + size) // 4]
        for index in range(size // 4):
            b, c = bits[4 * index + 1] & np.uint32(0xFFFFFF), bits[4 * index + 2] & np.uint32(0xFFFFFF)
            out[3 * index] = bits[4 * index] & np.uint32(0xFFFFFF) | b << np.uint32(24)
            out[3 * index + 1] = b >> np.uint32(8) | c << np.uint32(16)
            out[3 * index + 2] = c >> np.uint32(16) | bits[4 * index + 3] << np.uint32(8)


@kernel
def _round(samples: NDArray[np.float32], steps: NDArray[np.int32]) -> None:
    """Set `steps` to the nearest whole numbers of the grid."""
    lowest, highest = np.float32(-8388608.0), np.float32(8388607.0)
    for index in range(samples.shape[0]):
        # Exact: a power of two.
        value = np.rint(samples[index] * np.float32(8388608.0))
        value = lowest if value < lowest else value
        value = highest if value > highest else value
        steps[index] = np.int32(value)


@kernel
def _number(word: np.uint32) -> np.int32:
    """Return the number in the three upper bytes of a word: the sign comes with the shift down."""
    return np.int32(word) >> np.int32(8)


@kernel
def _unpack(words: NDArray[np.uint32], out: NDArray[np.float32]) -> None:
    step, byte, half = np.float32(1.0 / 8388608.0), np.uint32(8), np.uint32(16)
    for index in range(out.shape[0] // 4):
        a, b, c = words[3 * index], words[3 * index + 1], words[3 * index + 2]
        out[4 * index] = np.float32(_number(a << byte)) * step
        out[4 * index + 1] = np.float32(_number((a >> np.uint32(24) | b << byte) << byte)) * step
        out[4 * index + 2] = np.float32(_number((b >> half | c << half) << byte)) * step
        out[4 * index + 3] = np.float32(_number(c)) * step


@kernel
def _add(words: NDArray[np.uint32], total: NDArray[np.int32]) -> None:
    byte, half = np.uint32(8), np.uint32(16)
    for index in range(total.shape[0] // 4):
        a, b, c = words[3 * index], words[3 * index + 1], words[3 * index + 2]
        total[4 * index] += _number(a << byte)
        total[4 * index + 1] += _number((a >> np.uint32(24) | b << byte) << byte)
        total[4 * index + 2] += _number((b >> half | c << half) << byte)
        total[4 * index + 3] += _number(c)


@kernel
def _to_float(total: NDArray[np.int32], out: Stereo) -> None:
    for frame in range(total.shape[0]):
        left, right = total[frame, 0], total[frame, 1]
        out[frame, 0] = np.float32(left / 8388608.0)
        out[frame, 1] = np.float32(right / 8388608.0)
