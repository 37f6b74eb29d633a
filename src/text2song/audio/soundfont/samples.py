"""Sample data made ready to play: decoded on first use, loops unrolled, guarded at both ends, kept while room lasts."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from text2song.audio.soundfont.kernel import BLOCK, GUARD, MAX_STEP
from text2song.audio.soundfont.parser import Hydra
from text2song.audio.soundfont.riff import Bytes, CorruptSoundFontError

#: float32 in −1..1, shape (frames,).
Mono = NDArray[np.float32]

_VORBIS = 0x10
# One block may read this far past the point at which the kernel looks where it is.
_TAIL = int(BLOCK * MAX_STEP) + 4 * GUARD
# Two and a half minutes at 48 kHz: longer than any sample of an instrument, small enough to hold.
_MAX_FRAMES = 1 << 23
_CACHE_BYTES = 384 << 20


@dataclass(frozen=True, slots=True)
class Cut:
    """Which stretch of which sample is played, in frames from the sample's own start; hashable, so it is a key."""

    sample: int
    #: Offsets of the generators, added to the header's points.
    start: int = 0
    end: int = 0
    loop_start: int = 0
    loop_end: int = 0
    #: 0 plays through, 1 loops, 3 loops until the key is released.
    mode: int = 0


@dataclass(frozen=True, slots=True)
class PreparedSample:
    """A guarded buffer and the points in it that the kernel needs, in frames from the buffer's start."""

    data: Mono
    first: int
    #: Where a voice that does not loop ends.
    end: int
    #: Where a looping voice jumps back by `loop_length`; zero length means no loop.
    wrap: int
    loop_length: int
    #: Added to the position at release in mode 3, else zero.
    tail_shift: int
    tail_end: int


class SampleStore:
    """The samples of one font; safe to use from several threads."""

    def __init__(self, file: Bytes, hydra: Hydra) -> None:
        self._file = file
        self._hydra = hydra
        self._lock = threading.Lock()
        self._ready: OrderedDict[Cut, PreparedSample] = OrderedDict()
        self._bytes = 0

    def prepare(self, cut: Cut) -> PreparedSample:
        """Return the sample ready to play; raises `CorruptSoundFontError` when its stream cannot be decoded."""
        with self._lock:
            found = self._ready.get(cut)
            if found is not None:
                self._ready.move_to_end(cut)
                return found
        # Decoding outside the lock lets stems decode side by side; the same sample twice is rare and harmless.
        made = _prepare(self._frames(cut.sample), self._loop(cut.sample), cut)
        with self._lock:
            return self._keep(cut, made)

    def _keep(self, cut: Cut, made: PreparedSample) -> PreparedSample:
        if cut in self._ready:
            return self._ready[cut]
        self._ready[cut] = made
        self._bytes += made.data.nbytes
        while self._bytes > _CACHE_BYTES and len(self._ready) > 1:
            self._bytes -= self._ready.popitem(last=False)[1].data.nbytes
        return made

    def _loop(self, index: int) -> tuple[int, int]:
        header = self._hydra.samples[index]
        # In an SF3 the loop counts from the sample's start, in an SF2 from the start of all data.
        origin = 0 if header["kind"] & _VORBIS else int(header["start"])
        return int(header["loop_start"]) - origin, int(header["loop_end"]) - origin

    def _frames(self, index: int) -> Mono:
        header = self._hydra.samples[index]
        start, end = int(header["start"]), int(header["end"])
        data = self._file[self._hydra.data.start : self._hydra.data.end]
        if header["kind"] & _VORBIS:
            return _decode(data[start:end].tobytes())
        count = max(min(end, len(data) // 2) - start, 0)
        high = np.frombuffer(data[2 * start : 2 * (start + min(count, _MAX_FRAMES))].tobytes(), dtype="<i2")
        low = self._hydra.low_bytes
        if low is None:
            return high.astype(np.float32) * np.float32(2.0**-15)
        fine = self._file[low.start + start : low.start + start + len(high)].astype(np.int32)
        return ((high.astype(np.int32)[: len(fine)] << 8) | fine).astype(np.float32) * np.float32(2.0**-23)


def _decode(stream: bytes) -> Mono:
    try:
        with soundfile.SoundFile(io.BytesIO(stream)) as file:
            frames: NDArray[np.float32] = file.read(min(file.frames, _MAX_FRAMES), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, ValueError, TypeError, MemoryError) as error:
        raise CorruptSoundFontError(f"a compressed sample of the SoundFont cannot be decoded: {error}") from error
    return np.ascontiguousarray(frames[:, 0])


def _prepare(frames: Mono, loop: tuple[int, int], cut: Cut) -> PreparedSample:
    length = len(frames)
    start = min(max(cut.start, 0), length)
    end = min(max(length + cut.end, start), length)
    loop_start, loop_end = loop[0] + cut.loop_start, min(loop[1] + cut.loop_end, end)
    body = frames[start:end]
    through = _guarded(body, np.zeros(_TAIL, np.float32))
    finish = GUARD + len(body)
    if cut.mode not in (1, 3) or not start <= loop_start < loop_end:
        return PreparedSample(through, GUARD, finish, 0, 0, 0, 0)
    loop_length = loop_end - loop_start
    unrolled = np.resize(frames[loop_start:loop_end], _TAIL)
    looped = _guarded(frames[start:loop_end], unrolled)
    # The jump back happens a guard after the loop's end, so that the taps never see the sample before the loop.
    wrap = GUARD + loop_end - start + GUARD
    if cut.mode == 1:
        return PreparedSample(looped, GUARD, finish, wrap, loop_length, 0, 0)
    both = np.concatenate([looped, through])
    return PreparedSample(both, GUARD, finish, wrap, loop_length, len(looped), len(looped) + finish)


def _guarded(body: Mono, tail: Mono) -> Mono:
    return np.concatenate([np.zeros(GUARD, np.float32), body, tail])
