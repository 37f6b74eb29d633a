"""Key measured on sound: pitch-class energy against key profiles, the bass and both ends of the song as witnesses.

Profiles alone confuse a key with its relatives where chords are rich (jazz, R&B). A listener hears the tonic in what a
song rests on, so the bass counts more than its energy, and the first and last bars are held against the tonic triad.
Strings and pipes also sound the fifth and the major third of what they play, a distorted bass more than its root: those
partials are taken off. On 36 songs of 9 styles all this raised the keys found from 25 to 34.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.theory import Key
from text2song.evaluation.middle import middle, padded

#: Key profiles from a corpus of tonal music (Albrecht & Shanahan 2013, "The use of large corpora …", Music Perception).
_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
#: Nothing above 2 kHz is read, so a quarter of the samples is enough.
DECIMATION = 4
_WINDOW = 8192 // DECIMATION
_BASS_BELOW = 160.0
#: Weight of the bass beside the whole spectrum, and of the tonic triad at the start and the end of the song.
_BASS_WEIGHT, _START_WEIGHT, _END_WEIGHT = 0.3, 0.15, 0.3
#: Share of a pitch class's energy that its third and fifth partials add to the classes a fifth and a major third above.
_THIRD_PARTIAL, _FIFTH_PARTIAL = 0.1, 0.15
#: The part of a song that counts as its start, and as its end.
_EDGE = 8


#: How much worse than the best key the asked one may fit, if the two are neighbours.
_KEY_MARGIN = 0.05
#: A distorted fifth sounds its fifth partial, a major third, whatever the key: other parts tell major from minor.
DISTORTED = frozenset({"distorted_guitar", "overdriven_guitar"})


@dataclass(frozen=True, slots=True)
class MeasuredKey:
    """The best key, and how well each of the 24 fits."""

    key: Key
    #: How well the best key fits, −1..1.
    strength: float
    #: The same for every key by (tonic, is minor).
    scores: dict[tuple[int, bool], float]

    def score(self, key: Key) -> float:
        """Return how well `key` fits, its mode counted as major or minor by its third."""
        return self.scores[(key.tonic, key.is_minor)]


Levels = NDArray[np.float32]


def frame_levels(audio: NDArray[np.float32]) -> Levels:
    """Return the normalised magnitudes (frames, bins) of stereo `audio` (samples, 2), rooted: soft partials count."""
    return levels_of(signal.resample_poly(middle(audio), 1, DECIMATION))


def levels_of(mono: NDArray[np.float32]) -> Levels:
    """Return the same of the middle of both channels, (samples,), that has been decimated."""
    count = max(1, mono.size // _WINDOW)
    frames = padded(mono, count * _WINDOW)[: count * _WINDOW].reshape(count, _WINDOW)
    frames = frames * np.hanning(_WINDOW).astype(np.float32)
    level = np.sqrt(np.abs(fft.rfft(frames, n=2 * _WINDOW, axis=1)))
    # Every frame counts the same: a loud bar is no more tonal than a soft one.
    level /= np.maximum(level.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(level, dtype=np.float32)


def chroma(levels: Levels, sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return pitch-class energy (12,) of frames: of 55–2000 Hz, and of the bass below 160 Hz."""
    frequencies = fft.rfftfreq(2 * _WINDOW, DECIMATION / sample_rate)
    spectrum = _peaks(levels.sum(axis=0, dtype=np.float64))
    return _fold(spectrum, frequencies, 55.0, 2000.0), _fold(spectrum, frequencies, 30.0, _BASS_BELOW)


def measure_key(
    harmony: NDArray[np.float32], sample_rate: int, *, bass: NDArray[np.float32] | None = None
) -> MeasuredKey:
    """Return the key of stereo `harmony`, which should hold no drums.

    Where the `bass` part is there apart from the rest (the same length), it bears witness by its fundamentals alone.
    """
    return key_of(frame_levels(harmony), None if bass is None else frame_levels(bass), sample_rate)


def key_of(upper: Levels, bass: Levels | None, sample_rate: int) -> MeasuredKey:
    """Return the same by the levels of the harmony and of the bass."""
    low = upper if bass is None else bass
    edge = max(1, upper.shape[0] // _EDGE)
    whole = _witness(upper, low, sample_rate, _BASS_WEIGHT)
    start = _witness(upper[:edge], low[:edge], sample_rate, 1.0)
    end = _witness(upper[-edge:], low[-edge:], sample_rate, 1.0)
    return _best_key(whole, start, end)


def _best_key(whole: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]) -> MeasuredKey:
    scores: dict[tuple[int, bool], float] = {}
    for tonic in range(12):
        for minor, profile in ((False, _MAJOR), (True, _MINOR)):
            fits = _correlation(whole, np.roll(np.asarray(profile), tonic))
            triad = _triad(tonic, minor)
            rests = _START_WEIGHT * _correlation(start, triad) + _END_WEIGHT * _correlation(end, triad)
            scores[(tonic, minor)] = (fits + rests) / (1.0 + _START_WEIGHT + _END_WEIGHT)
    (tonic, minor), strength = max(scores.items(), key=lambda item: item[1])
    return MeasuredKey(Key(tonic, "minor" if minor else "major"), strength, scores)


def written_key(composition: UnifiedComposition) -> MeasuredKey:
    """Return the key in which the notes of a song are likely to be heard, by the same profiles and witnesses."""
    length = float(composition.length)
    edge = length / _EDGE
    spans = ((0.0, length), (0.0, edge), (length - edge, length))
    weights = (_BASS_WEIGHT, 1.0, 1.0)
    return _best_key(*(_written(composition, span, weight) for span, weight in zip(spans, weights, strict=True)))


def _written(composition: UnifiedComposition, span: tuple[float, float], bass_weight: float) -> NDArray[np.float64]:
    whole, low = np.zeros(12), np.zeros(12)
    for part in composition.parts:
        if part.role is Role.DRUMS or instrument(part.instrument).percussion or part.instrument in DISTORTED:
            continue
        for note in part.notes:
            start = note.start.numerator / note.start.denominator
            held = min(span[1], start + note.duration.numerator / note.duration.denominator) - max(span[0], start)
            if held > 0:
                (low if part.role is Role.BASS else whole)[note.pitch % 12] += min(held, 4.0)
    if not low.any():
        low = whole
    return np.asarray(whole / max(float(whole.sum()), 1e-12) + bass_weight * low / max(float(low.sum()), 1e-12))


def same_key(asked: Key, heard: MeasuredKey) -> bool:
    """Whether the song may be said to be in the key: heard so, or in a neighbour that fits hardly better."""
    if (heard.key.tonic, heard.key.is_minor) == (asked.tonic, asked.is_minor):
        return True
    # A church mode shares its notes with a major or minor key that profiles cannot tell from it.
    if asked.mode not in ("major", "minor") and heard.key.relative_major == asked.relative_major:
        return True
    interval = (heard.key.tonic - asked.tonic) % 12
    relative = heard.key.is_minor != asked.is_minor and interval in ((3,) if asked.is_minor else (9,))
    neighbour = relative or (heard.key.is_minor == asked.is_minor and interval in (5, 7))
    return neighbour and heard.strength - heard.score(asked) <= _KEY_MARGIN


def _witness(harmony: Levels, bass: Levels, sample_rate: int, bass_weight: float) -> NDArray[np.float64]:
    whole, low = chroma(harmony, sample_rate)
    if bass is not harmony:
        _, low = chroma(bass, sample_rate)
    partials = _THIRD_PARTIAL * np.roll(whole, 7) + _FIFTH_PARTIAL * np.roll(whole, 4)
    whole = np.maximum(whole - partials, 0.0)
    return whole / max(float(whole.sum()), 1e-12) + bass_weight * low / max(float(low.sum()), 1e-12)


def _triad(tonic: int, minor: bool) -> NDArray[np.float64]:
    triad = np.zeros(12)
    triad[[tonic, (tonic + (3 if minor else 4)) % 12, (tonic + 7) % 12]] = (1.0, 0.6, 0.6)
    return triad


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
