"""A small take made of sines and clicks, with everything about it known: for testing the judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from tests.contexts import plain_context

from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Role, TempoMap
from text2song.domain.theory import TimeSignature
from text2song.evaluation.conformance import TakeSound
from text2song.evaluation.loudness import integrated_lufs

RATE = 44_100
Audio = NDArray[np.float32]


@dataclass(frozen=True)
class FakeStem:
    name: str
    role: Role
    instrument: str
    audio: Audio

    def pieces(self) -> Iterator[Audio]:
        half = len(self.audio) // 2
        yield from (self.audio[:half], self.audio[half:])


#: Instrument and role of the stems of `band`.
_BAND = {"kick": ("drum_kit", Role.DRUMS), "low": ("finger_bass", Role.BASS), "keys": ("organ", Role.CHORDS)}
_BAND |= {"riff": ("distorted_guitar", Role.LEAD), "singer": ("voice_lead", Role.VOCAL)}


def band() -> dict[str, FakeStem]:
    """Return five stems of noise, two seconds long, each of another kind; whole steps of 24 bits add up exactly."""
    stems = {}
    for seed, (name, (id_, role)) in enumerate(_BAND.items()):
        steps = np.random.default_rng(seed).integers(-(1 << 19), 1 << 19, (2 * RATE, 2))
        stems[name] = FakeStem(name, role, id_, (steps / (1 << 23)).astype(np.float32))
    return stems


def composition(**changes: object) -> UnifiedComposition:
    context = plain_context()
    kinds = (SectionKind.INTRO, SectionKind.VERSE, SectionKind.CHORUS)
    energies = (0.2, 0.5, 0.9)
    sections = tuple(Section(f"{kind}.1", kind, 4 * n, 4, energies[n]) for n, kind in enumerate(kinds))
    context = replace(context, **changes)  # type: ignore[arg-type]
    return UnifiedComposition(context, TimeSignature(), TempoMap.constant(Fraction(120)), sections)


def sound(*, bpm: float = 120.0, roots: tuple[int, ...] = (57, 50, 52, 57), minor: bool = True) -> TakeSound:
    """24 seconds: a click on every beat and one triad a bar, louder by section, mastered to −14 LUFS."""
    frames = 24 * RATE
    swell = np.repeat([0.4, 0.7, 1.0], frames // 3)[:, None]
    drums = (_clicks(bpm, frames) * swell).astype(np.float32)
    chords = (_triads(roots, minor, frames) * swell).astype(np.float32)
    stems = (FakeStem("drums", Role.DRUMS, "drum_kit", drums), FakeStem("chords", Role.CHORDS, "organ", chords))
    mix = drums + chords
    gain = 10 ** ((-14.0 - integrated_lufs(mix, RATE)) / 20)
    return TakeSound(RATE, stems, mix, np.asarray(mix * gain, np.float32))


def _clicks(bpm: float, frames: int) -> NDArray[np.float64]:
    noise = np.random.default_rng(1).standard_normal(600) * np.exp(-np.arange(600) / 100)
    track = np.zeros((frames, 2))
    for beat in range(int(frames / RATE * bpm / 60)):
        start = int(beat * 60 / bpm * RATE)
        track[start : start + 600] += 0.1 * noise[: frames - start, None]
    return track


def _triads(roots: tuple[int, ...], minor: bool, frames: int) -> NDArray[np.float64]:
    bar = 2 * RATE
    time = np.arange(bar) / RATE
    third = 3 if minor else 4
    bars = []
    for number in range(frames // bar):
        root = roots[number % len(roots)]
        tone = np.zeros(bar)
        for pitch in (root - 12, root, root + third, root + 7):
            frequency = 440 * 2 ** ((pitch - 69) / 12)
            tone += sum(np.sin(2 * np.pi * frequency * k * time + k * k + pitch) / k for k in range(1, 5))
        bars.append(tone * 0.05)
    mono = np.concatenate(bars)
    return np.stack([mono, mono], axis=1)
