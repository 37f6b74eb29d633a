"""Instruments whose notes are struck or plucked and then left to themselves: drums, mallets, pianos, guitars.

A strike depends on its key alone, not on how long it is held, so each is made once, as a soft and a hard layer that are
blended by velocity, and a stem is a fast sum of cached strikes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from text2song.audio.halves import Span, in_halves
from text2song.audio.instrument import SAMPLE_RATE, PlayedNote, Stereo
from text2song.audio.jit import kernel
from text2song.audio.synth.effects import Effects, Signal, finish
from text2song.audio.synth.noise import seed_of
from text2song.audio.synth.performance import in_order

#: float32, shape (2, frames): the soft and the hard layer.
Strike = NDArray[np.float32]
#: Bytes of strikes one instrument keeps.
_KEPT_BYTES = 48 * 2**20


#: Brightness of the hardest stroke, and how many octaves it loses towards the softest.
_OPEN_HZ, _DARKER_OCTAVES = 26_000.0, 2.2


class StrikeMaker(Protocol):
    """Makes the sound of one key."""

    @property
    def variants(self) -> int:
        """How many different strikes there are of each key."""

    def strike(self, pitch: int, variant: int) -> Strike:
        """Return the whole sound of a key; the same arguments give the same samples."""

    def place(self, pitch: int) -> float:
        """Return where the key sounds, −1 left … 1 right."""

    def choked_by(self, pitch: int) -> frozenset[int]:
        """Return the keys that silence this one."""


class Damping(NamedTuple):
    """What ends a strike, and how velocity shapes it."""

    #: Seconds of fade after the key is let go; 0 lets it ring.
    release: float = 0.0
    velocity_power: float = 1.8
    #: Velocity (0..1) at which the soft layer is left behind.
    softest: float = 0.15
    level: float = 1.0


class Placing(NamedTuple):
    """Where and how loudly one strike is added: frames and linear gains."""

    start: int
    held: int
    release: int
    soft: float
    hard: float
    left: float
    right: float
    #: Share of the way to each sample that the strike goes: 1 leaves it as bright as it is.
    bright: float = 1.0


class StrikeCache:
    """Keeps the strikes used last, up to a number of bytes; safe to share between threads."""

    def __init__(self, limit: int = _KEPT_BYTES) -> None:
        self._limit = limit
        self._strikes: OrderedDict[tuple[int, int], Strike] = OrderedDict()
        self._lock, self._making = Lock(), Lock()

    def strike(self, pitch: int, variant: int, make: Callable[[int, int], Strike]) -> Strike:
        """Return the strike of a key, made by `make` where it is not kept."""
        found = self._kept(pitch, variant)
        if found is not None:
            return found
        # Two halves of a song ask for the same strikes: whoever comes second waits for it.
        with self._making:
            found = self._kept(pitch, variant)
            if found is None:
                found = make(pitch, variant)
                self._keep(pitch, variant, found)
        return found

    def _kept(self, pitch: int, variant: int) -> Strike | None:
        with self._lock:
            found = self._strikes.get((pitch, variant))
            if found is not None:
                self._strikes.move_to_end((pitch, variant))
            return found

    def _keep(self, pitch: int, variant: int, made: Strike) -> None:
        with self._lock:
            self._strikes[pitch, variant] = made
            while sum(strike.nbytes for strike in self._strikes.values()) > self._limit and len(self._strikes) > 1:
                self._strikes.popitem(last=False)


@dataclass(slots=True, eq=False)
class StruckInstrument:
    """Strikes summed at their places."""

    id: str
    maker: StrikeMaker
    damping: Damping
    effects: Effects
    wide: bool = False
    cache: StrikeCache = field(default_factory=StrikeCache)

    def render(self, notes: Sequence[PlayedNote], frames: int) -> Stereo:
        """Return float32 (frames, 2); see `Instrument`."""
        heard = [note for note in in_order(notes) if round(note.onset * SAMPLE_RATE) < frames]
        if not heard:
            return np.zeros((frames, 2), dtype=np.float32)
        return finish(self._sum(heard, frames), self.effects)

    def _sum(self, heard: Sequence[PlayedNote], frames: int) -> Signal:
        out = np.zeros((2 if self.wide else 1, frames), dtype=np.float32)
        placed = [self._placing(note, choked) for note, choked in zip(heard, self._choked(heard), strict=True)]
        # Frame by frame, strikes are added in the same order in either half.
        in_halves(partial(self._add, out, heard, placed), placed[len(placed) // 2].start, frames)
        return out

    def _add(self, out: Signal, heard: Sequence[PlayedNote], placed: Sequence[Placing], span: Span) -> None:
        for note, placing in zip(heard, placed, strict=True):
            if placing.start < span[1] and placing.start + placing.held + placing.release > span[0]:
                variant = seed_of(note.pitch, note.variation) % self.maker.variants
                add_strike(out, self.cache.strike(note.pitch, variant, self.maker.strike), placing, span)

    def _choked(self, notes: Sequence[PlayedNote]) -> list[float]:
        """Return for each note the seconds until another key silences it, infinity where none does."""
        next_onset: dict[int, float] = {}
        result = []
        for note in reversed(notes):
            ends = [next_onset[key] for key in self.maker.choked_by(note.pitch) if key in next_onset]
            result.append(min((end - note.onset for end in ends if end > note.onset), default=float("inf")))
            next_onset[note.pitch] = note.onset
        return result[::-1]

    def _placing(self, note: PlayedNote, choked: float) -> Placing:
        damping = self.damping
        velocity = note.velocity / 127
        # A player never strikes twice alike: ±0.4 dB.
        gain = damping.level * velocity**damping.velocity_power
        gain *= 1 + 0.046 * _chance("gain", note)
        blend = (velocity - damping.softest) / (1 - damping.softest)
        hard = min(max(blend + 0.06 * _chance("hard", note), 0.0), 1.0)
        # Softer strokes leave out the highest partials, and no two of them the same.
        cutoff = _OPEN_HZ * 2 ** (0.25 * _chance("dark", note) - _DARKER_OCTAVES * (1 - velocity))
        held, release = (note.duration, damping.release) if damping.release else (1e4, 1.0)
        if choked < held:
            held, release = choked, 0.012
        pan = self.maker.place(note.pitch)
        left, right = np.cos((pan + 1) * np.pi / 4) * np.sqrt(2), np.sin((pan + 1) * np.pi / 4) * np.sqrt(2)
        start, frames = round(note.onset * SAMPLE_RATE), max(1, int(held * SAMPLE_RATE))
        tail = max(64, int(release * SAMPLE_RATE))
        return Placing(
            start,
            frames,
            tail,
            gain * (1 - hard),
            gain * hard,
            float(left),
            float(right),
            1 - float(np.exp(-2 * np.pi * cutoff / SAMPLE_RATE)),
        )


def _chance(name: str, note: PlayedNote) -> float:
    """Return a number in −1 … 1 of a note's place; 0 for the plain note."""
    return 0.0 if note.variation == 0 else (seed_of(name, note.variation, note.pitch) % 2001) / 1000 - 1


@kernel
def add_strike(out: NDArray[np.float32], strike: NDArray[np.float32], placing: Placing, span: Span) -> None:
    """Add what falls into `span`, from one frame up to another, of a strike to `out` (1 or 2 channels, frames).

    The strike is faded after `held` frames within `release` frames.
    """
    total = min(strike.shape[1], span[1] - placing.start, placing.held + placing.release)
    if placing.start + total <= span[0]:
        return
    level, dim = 1.0, 0.0
    # Falls by 40 dB over the release, and the last of it in a straight line.
    fall = 0.01 ** (1.0 / placing.release)
    for frame in range(total):
        if frame >= placing.held:
            level *= fall
        dim += placing.bright * (placing.soft * strike[0, frame] + placing.hard * strike[1, frame] - dim)
        if placing.start + frame < span[0]:
            continue
        left_over = placing.held + placing.release - frame
        value = dim * level * min(1.0, left_over / 64.0)
        if out.shape[0] == 1:
            out[0, placing.start + frame] += value
        else:
            out[0, placing.start + frame] += value * placing.left
            out[1, placing.start + frame] += value * placing.right
