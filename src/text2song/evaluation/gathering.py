"""Sums of stems as exact as files hold them, which may begin while other stems are still being made.

A sample of a stem is a whole number of 2⁻²³, so whole numbers are added up: the same sums in whatever order. The key is
heard on the middle of the two channels at a quarter of the samples, so no more than the middle is kept for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from text2song.audio.jit import kernel
from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.take import StemFigure
from text2song.evaluation.decimation import decimated
from text2song.evaluation.loudness import decibels
from text2song.evaluation.tonality import DISTORTED, Levels, levels_of

Audio = NDArray[np.float32]
#: Sums in steps of 24 bits, (frames, 2), or (frames,) of both channels together.
Steps = NDArray[np.int32]
#: From one frame up to another.
Span = tuple[int, int]

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

    def pieces(self) -> Iterable[Audio]:
        """Its sound as it stands in the mix, piece after piece, (…, 2)."""


class MixSound(Protocol):
    """What all stems add up to."""

    @property
    def frames(self) -> int:
        """Its length."""

    def pieces(self) -> Iterable[Audio]:
        """Its sound, piece after piece, (…, 2)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A mix that is there in one array, (frames, 2)."""

    audio: Audio

    @property
    def frames(self) -> int:
        """Its length."""
        return int(self.audio.shape[0])

    def pieces(self) -> Iterator[Audio]:
        """Give it in one piece."""
        yield self.audio


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
    #: RMS of the voices and of the mix on each line that was asked about; None without a voice.
    lines: tuple[tuple[float, float], ...] | None


class Gathering:
    """The sums of a song's stems as far as they are known; one thread at a time."""

    def __init__(self, parts: Sequence[Sounding], frames: int) -> None:
        """Expect the stems of `parts`, each of `frames` frames."""
        pitched = [part for part in parts if not instrument(part.instrument).percussion]
        bass = {part.name for part in pitched if part.role is Role.BASS}
        clean = {part.name for part in pitched if part.name not in bass and part.instrument not in DISTORTED}
        vocal = {part.name for part in parts if part.role is Role.VOCAL}
        self._figures: dict[str, StemFigure] = {}
        self._frames = frames
        #: Of the stems that were left here; whole only if there are any.
        self._all = self._vocal = np.zeros((0, 2), np.int32)
        self._harmony = _Middle(clean or {part.name for part in pitched}, frames)
        self._bass = _Middle(bass, frames)
        self._singers = vocal
        self._lines: list[_Line] = []
        self._off = self._at = 0
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
        if taken and not self._all.size:
            self._all = np.zeros((self._frames, 2), np.int32)
            self._vocal = np.zeros((self._frames if self._singers else 0, 2), np.int32)
        self._add([(stem.name, iter(stem.pieces())) for stem in taken])

    def figure(self, name: str) -> StemFigure | None:
        """Return the figures of a stem that was left here, None of others."""
        return self._figures.get(name)

    def begin(self, lines: Sequence[Span]) -> None:
        """Begin the last pass, in which all other stems are added and the frames of sung lines are listened to."""
        self._lines = [_Line(*span) for span in lines]

    def go_on(self, mix: Audio, pieces: Mapping[str, Audio]) -> None:
        """Take the next stretch of the mix, and of each stem that was not left here."""
        span = slice(self._at, self._at + mix.shape[0])
        total, vocal = self._stretch(self._all, span), self._stretch(self._vocal, span)
        for name, piece in pieces.items():
            self._add_piece(name, piece, self._at, (total, vocal))
        self._off = max(self._off, _greatest_difference(mix, total))
        for line in self._lines:
            line.hear(vocal, mix, self._at)
        self._at = span.stop

    def sums(self, figures: Sequence[StemFigure]) -> Sums:
        """Return the sums of all stems once the last pass has come to its end."""
        for middle in (self._harmony, self._bass):
            middle.have(middle.members)
        lines = tuple(line.levels for line in self._lines) if self._singers else None
        return Sums(tuple(figures), decibels(self._off / _FULL_SCALE), self._harmony.levels, self._bass.levels, lines)

    def _stretch(self, kept: Steps, span: slice) -> Steps:
        return kept[span] if kept.size else np.zeros((span.stop - span.start, 2), np.int32)

    def _add(self, stems: list[tuple[str, Iterator[Audio]]]) -> None:
        starts = {name: 0 for name, _ in stems}
        left = stems
        while left:
            going = []
            for name, pieces in left:
                piece = next(pieces, None)
                if piece is None:
                    continue
                span = slice(starts[name], starts[name] + piece.shape[0])
                self._add_piece(name, piece, starts[name], (self._all[span], self._vocal[span]))
                starts[name] += piece.shape[0]
                going.append((name, pieces))
            left = going
        for middle in (self._harmony, self._bass):
            middle.have(starts)

    def _add_piece(self, name: str, piece: Audio, start: int, totals: tuple[Steps, Steps]) -> None:
        """Add a piece to what stands at its place: to the sum of all, to that of the voices, to the middles."""
        size = piece.shape[0]
        nothing = np.empty(0, np.int32)
        middles = [
            middle.total[start : start + size] for middle in (self._harmony, self._bass) if name in middle.members
        ]
        _add_steps(piece, totals[0][:size], middles[0] if middles else nothing)
        for middle in middles[1:]:
            _add_middle(piece, middle)
        if name in self._singers:
            _add_steps(piece, totals[1][:size], nothing)


class _Line:
    """The power of the voices and of the mix between two frames."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last
        self._voice = self._mix = 0.0
        self._samples = 0

    def hear(self, voice: Steps, mix: Audio, start: int) -> None:
        """Take what falls between them of a stretch that begins at `start`."""
        inside = slice(max(0, self._first - start), max(0, self._last - start))
        heard = mix[inside]
        if heard.size:
            self._samples += heard.size
            self._mix += float(np.square(heard, dtype=np.float64).sum())
            self._voice += float(np.square(voice[inside], dtype=np.float64).sum()) / _FULL_SCALE**2

    @property
    def levels(self) -> tuple[float, float]:
        """RMS of the voices and of the mix; 0 of nothing."""
        count = max(1, self._samples)
        return (self._voice / count) ** 0.5, (self._mix / count) ** 0.5


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
            self.levels = levels_of(decimated(self.total))
            self.total = self.total[:0]


@kernel
def _add_steps(piece: Audio, total: Steps, middle: Steps) -> None:
    """Add a piece to a sum, and its middle to that of another, if there is one: it is read once for both."""
    scale = np.float32(8388608.0)
    if middle.shape[0] == 0:
        for frame in range(piece.shape[0]):
            total[frame, 0] += np.int32(np.rint(piece[frame, 0] * scale))
            total[frame, 1] += np.int32(np.rint(piece[frame, 1] * scale))
        return
    for frame in range(piece.shape[0]):
        left, right = np.int32(np.rint(piece[frame, 0] * scale)), np.int32(np.rint(piece[frame, 1] * scale))
        total[frame, 0] += left
        total[frame, 1] += right
        middle[frame] += left + right


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
