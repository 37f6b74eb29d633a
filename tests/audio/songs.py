"""A small hand-made song and a plain instrument, for tests of everything behind the score."""

from __future__ import annotations

import numpy as np
from tests.contexts import plain_context

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.performance import performed_notes
from text2song.domain.composition import Channel, ChordSpan, MixPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.context import CompositionContext, Vocals
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.domain.theory import Chord, TimeSignature

BPM = Fraction(120)
_ROOTS = (45, 41, 48, 43)
_CHORDS = (Chord(9, "m"), Chord(5), Chord(0), Chord(7, "7"))


def small_song(bars: int = 4, *, time_signature: TimeSignature | None = None) -> UnifiedComposition:
    """Drums, bass, chords and a sung tune over four chords at 120 bpm in A minor; one verse, one chorus."""
    metre = time_signature or TimeSignature()
    half = max(1, bars // 2)
    sections = (
        Section("verse.1", SectionKind.VERSE, 0, half, 0.4),
        Section("chorus.1", SectionKind.CHORUS, half, bars - half, 0.9),
    )
    plan = MixPlan(
        channels=(
            Channel("drums", -22.0),
            Channel("bass", -24.0, highpass_hz=30.0, duck_db=4.0),
            Channel("chords", -27.0, pan=0.4, highpass_hz=140.0, reverb_db=-15.0),
            Channel("vocal", -22.0, highpass_hz=100.0, reverb_db=-14.0, delay_db=-18.0),
        )
    )
    return UnifiedComposition(
        context=context(float(bars * metre.bar * 60 / BPM)),
        time_signature=metre,
        tempo=TempoMap.constant(BPM),
        sections=sections[: 1 if bars < 2 else 2],
        harmony=_harmony(bars, metre.bar),
        parts=_parts(bars, metre.bar),
        lyrics=_lyrics(),
        mix=plan,
    )


def context(seconds: float) -> CompositionContext:
    """A plain context in A minor."""
    return plain_context(
        prompt="a small song",
        title="Small Song",
        bpm=BPM,
        tempo_word="moderate",
        duration_seconds=seconds,
        vocals=Vocals.SUNG,
    )


class Sines:
    """Plays every part with plucked sine tones; the same for every instrument."""

    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        """Return the dry sound of a part."""
        out = np.zeros((frames, 2), np.float32)
        for note in performed_notes(part, composition):
            start = round(note.onset * SAMPLE_RATE)
            tone = _tone(note.pitch, note.velocity)[: max(0, frames - start)]
            out[start : start + tone.size] += tone[:, None]
        return out

    def identity(self, part: Part, composition: UnifiedComposition) -> str:
        """Depend on nothing but the notes."""
        return "sines"


def _tone(pitch: int, velocity: int) -> Stereo:
    time = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    envelope = np.minimum(1, 400 * time) * np.exp(-5 * time) * np.minimum(1, 40 * (0.5 - time))
    tone = np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time) * envelope * velocity / 300
    return np.asarray(tone, dtype=np.float32)


def _harmony(bars: int, bar: Fraction) -> tuple[ChordSpan, ...]:
    return tuple(
        ChordSpan(_CHORDS[index % 4], index * bar, bar, "i", "verse.1" if index < bars // 2 else "chorus.1")
        for index in range(bars)
    )


def _parts(bars: int, bar: Fraction) -> tuple[Part, ...]:
    beats = [Fraction(index) for index in range(int(bars * bar))]
    drums = [Note(beat, 36 if index % 2 == 0 else 38, Fraction(1, 4), 100) for index, beat in enumerate(beats)]
    drums += [Note(beat + Fraction(1, 2), 42, Fraction(1, 4), 70, nudge_us=2500) for beat in beats]
    bass = [Note(beat, _ROOTS[int(beat // bar) % 4] - 12, Fraction(1), 90) for beat in beats]
    chords = [Note(index * bar, _ROOTS[index % 4] + step, bar, 75) for index in range(bars) for step in (12, 15, 19)]
    tune = [Note(beat, 69 + (0, 3, 5, 2)[index % 4], Fraction(7, 8), 95) for index, beat in enumerate(beats)]
    return (
        Part("drums", Role.DRUMS, "drum_kit", tuple(sorted(drums))),
        Part("bass", Role.BASS, "finger_bass", tuple(bass)),
        Part("chords", Role.CHORDS, "piano", tuple(chords)),
        Part("vocal", Role.VOCAL, "voice_lead", tuple(tune)),
    )


def _lyrics() -> Lyrics:
    words = (("Hold", True), ("the", True), ("morn", False), ("ing", True))
    syllables = tuple(
        Syllable(text, index in (0, 2), ends, Fraction(index), Fraction(1)) for index, (text, ends) in enumerate(words)
    )
    return Lyrics((LyricLine("Hold the morning", "verse.1", syllables),))
