"""One pass over the stems: the figures of each, and the sums that the key, the voice and the null are heard on.

All stems are read side by side, a few seconds at a time: nothing but what is told of them is as long as the song.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor

import numpy as np

from text2song.domain.take import StemFigure
from text2song.evaluation.gathering import Audio, Gathering, MixSound, Span, StemSound, Sums
from text2song.evaluation.loudness import Powers, chunk_powers, decibels, gated_lufs

#: Chunks of 100 ms that are read and measured at a time.
_CHUNKS = 32


def add_up(
    stems: Sequence[StemSound],
    mix: MixSound,
    sample_rate: int,
    pool: Executor,
    gathering: Gathering | None = None,
    lines: Sequence[Span] = (),
) -> Sums:
    """Return the sums of `stems`, which are asked for their sound but once: it is read from where it is kept.

    Stems whose figures are not known to `gathering` are added to it, and measured in `pool`; `lines` are the frames of
    the sung lines.
    """
    gathering = gathering or Gathering(stems, mix.frames)
    gathering.catch_up()
    fresh = [_Reading(stem, sample_rate) for stem in stems if gathering.figure(stem.name) is None]
    gathering.begin(lines)
    read = pool.map(_Reading.take, fresh)
    for whole in in_stretches(mix.pieces(), _CHUNKS * (sample_rate // 10)):
        taken = list(read)
        # The next seconds are read while these are added up.
        read = pool.map(_Reading.take, fresh)
        gathering.go_on(whole, {reading.stem.name: piece for reading, piece in zip(fresh, taken, strict=True)})
    measured = {reading.stem.name: reading.figure() for reading in fresh}
    return gathering.sums([gathering.figure(stem.name) or measured[stem.name] for stem in stems])


def in_stretches(pieces: Iterable[Audio], frames: int) -> Iterator[Audio]:
    """Give a sound that comes in any pieces, (…, 2), by so many frames at a time, the last stretch maybe shorter."""
    held: list[Audio] = []
    missing = frames
    for piece in pieces:
        rest = piece
        while rest.shape[0] >= missing:
            yield np.concatenate((*held, rest[:missing])) if held else rest[:missing]
            rest, held, missing = rest[missing:], [], frames
        if rest.shape[0]:
            held.append(rest)
            missing -= rest.shape[0]
    if held:
        yield np.concatenate(held)


class _Reading:
    """A stem as far as it has been read, and what was measured on the way."""

    def __init__(self, stem: StemSound, sample_rate: int) -> None:
        self.stem = stem
        self._rate = sample_rate
        self._stretches = in_stretches(stem.pieces(), _CHUNKS * (sample_rate // 10))
        self._powers: list[Powers] = []
        self._peak = 0.0

    def take(self) -> Audio:
        """Read and measure the next stretch; nothing is left after the last."""
        audio = next(self._stretches, None)
        if audio is None:
            return np.zeros((0, 2), np.float32)
        self._peak = max(self._peak, float(audio.max()), -float(audio.min()))
        # A rest shorter than a chunk counts where there is nothing else.
        if not self._powers or audio.shape[0] >= self._rate // 10:
            self._powers.append(chunk_powers(audio, self._rate))
        return audio

    def figure(self) -> StemFigure:
        """Return the figures of what was read."""
        powers = np.concatenate(self._powers) if self._powers else np.zeros(1)
        return StemFigure(
            name=self.stem.name,
            instrument=self.stem.instrument,
            role=self.stem.role.value,
            lufs=round(gated_lufs(powers), 2),
            peak_dbfs=round(decibels(self._peak), 2),
            sha256="",
        )
