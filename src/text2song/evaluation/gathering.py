"""Sums of stems as exact as files hold them, which may begin while other stems are still being made.

A sample of a stem is a whole number of 2⁻²³, so whole numbers are added up: the same sums in whatever order. The key is
heard on the middle of the two channels at a quarter of the samples, so no more than the middle is kept for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from text2song.audio.jit import kernel
from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.take import StemFigure
from text2song.evaluation.loudness import decibels
from text2song.evaluation.tonality import DECIMATION, DISTORTED, Levels, levels_of

Audio = NDArray[np.float32]
#: Sums in steps of 24 bits, (frames, 2), or (frames,) of both channels together.
Steps = NDArray[np.int32]

#: Outputs of the decimator at a time.
_AT_ONCE = 1024
#: Taps of the low-pass before it, on either side of the middle one: that of `scipy.signal.resample_poly`.
_HALF = 40
_FULL_SCALE = 8_388_608


class Sounding(Protocol):
    """A part, or its stem."""

    @property
    def name(self) -> str:
        """The part's name."""

    @property
    def role(self) -> Role:
        """What the part does."""

    @property
    def instrument(self) -> str:
        """An instrument id."""


class StemSound(Sounding, Protocol):
    """A stem as the renderer gives it."""

    @property
    def audio(self) -> Audio:
        """The stem as it stands in the mix, (frames, 2)."""

    def pieces(self) -> Iterable[Audio]:
        """The same, piece after piece."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the stems of a song tell together; None of no stems."""

    #: In the order of the stems.
    figures: tuple[StemFigure, ...]
    #: Peak of what is left of the mix without its stems, dBFS.
    null: float
    #: Of pitched instruments but the bass and distorted ones; with none of those, of all that are pitched.
    harmony: Levels | None
    bass: Levels | None
    #: float32 (frames, 2).
    vocal: Audio | None


class Gathering:
    """The sums of a song's stems as far as they are known; one thread at a time."""

    def __init__(self, parts: Sequence[Sounding], frames: int) -> None:
        """Expect the stems of `parts`, each of `frames` frames."""
        pitched = [part for part in parts if not instrument(part.instrument).percussion]
        bass = {part.name for part in pitched if part.role is Role.BASS}
        clean = {part.name for part in pitched if part.name not in bass and part.instrument not in DISTORTED}
        vocal = {part.name for part in parts if part.role is Role.VOCAL}
        self._figures: dict[str, StemFigure] = {}
        self._all = np.zeros((frames, 2), np.int32)
        self._harmony = _Middle(clean or {part.name for part in pitched}, frames)
        self._bass = _Middle(bass, frames)
        self._singers = vocal
        self._vocal = np.zeros((frames if vocal else 0, 2), np.int32)
        self._waiting: deque[tuple[StemSound, StemFigure]] = deque()

    def expect(self, stem: StemSound, figure: StemFigure) -> None:
        """Leave a stem whose figures are known to the next `catch_up`; from any thread."""
        self._waiting.append((stem, figure))

    def catch_up(self) -> None:
        """Add all stems that were left, side by side: their sums stay in the processor's cache meanwhile."""
        taken: list[StemSound] = []
        while self._waiting:
            stem, figure = self._waiting.popleft()
            self._figures[stem.name] = figure
            taken.append(stem)
        self._add([(stem.name, iter(stem.pieces())) for stem in taken])

    def add(self, name: str, pieces: Iterable[Audio]) -> None:
        """Add the stem `name`, given piece after piece, float32 (…, 2)."""
        self._add([(name, iter(pieces))])

    def figure(self, name: str) -> StemFigure | None:
        """Return the figures of a stem that was left here, None of others."""
        return self._figures.get(name)

    def sums(self, figures: Sequence[StemFigure], mix: Audio) -> Sums:
        """Return the sums of all stems, which have been added; `mix` is what they should add up to. Once only."""
        null = decibels(_greatest_difference(mix, self._all) / _FULL_SCALE)
        vocal = self._vocal.view(np.float32)
        _to_float(self._vocal, vocal)
        return Sums(tuple(figures), null, self._harmony.levels, self._bass.levels, vocal if self._singers else None)

    def _add(self, stems: list[tuple[str, Iterator[Audio]]]) -> None:
        starts = {name: 0 for name, _ in stems}
        left = stems
        while left:
            going = []
            for name, pieces in left:
                piece = next(pieces, None)
                if piece is None:
                    continue
                self._add_piece(name, piece, starts[name])
                starts[name] += piece.shape[0]
                going.append((name, pieces))
            left = going
        for middle in (self._harmony, self._bass):
            middle.have(starts)

    def _add_piece(self, name: str, piece: Audio, start: int) -> None:
        span = slice(start, start + piece.shape[0])
        _add_steps(piece, self._all[span])
        if name in self._singers:
            _add_steps(piece, self._vocal[span])
        for middle in (self._harmony, self._bass):
            if name in middle.members:
                _add_middle(piece, middle.total[span])


class _Middle:
    """The middle of some stems: left and right added up, until all are there and its levels are known."""

    def __init__(self, members: set[str], frames: int) -> None:
        self.members = members
        self.levels: Levels | None = None
        self.total = np.zeros(frames if members else 0, np.int32)
        self._missing = set(members)

    def have(self, names: Iterable[str]) -> None:
        """Hear the whole as soon as nothing is missing; the sum is not needed any more then."""
        self._missing.difference_update(names)
        if self.members and not self._missing and self.levels is None:
            self.levels = levels_of(_decimated(self.total, _lowpass()))
            self.total = self.total[:0]


@cache
def _lowpass() -> Audio:
    """Return the low-pass before decimation, from whole steps of two channels to their mean: float32 (taps,)."""
    taps = signal.firwin(2 * _HALF + 1, 1 / DECIMATION, window=("kaiser", 5.0))
    return np.asarray(taps / (2 * _FULL_SCALE), np.float32)


@kernel
def _add_steps(piece: Audio, total: Steps) -> None:
    scale = np.float32(8388608.0)
    for frame in range(piece.shape[0]):
        total[frame, 0] += np.int32(np.rint(piece[frame, 0] * scale))
        total[frame, 1] += np.int32(np.rint(piece[frame, 1] * scale))


@kernel
def _add_middle(piece: Audio, total: Steps) -> None:
    scale = np.float32(8388608.0)
    for frame in range(piece.shape[0]):
        total[frame] += np.int32(np.rint(piece[frame, 0] * scale)) + np.int32(np.rint(piece[frame, 1] * scale))


@kernel
def _greatest_difference(mix: Audio, total: Steps) -> int:
    """Return the greatest distance of a mix from a sum, in steps."""
    scale = np.float32(8388608.0)
    found = np.int32(0)
    for frame in range(mix.shape[0]):
        for channel in range(2):
            found = max(found, abs(np.int32(np.rint(mix[frame, channel] * scale)) - total[frame, channel]))
    return int(found)


@kernel
def _to_float(total: Steps, out: Audio) -> None:
    """Turn steps into samples; both may be the same memory."""
    for frame in range(total.shape[0]):
        left, right = total[frame, 0], total[frame, 1]
        out[frame, 0] = np.float32(left / 8388608.0)
        out[frame, 1] = np.float32(right / 8388608.0)


@kernel
def _decimated(total: Steps, taps: Audio) -> Audio:
    """Return every fourth sample of a sum that a low-pass of an odd number of taps was run over, as its middle lies."""
    frames = total.shape[0]
    count = (frames + 3) // 4
    out = np.zeros(count, np.float32)
    half = taps.shape[0] // 2
    # The four samples of each step apart, so that neighbours in memory are neighbours of one phase.
    width = _AT_ONCE + taps.shape[0] // 4 + 1
    phases = np.zeros((4, width), np.float32)
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        first = 4 * start - half
        inside = first >= 0 and first + 4 * width <= frames
        for phase in range(4):
            for index in range(width):
                place = first + 4 * index + phase
                if inside:
                    phases[phase, index] = np.float32(total[place])
                else:
                    phases[phase, index] = np.float32(total[place]) if 0 <= place < frames else np.float32(0.0)
        sums = out[start : start + size]
        for tap in range(taps.shape[0]):
            weight, near = taps[tap], phases[tap % 4, tap // 4 :]
            for index in range(size):
                sums[index] += weight * near[index]
    return out
