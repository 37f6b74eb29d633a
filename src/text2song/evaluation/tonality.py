"""Key measured on sound: pitch-class energy against key profiles, with the bass as a second witness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from text2song.domain.theory import Key

#: Key profiles from a corpus of tonal music (Albrecht & Shanahan 2013, "The use of large corpora …", Music Perception).
_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
_WINDOW = 8192
_BASS_BELOW = 160.0


@dataclass(frozen=True, slots=True)
class MeasuredKey:
    """The best key, and how well each of the 24 fits."""

    key: Key
    #: Correlation of the best key, −1..1.
    strength: float
    #: Correlations by (tonic, is minor).
    scores: dict[tuple[int, bool], float]

    def score(self, key: Key) -> float:
        """Return the correlation of `key`, its mode counted as major or minor by its third."""
        return self.scores[(key.tonic, key.is_minor)]


def chroma(audio: NDArray[np.float32], sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return pitch-class energy (12,) of the whole spectrum 55–2000 Hz, and of the bass below 160 Hz."""
    mono = audio.mean(axis=1, dtype=np.float32)
    count = max(1, mono.size // _WINDOW)
    mono = np.pad(mono, (0, max(0, count * _WINDOW - mono.size)))
    frames = mono[: count * _WINDOW].reshape(count, _WINDOW) * np.hanning(_WINDOW).astype(np.float32)
    magnitude = np.abs(fft.rfft(frames, n=2 * _WINDOW, axis=1))
    # Square root, and every frame counts the same: a loud bar is no more tonal than a soft one.
    level = np.sqrt(magnitude)
    level /= np.maximum(level.sum(axis=1, keepdims=True), 1e-9)
    frequencies = fft.rfftfreq(2 * _WINDOW, 1.0 / sample_rate)
    spectrum = _peaks(level.sum(axis=0))
    return _fold(spectrum, frequencies, 55.0, 2000.0), _fold(spectrum, frequencies, 30.0, _BASS_BELOW)


def measure_key(audio: NDArray[np.float32], sample_rate: int) -> MeasuredKey:
    """Return the key of stereo `audio`; drums should be left out of it."""
    whole, bass = chroma(audio, sample_rate)
    witness = whole / max(float(whole.sum()), 1e-12) + 0.5 * bass / max(float(bass.sum()), 1e-12)
    scores: dict[tuple[int, bool], float] = {}
    for tonic in range(12):
        for minor, profile in ((False, _MAJOR), (True, _MINOR)):
            scores[(tonic, minor)] = _correlation(witness, np.roll(np.asarray(profile), tonic))
    (tonic, minor), strength = max(scores.items(), key=lambda item: item[1])
    return MeasuredKey(Key(tonic, "minor" if minor else "major"), strength, scores)


def _peaks(spectrum: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep local maxima above the local floor: partials, not noise."""
    floor = np.convolve(spectrum, np.full(41, 1 / 41), mode="same")
    above = spectrum - floor
    top = np.r_[False, (spectrum[1:-1] >= spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:]), False]
    return np.where(top & (above > 0), above, 0.0)


def _fold(
    spectrum: NDArray[np.float64], frequencies: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    inside = (frequencies >= low) & (frequencies <= high)
    classes = np.round(12.0 * np.log2(frequencies[inside] / 440.0) + 69.0).astype(int) % 12
    return np.bincount(classes, weights=spectrum[inside], minlength=12).astype(np.float64)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    if one.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
