"""The studio's own singer: a line, a voice and a delivery in, sound out; needs nothing that is not in the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from text2song.audio.voice.articulation import PERIOD, Column, articulate
from text2song.audio.voice.colours import Delivery, VoiceColour
from text2song.audio.voice.contour import PitchStyle, f0_contour
from text2song.audio.voice.line import SungLine
from text2song.audio.voice.timeline import Phone, phones
from text2song.audio.voice.tract import Source, synthesise

Curve = NDArray[np.float64]

#: Louder is more pressed: change of the pulse's Rd from the softest to the loudest note.
_PRESSING = 0.7
_RD_LEAST, _RD_MOST = 0.5, 2.6
_MIDDLE = 0.65
#: Strength of the source in step with the vibrato, dB for each semitone (Saitou et al. 2007).
_AM_DB = 3.0
#: An audible breath before a phrase: its length and how long before the first sound it ends, seconds.
_INHALE_SECONDS, _INHALE_REST = 0.3, 0.07
_ROUGH_JITTER, _ROUGH_SHIMMER = 0.025, 0.25
#: How much of the difference in loudness between vowels is evened out: singers sing them alike.
_EVENING = 0.5
_EVEN_HARMONICS = 14


def sing_line(line: SungLine, colour: VoiceColour, delivery: Delivery, *, cents: float = 0.0) -> Curve:
    """Return mono float64 samples at the studio's rate from the line's origin, the same for the same arguments.

    A vowel at middle strength has an RMS of about 0.1. `cents` moves the whole line.
    """
    found = phones(line)
    frames = int(line.seconds / PERIOD) + 1
    tracks = articulate(found, frames)
    f0 = f0_contour(line.pitches, frames, PERIOD, pitch_style(colour, delivery, cents), line.seed)
    tracks[:, Column.F1 : Column.F3 + 1] *= colour.size
    strength = _strength(line, frames)
    gain = 10.0 ** (delivery.dynamics / 20.0 * (strength - _MIDDLE)) * _edges(found, frames, delivery)
    gain *= 10.0 ** (_AM_DB / 20.0 * _wave(f0)) * _evened(tracks, f0)
    rd = colour.pulse + delivery.pulse - _PRESSING * (strength - _MIDDLE)
    rd += 0.8 * (1.0 - np.minimum(_edges(found, frames, delivery), 1.0))
    _set_levels(tracks, gain, colour, delivery)
    _inhale(tracks, found, delivery)
    source = Source(
        jitter=0.003 + _ROUGH_JITTER * delivery.rough,
        shimmer=0.02 + _ROUGH_SHIMMER * delivery.rough,
        subharmonic=delivery.growl,
        seed=line.seed,
    )
    upper = np.array(colour.ring) * np.array([colour.size, 1.0])
    sound = synthesise(tracks, f0, np.clip(rd, _RD_LEAST, _RD_MOST), upper, source)
    return _driven(0.1 * sound, delivery.drive)


def pitch_style(colour: VoiceColour, delivery: Delivery, cents: float = 0.0) -> PitchStyle:
    """Return how this voice moves in this delivery."""
    return PitchStyle(
        vibrato_hz=colour.vibrato_hz,
        vibrato_cents=colour.vibrato_cents * delivery.vibrato,
        vibrato_delay=delivery.vibrato_delay,
        vibrato_fade=delivery.vibrato_fade,
        vibrato_least=delivery.vibrato_least,
        scoop=delivery.scoop,
        scoop_share=delivery.scoop_share,
        fall=delivery.fall,
        glide=delivery.glide,
        bounce=delivery.bounce,
        speech=delivery.speech,
        cents=cents,
    )


def _strength(line: SungLine, frames: int) -> Curve:
    """Return 0..1 per frame, from note to note, without steps."""
    times = np.arange(frames) * PERIOD
    starts = np.array([syllable.start for syllable in line.syllables]) - 0.04
    levels = np.array([syllable.strength for syllable in line.syllables])
    index = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, levels.size - 1)
    return np.asarray(gaussian_filter1d(levels[index], 0.03 / PERIOD, mode="nearest"))


def _edges(found: Sequence[Phone], frames: int, delivery: Delivery) -> Curve:
    """Return a gain that rises where a phrase begins and dies away where it ends."""
    gain = np.ones(frames)
    times = np.arange(frames) * PERIOD
    for index, phone in enumerate(found):
        if index == 0 or phone.start - found[index - 1].end > 0.05:
            rise = np.clip((times - phone.start) / delivery.attack, 0.0, 1.0)
            previous = found[index - 1].end if index else -1.0
            gain = np.where((times > previous) & (times < phone.end), gain * rise, gain)
        if phone.last:
            vowel = next((one for one in reversed(found[: index + 1]) if one.sound.is_vowel), phone)
            release = min(delivery.release, 0.5 * (vowel.end - vowel.start))
            fade = np.clip((phone.end - times) / release, 0.0, 1.0) if phone.sound.is_vowel else np.ones(frames)
            gain = np.where((times >= vowel.start) & (times <= phone.end + 0.02), gain * np.sin(np.pi / 2 * fade), gain)
    return gain


def _wave(f0: Curve) -> Curve:
    """Return the quick part of the pitch in semitones: vibrato without the melody."""
    steps = 12.0 * np.log2(f0)
    return np.asarray(np.clip(steps - gaussian_filter1d(steps, 0.12 / PERIOD, mode="nearest"), -1.0, 1.0))


def _evened(tracks: NDArray[np.float64], f0: Curve) -> Curve:
    """Return the gain that brings vowels nearer to one loudness, from the power of their lowest harmonics."""
    step = 6
    rows, pitch = tracks[::step], f0[::step, None]
    harmonics = pitch * np.arange(1, _EVEN_HARMONICS + 1)
    power = np.arange(1, _EVEN_HARMONICS + 1) ** -2.4 * np.ones_like(harmonics)
    for number in range(3):
        centre = np.maximum(rows[:, Column.F1 + number], 1.02 * f0[::step] if number == 0 else 0.0)[:, None]
        width = rows[:, Column.B1 + number][:, None]
        ratio = harmonics / centre
        power /= (1.0 - ratio**2) ** 2 + (width * harmonics / centre**2) ** 2
    level = 10.0 * np.log10(power.sum(axis=1))
    slow = gaussian_filter1d(level, 0.025 / (step * PERIOD), mode="nearest")
    wanted = np.interp(np.arange(f0.size), np.arange(slow.size) * step, slow)
    return np.asarray(10.0 ** (-_EVENING * (wanted - 8.0) / 20.0))


def _set_levels(tracks: NDArray[np.float64], gain: Curve, colour: VoiceColour, delivery: Delivery) -> None:
    voice = tracks[:, Column.VOICE].copy()
    tracks[:, Column.VOICE] *= gain
    breath = 10.0 ** ((colour.breath + delivery.breath) / 20.0)
    # Every vowel carries some breath; consonants have their own.
    tracks[:, Column.BREATH] = tracks[:, Column.BREATH] * np.sqrt(gain) + breath * voice * np.sqrt(gain)
    tracks[:, Column.HISS] *= np.sqrt(gain) * 10.0 ** (delivery.consonants / 20.0)


def _inhale(tracks: NDArray[np.float64], found: Sequence[Phone], delivery: Delivery) -> None:
    """Let the singer breathe before the line and in its longer rests."""
    times = np.arange(tracks.shape[0]) * PERIOD
    level = 10.0 ** (delivery.inhale / 20.0)
    for index, phone in enumerate(found):
        free = phone.start - (found[index - 1].end if index else 0.0)
        if free < _INHALE_SECONDS + 2 * _INHALE_REST:
            continue
        place = (times - (phone.start - _INHALE_REST - _INHALE_SECONDS)) / _INHALE_SECONDS
        shape = np.where((place > 0) & (place < 1), np.sin(np.pi * np.clip(place, 0, 1) ** 1.5) ** 2, 0.0)
        tracks[:, Column.BREATH] += level * shape


def _driven(sound: Curve, drive: float) -> Curve:
    """Saturate: what a pressed voice and an overdriven microphone add; 0 leaves the sound as it is."""
    if drive <= 0.0:
        return sound
    gain = 3.0 * drive
    return np.asarray(np.tanh(gain * sound + 0.1 * drive) - np.tanh(0.1 * drive)) / gain * (1.0 + 0.15 * drive)


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """The source voice of the core: sings whatever has phonemes."""

    name: str = "text2song formant singer 1"

    def installed(self) -> bool:
        """It always is."""
        return True

    def can_sing(self, line: SungLine) -> bool:
        """Whether every syllable says how it is spoken."""
        return all(syllable.phonemes for syllable in line.syllables)

    def sing(self, line: SungLine, colour: VoiceColour, delivery: Delivery, cents: float) -> Curve:
        """Return the line as `sing_line` does, by as many singers as the voice has."""
        if colour.members == 1:
            return sing_line(line, colour, delivery, cents=cents)
        parts = [
            sing_line(replace(line, seed=line.seed + 101 * number), one, delivery, cents=cents + off)
            for number, (one, off) in enumerate(_members(colour))
        ]
        return np.asarray(np.sum(parts, axis=0) / np.sqrt(len(parts)))


def _members(colour: VoiceColour) -> list[tuple[VoiceColour, float]]:
    """Return the singers of a choir: sizes and tunings spread evenly about the voice's own."""
    spread = np.linspace(-1.0, 1.0, colour.members)
    return [
        (replace(colour, size=colour.size * (1.0 + 0.05 * float(place)), members=1), 7.0 * float(-place))
        for place in spread
    ]
