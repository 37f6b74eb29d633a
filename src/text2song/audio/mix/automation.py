"""What moves on the desk while the song plays, drawn from the plan alone: width by section, room for the voice.

Curves have one value per `STEP` frames and are straight lines between them, so ten minutes of one are 400 kB.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.domain.composition import Section, SectionKind, UnifiedComposition

#: Frames from one value of a curve to the next (5.8 ms).
STEP = 256
#: Seconds over which a section's figures become the next one's, its first beat in the middle of them.
_GLIDE_SECONDS = 0.12
#: How soon music steps back for the voice, and how slowly it comes forward again (rule 30: 80–200 ms).
_ATTACK_SECONDS = 0.05
_RELEASE_SECONDS = 0.2
#: Sections that open up, and those that step in from the sides before.
_WIDE = frozenset({SectionKind.CHORUS, SectionKind.DROP})

Curve = NDArray[np.float32]


def width_curve(composition: UnifiedComposition, frames: int) -> Curve:
    """Return the factor of the side signal: choruses stand wider than what leads to them."""
    wide = composition.mix.chorus_width
    return _by_section(composition, frames, lambda section: wide if section.kind in _WIDE else 1.0)


def voice_curve(composition: UnifiedComposition, frames: int) -> Curve | None:
    """Return how far the vocal claims the front, 0 … 1; None where nothing is sung."""
    if not composition.mix.sung:
        return None
    seconds = composition.tempo.seconds
    wanted = np.zeros(_points(frames), np.float32)
    for start, end in composition.mix.sung:
        first, last = (max(0, round(seconds(beat) * SAMPLE_RATE / STEP)) for beat in (start, end))
        wanted[first:last] = 1.0
    step = STEP / SAMPLE_RATE
    return _followed(wanted, 1 - np.exp(-step / _ATTACK_SECONDS), 1 - np.exp(-step / _RELEASE_SECONDS))


def turn(audio: Stereo, decibels: Curve) -> None:
    """Turn both channels up and down by a curve in dB, in place."""
    _scale(audio, np.exp(decibels * np.float32(np.log(10) / 20)))


def widen(audio: Stereo, factors: Curve) -> None:
    """Scale the side signal by a curve, in place."""
    _widen(audio, factors)


def _points(frames: int) -> int:
    return frames // STEP + 2


def _by_section(composition: UnifiedComposition, frames: int, value: Callable[[Section], float]) -> Curve:
    """Return each section's value from its first bar on, with short glides between them."""
    curve = np.ones(_points(frames))
    for section in composition.sections:
        start = composition.tempo.seconds(composition.section_start(section))
        first = 0 if section is composition.sections[0] else max(0, round(start * SAMPLE_RATE / STEP))
        curve[first:] = value(section)
    length = max(1, round(_GLIDE_SECONDS * SAMPLE_RATE / STEP))
    padded = np.concatenate((np.full(length, curve[0]), curve, np.full(length, curve[-1])))
    smooth = np.convolve(padded, np.full(length, 1 / length), mode="same")
    return smooth[length:-length].astype(np.float32)


@kernel
def _followed(wanted: Curve, attack: float, release: float) -> Curve:
    out = np.empty_like(wanted)
    now = 0.0
    for index in range(wanted.shape[0]):
        now += (attack if wanted[index] > now else release) * (wanted[index] - now)
        out[index] = now
    return out


@kernel
def _scale(audio: Stereo, gains: Curve) -> None:
    for start in range(0, audio.shape[0], STEP):
        gain = gains[start // STEP]
        step = (gains[start // STEP + 1] - gain) / np.float32(STEP)
        for frame in range(start, min(start + STEP, audio.shape[0])):
            audio[frame, 0] *= gain
            audio[frame, 1] *= gain
            gain += step


@kernel
def _widen(audio: Stereo, factors: Curve) -> None:
    half = np.float32(0.5)
    for start in range(0, audio.shape[0], STEP):
        factor = factors[start // STEP]
        step = (factors[start // STEP + 1] - factor) / np.float32(STEP)
        for frame in range(start, min(start + STEP, audio.shape[0])):
            middle = half * (audio[frame, 0] + audio[frame, 1])
            side = half * (audio[frame, 0] - audio[frame, 1]) * factor
            audio[frame, 0] = middle + side
            audio[frame, 1] = middle - side
            factor += step
