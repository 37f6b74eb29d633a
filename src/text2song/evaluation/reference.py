"""What a reference sounds like: tempo, key, energy and loudness of somebody's own file, heard block by block."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from text2song.evaluation.loudness import SILENCE, chunk_powers, decibels, gated_lufs
from text2song.evaluation.tempo import OCTAVES, measure_tempo
from text2song.evaluation.tonality import measure_key

#: Tempo and key are heard on the middle of a long file: this many seconds.
STRETCH_SECONDS = 150
#: Values of the energy curve.
CURVE = 16
#: Below this clarity a pulse is no beat, and below this strength a key is a guess.
_LEAST_CLARITY, _LEAST_STRENGTH = 4.0, 0.2
#: Where a file of any style is counted, before half and double time are told apart.
_MIDDLE_BPM = 110.0
#: Loudness in LUFS that counts as no energy, and what lies between that and all of it.
_QUIET, _RANGE = -38.0, 30.0
_RATE = 44_100
#: In less than this nothing repeats and nothing settles.
_LEAST_SECONDS = 3
#: Chunks of 100 ms in a block.
_CHUNKS = 50


@dataclass(frozen=True, slots=True)
class ReferenceFigures:
    """The figures of one file."""

    #: Beats per minute; None where no beat is heard.
    bpm: float | None
    #: Peak of the pulse spectrum over its median.
    bpm_clarity: float
    #: Such as "A minor"; None where nothing has a key.
    key: str | None
    #: How well the key fits, −1..1.
    key_strength: float
    #: 0..1, from the loudness: −38 LUFS is none, −8 all.
    energy: float
    #: The same of `CURVE` equal stretches.
    energy_curve: tuple[float, ...]
    #: Gated and integrated (ITU-R BS.1770-5).
    loudness_lufs: float
    #: The highest sample.
    peak_dbfs: float


class Listener:
    """Hears a file once, in blocks of `block_frames` frames, and keeps no more than the stretch it needs."""

    def __init__(self, sample_rate: int, frames: int) -> None:
        self._rate = sample_rate
        self.block_frames = (sample_rate // 10) * _CHUNKS
        # Tempo and key were tuned at one rate. A ratio of small numbers, off by a millionth, needs no long filter.
        self._ratio = Fraction(_RATE, sample_rate).limit_denominator(1000)
        start = max(0, frames - STRETCH_SECONDS * sample_rate) // 2
        self._stretch = range(start, start + STRETCH_SECONDS * sample_rate)
        self._heard = 0
        self._peak = 0.0
        self._powers: list[NDArray[np.float64]] = []
        self._mono: list[NDArray[np.float32]] = []

    def hear(self, block: NDArray[np.float32]) -> None:
        """Take the next block, float32 (frames, channels) of finite values; only the first two channels are heard."""
        stereo = np.ascontiguousarray(block[:, :2] if block.shape[1] > 1 else np.repeat(block, 2, axis=1))
        if block.shape[0] >= self._rate // 10 or not self._powers:
            self._powers.append(chunk_powers(stereo, self._rate))
        self._peak = max(self._peak, float(np.abs(stereo).max(initial=0.0)))
        if self._heard in self._stretch:
            mono = (stereo[:, 0] + stereo[:, 1]) * np.float32(0.5)
            self._mono.append(mono if self._ratio == 1 else _resampled(mono, self._ratio))
        self._heard += block.shape[0]

    def figures(self) -> ReferenceFigures:
        """Return what was heard; silence has no tempo and no key."""
        powers = np.concatenate(self._powers) if self._powers else np.zeros(1)
        loudness = gated_lufs(powers)
        bpm, clarity = None, 0.0
        key, strength = None, 0.0
        # A file whose length was a lie may end before the stretch begins.
        mono = np.concatenate(self._mono) if self._mono else np.empty(0, np.float32)
        if loudness > SILENCE and mono.size >= _LEAST_SECONDS * _RATE:
            # Both measures take two channels and add them up again: a view costs no memory.
            audio = np.broadcast_to(mono[:, None], (mono.size, 2))
            tempo = measure_tempo(audio, _RATE, near=_MIDDLE_BPM, levels=OCTAVES)
            bpm, clarity = tempo.bpm, tempo.clarity
            heard = measure_key(audio, _RATE)
            key, strength = heard.key.name, heard.strength
        return ReferenceFigures(
            bpm=None if bpm is None or clarity < _LEAST_CLARITY else round(bpm, 2),
            bpm_clarity=round(clarity, 2),
            key=key if strength >= _LEAST_STRENGTH else None,
            key_strength=round(strength, 3),
            energy=_energy(loudness),
            energy_curve=tuple(_energy(gated_lufs(part)) for part in np.array_split(powers, CURVE) if part.size),
            loudness_lufs=round(loudness, 2),
            peak_dbfs=round(decibels(self._peak), 2),
        )


def _energy(loudness: float) -> float:
    return round(min(max((loudness - _QUIET) / _RANGE, 0.0), 1.0), 3)


def _resampled(mono: NDArray[np.float32], ratio: Fraction) -> NDArray[np.float32]:
    return np.asarray(signal.resample_poly(mono, ratio.numerator, ratio.denominator), dtype=np.float32)
