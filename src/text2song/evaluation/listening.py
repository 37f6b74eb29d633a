"""One pass over the stems: the figures of each, and the sums that the key, the voice and the null are heard on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future

from text2song.domain.take import StemFigure
from text2song.evaluation.gathering import Audio, Gathering, StemSound, Sums
from text2song.evaluation.loudness import decibels, integrated_lufs

#: Stems whose figures may be outstanding: each is an array as long as the song.
_WAITING = 1
#: Frames that are added up at a time.
_PIECE = 1 << 16


def add_up(
    stems: Sequence[StemSound], mix: Audio, sample_rate: int, pool: Executor, gathering: Gathering | None = None
) -> Sums:
    """Return the sums of `stems`, which are asked for their sound but once: it is read from where it is kept.

    Stems whose figures are not known to `gathering` are added to it, and measured in `pool`.
    """
    gathering = gathering or Gathering(stems, mix.shape[0])
    gathering.catch_up()
    figures: list[Future[StemFigure] | StemFigure] = []
    for number, stem in enumerate(stems):
        known = gathering.figure(stem.name)
        if known is None:
            audio = stem.audio
            figures.append(pool.submit(_figure, stem, audio, sample_rate))
            gathering.add(stem.name, _cut(audio))
        else:
            figures.append(known)
        if number >= _WAITING:
            _got(figures[number - _WAITING])
    return gathering.sums(tuple(map(_got, figures)), mix)


def _cut(audio: Audio) -> Iterator[Audio]:
    return (audio[start : start + _PIECE] for start in range(0, audio.shape[0], _PIECE))


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
