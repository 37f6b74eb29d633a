"""One pass over the stems: the figures of each, and the sums that the key, the voice and the null are heard on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.take import StemFigure
from text2song.evaluation.loudness import decibels, integrated_lufs
from text2song.evaluation.tonality import DISTORTED

Audio = NDArray[np.float32]

#: Stems whose figures may be outstanding: each is an array as long as the song.
_WAITING = 1
#: Frames that are added up at a time.
_PIECE = 1 << 16


class StemSound(Protocol):
    """A stem as the renderer gives it."""

    @property
    def name(self) -> str:
        """The part it sounds."""

    @property
    def role(self) -> Role:
        """What the part does."""

    @property
    def instrument(self) -> str:
        """An instrument id."""

    @property
    def audio(self) -> NDArray[np.float32]:
        """The stem as it stands in the mix, (frames, 2)."""

    def pieces(self) -> Iterable[NDArray[np.float32]]:
        """The same, piece after piece."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the stems of a song tell; sums are float32 (frames, 2), None of no stems."""

    #: In the order of the stems.
    figures: tuple[StemFigure, ...]
    #: Peak of what is left of the mix without its stems, dBFS.
    null: float
    #: Pitched instruments but the bass and distorted ones; with none of those, all that are pitched.
    harmony: Audio | None
    bass: Audio | None
    vocal: Audio | None


def add_up(
    stems: Sequence[StemSound], mix: Audio, sample_rate: int, known: Mapping[str, StemFigure], pool: Executor
) -> Sums:
    """Return the sums of `stems`, which are asked for their sound but once: it is read from where it is kept.

    `known` has the figures of stems that were measured before; the others are measured in `pool`.
    """
    names = _sorted_out(stems)
    totals = {group: np.zeros_like(mix) for group, members in names.items() if members}
    left = mix.copy()
    figures: list[Future[StemFigure] | StemFigure] = []
    for number, stem in enumerate(stems):
        pieces: Iterable[Audio]
        if stem.name in known:
            figures.append(known[stem.name])
            pieces = stem.pieces()
        else:
            audio = stem.audio
            figures.append(pool.submit(_figure, stem, audio, sample_rate))
            pieces = _cut(audio)
        _add(pieces, left, [totals[group] for group in names if stem.name in names[group]])
        if number >= _WAITING:
            _got(figures[number - _WAITING])
    return Sums(tuple(map(_got, figures)), _peak(left), totals.get("harmony"), totals.get("bass"), totals.get("vocal"))


def _cut(audio: Audio) -> Iterator[Audio]:
    return (audio[start : start + _PIECE] for start in range(0, audio.shape[0], _PIECE))


def _add(pieces: Iterable[Audio], left: Audio, totals: Sequence[Audio]) -> None:
    """Take a stem from what is left, and add it to the totals; a piece stays in the cache meanwhile."""
    start = 0
    for piece in pieces:
        span = slice(start, start + piece.shape[0])
        left[span] -= piece
        for total in totals:
            total[span] += piece
        start += piece.shape[0]


def _sorted_out(stems: Sequence[StemSound]) -> dict[str, set[str]]:
    pitched = [stem for stem in stems if not instrument(stem.instrument).percussion]
    bass = {stem.name for stem in pitched if stem.role is Role.BASS}
    clean = {stem.name for stem in pitched if stem.name not in bass and stem.instrument not in DISTORTED}
    vocal = {stem.name for stem in stems if stem.role is Role.VOCAL}
    return {"harmony": clean or {stem.name for stem in pitched}, "bass": bass, "vocal": vocal}


def _got(figure: Future[StemFigure] | StemFigure) -> StemFigure:
    return figure.result() if isinstance(figure, Future) else figure


def _figure(stem: StemSound, audio: Audio, sample_rate: int) -> StemFigure:
    return StemFigure(
        name=stem.name,
        instrument=stem.instrument,
        role=stem.role.value,
        lufs=round(integrated_lufs(audio, sample_rate), 2),
        peak_dbfs=round(_peak(audio), 2),
        sha256="",
    )


def _peak(audio: Audio) -> float:
    return decibels(max(float(audio.max(initial=0.0)), -float(audio.min(initial=0.0))))
