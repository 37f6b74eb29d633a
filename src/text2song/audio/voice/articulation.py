"""What the vocal tract does over time: every parameter of the tract, frame by frame.

Formants run through the targets of the sounds: a consonant keeps its locus, shifted by the vowel beside it (locus
equations: Sussman, McCaffrey & Matthews 1991, JASA 90), and the vowel is reached in the time the consonant's manner
takes (Klatt 1980; Holmes, Mattingly & Shearme 1964, "Speech synthesis by rule", Language and Speech 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from text2song.audio.voice.phonemes import Manner, Sound, Triple
from text2song.audio.voice.timeline import Phone

#: Frames of the tract, samples at the studio's rate and seconds.
HOP = 110
PERIOD = HOP / 44_100

_BURST = 0.012
#: A diphthong holds its first target and glides in its last part, seconds.
_GLIDE, _GLIDE_SHARE = 0.16, 0.45
_GAP = 0.02
#: Where the nose's zero cancels its pole, Hz.
_NO_ZERO = 270.0
_NEUTRAL: Triple = (500.0, 1450.0, 2450.0)


class Column(IntEnum):
    """Columns of the tracks."""

    VOICE = 0
    BREATH = 1
    HISS = 2
    F1 = 3
    F2 = 4
    F3 = 5
    B1 = 6
    B2 = 7
    B3 = 8
    ZERO = 9
    #: Nine columns: three bands of Hz, bandwidth, gain.
    BANDS = 10


COLUMNS = int(Column.BANDS) + 9
_DEFAULT_BANDS = ((3000.0, 1000.0, 0.0), (5000.0, 1500.0, 0.0), (8000.0, 2000.0, 0.0))


@dataclass(slots=True)
class _Levels:
    """A stretch in which the source stays as it is."""

    start: float
    voice: float = 0.0
    breath: float = 0.0
    hiss: float = 0.0
    zero: float = _NO_ZERO
    bands: tuple[Triple, ...] = field(default=_DEFAULT_BANDS)


def articulate(found: Sequence[Phone], frames: int) -> NDArray[np.float64]:
    """Return the tracks of a line, float64 (frames, `COLUMNS`), a frame every `PERIOD` seconds.

    Formants in Hz for the male tract of the table; the caller scales them to a voice.
    """
    tracks = np.zeros((frames, COLUMNS))
    if not found:
        return tracks
    times = np.arange(frames, dtype=np.float64) * PERIOD
    _formants(found, times, tracks)
    steps = [step for index, phone in enumerate(found) for step in _steps(found, index, phone)]
    steps.append(_Levels(found[-1].end))
    index = np.clip(np.searchsorted([step.start for step in steps], times, side="right") - 1, -1, len(steps) - 1)
    table = np.array([_row(step) for step in (*steps, _Levels(-1.0))])[index]
    # The glottis and the tongue need some milliseconds; a burst is as sudden as anything in speech.
    tracks[:, Column.VOICE] = gaussian_filter1d(table[:, 0], 2.2, mode="nearest")
    tracks[:, Column.BREATH] = gaussian_filter1d(table[:, 1], 2.5, mode="nearest")
    tracks[:, Column.HISS] = gaussian_filter1d(table[:, 2], 1.2, mode="nearest")
    tracks[:, Column.ZERO] = gaussian_filter1d(table[:, 3], 3.0, mode="nearest")
    tracks[:, Column.BANDS :] = table[:, 4:]
    return tracks


def _row(step: _Levels) -> list[float]:
    bands = [*step.bands, *_DEFAULT_BANDS[len(step.bands) :]]
    return [step.voice, step.breath, step.hiss, step.zero, *(value for band in bands for value in band)]


def _gain(decibels: float | None) -> float:
    return 0.0 if decibels is None else float(10.0 ** (decibels / 20.0))


def _steps(found: Sequence[Phone], index: int, phone: Phone) -> list[_Levels]:
    one = phone.sound
    after = found[index + 1] if index + 1 < len(found) else None
    rest = [_Levels(phone.end)] if after is not None and after.start > phone.end + _GAP else []
    bands = one.hiss
    if one.follows and bands:
        second = _vowel_beside(found, index)[1]
        bands = ((float(np.clip(second * 1.02, 1100.0, 2600.0)), bands[0][1], bands[0][2]), *bands[1:])
    if one.manner in (Manner.STOP, Manner.AFFRICATE):
        return [*_release(phone, one, bands), *rest]
    level = _Levels(phone.start, one.voice, _gain(one.breath_db), _gain(one.level_db), one.zero or _NO_ZERO, bands)
    return [level, *rest]


def _release(phone: Phone, one: Sound, bands: tuple[Triple, ...]) -> list[_Levels]:
    """Closure, burst, and the breath or hiss until the voice begins."""
    hiss = _gain(one.level_db)
    steps = [_Levels(phone.start, voice=one.voice, bands=bands)]
    if one.manner is Manner.AFFRICATE:
        return [*steps, _Levels(phone.release, one.voice * 1.5, 0.0, hiss, bands=bands)]
    steps.append(_Levels(phone.release, one.voice * 2.0, 0.0, hiss, bands=bands))
    if phone.release + _BURST < phone.end - 0.004:
        steps.append(_Levels(phone.release + _BURST, one.voice * 4.0, _gain(-18.0), hiss * 0.2, bands=bands))
    return steps


def _formants(found: Sequence[Phone], times: NDArray[np.float64], tracks: NDArray[np.float64]) -> None:
    at: list[float] = []
    values: list[Triple] = []
    widths: list[Triple] = []
    for index, phone in enumerate(found):
        for time, target in _targets(found, index, phone):
            at.append(max(time, at[-1] + 1e-4) if at else time)
            values.append(target)
            widths.append(phone.sound.bandwidths)
    for number in range(3):
        formant = np.interp(times, at, [value[number] for value in values])
        tracks[:, Column.F1 + number] = gaussian_filter1d(formant, 2.5, mode="nearest")
        width = np.interp(times, at, [value[number] for value in widths])
        tracks[:, Column.B1 + number] = gaussian_filter1d(width, 2.0, mode="nearest")


def _targets(found: Sequence[Phone], index: int, phone: Phone) -> list[tuple[float, Triple]]:
    """Return the (time, formants) that the tract passes through in one sound."""
    one, length = phone.sound, phone.end - phone.start
    if not one.is_vowel:
        target = _mixed(one.formants, _vowel_beside(found, index), one.coarticulation)
        edge = min(0.012, 0.2 * length)
        return [(phone.start + edge, target), (phone.end - edge, target)]
    entering = min(_blend(found, index, -1), 0.4 * length)
    leaving = min(_blend(found, index, 1), 0.35 * length)
    targets = [(phone.start + entering, one.formants)]
    if one.glide != one.formants:
        glide = min(_GLIDE, _GLIDE_SHARE * length)
        targets.append((max(phone.end - leaving - glide, phone.start + entering), one.formants))
    targets.append((phone.end - leaving, one.glide))
    return targets


def _blend(found: Sequence[Phone], index: int, side: int) -> float:
    other = found[index + side] if 0 <= index + side < len(found) else None
    return 0.01 if other is None else other.sound.blend


def _vowel_beside(found: Sequence[Phone], index: int) -> Triple:
    """Return the formants at the nearest edge of the nearest vowel, the following one first."""
    for distance in range(1, 5):
        for side in (1, -1):
            place = index + side * distance
            if 0 <= place < len(found) and found[place].sound.is_vowel:
                vowel = found[place].sound
                return vowel.formants if side > 0 else vowel.glide
    return _NEUTRAL


def _mixed(consonant: Triple, vowel: Triple, share: float) -> Triple:
    first, second, third = ((1 - share) * own + share * other for own, other in zip(consonant, vowel, strict=True))
    # The jaw of a consonant is its own: only its first formant does not follow the vowel far.
    return consonant[0] + min(share, 0.5) * (first - consonant[0]) if share < 0.9 else first, second, third
