"""A singer: the vocal part of a composition with its lyrics, as sound."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.voice.alignment import SpokenSyllable, spoken_syllables
from text2song.audio.voice.contour import SungPitch, f0_contour
from text2song.audio.voice.speech import speak, voice_installed
from text2song.audio.voice.vocoder import PERIOD, Timing, sing
from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine
from text2song.domain.score import Note, Part

_LEAD_IN, _TAIL = 0.3, 0.3
_ONSET_MAX, _CODA_MAX = 0.12, 0.10
_PEAK = 0.5


@dataclass(frozen=True, slots=True)
class VoiceColour:
    """A source voice and what is done to it."""

    espeak: str
    formant_shift: float


# Some variants (f2, f3, f5) sound otherwise from second to second, and some carry an echo; this one does neither.
_FEMALE = VoiceColour("en-us+Annie", 1.06)
_MALE = VoiceColour("en-us", 1.0)
#: Above this median pitch an unasked voice is a woman's.
_FEMALE_ABOVE = 57.0


class Singer:
    """Sings vocal parts where the voice extra is installed."""

    def can_sing(self, composition: UnifiedComposition) -> bool:
        """Whether there are words set to music, in a language of this singer, and the voice extra."""
        lyrics = composition.lyrics
        set_to_music = lyrics is not None and any(line.syllables for line in lyrics.lines)
        return set_to_music and lyrics is not None and lyrics.language.startswith("en") and voice_installed()

    def render(self, composition: UnifiedComposition, part: Part, frames: int) -> Stereo:
        """Return `frames` frames of the sung `part`, the same for the same composition.

        Raises `VoiceUnavailableError` when the voice extra is missing.
        """
        lines = [line for line in (composition.lyrics.lines if composition.lyrics else ()) if line.syllables]
        colour = _colour(composition, part)
        out = np.zeros(frames, dtype=np.float64)
        with ThreadPoolExecutor(2) as pool:
            for start, sound in pool.map(lambda line: _sing_line(composition, part, line, colour), lines):
                first = round(start * SAMPLE_RATE)
                skip = max(0, -first)
                length = min(sound.size - skip, frames - max(first, 0))
                if length > 0:
                    out[max(first, 0) : max(first, 0) + length] += sound[skip : skip + length]
        mono = (out * (_PEAK / max(float(np.abs(out).max(initial=0.0)), 1e-9))).astype(np.float32)
        return np.stack([mono, mono], axis=1)


def _colour(composition: UnifiedComposition, part: Part) -> VoiceColour:
    wished = composition.context.voice
    if wished in ("female", "male"):
        return _FEMALE if wished == "female" else _MALE
    median = float(np.median([note.pitch for note in part.notes])) if part.notes else 60.0
    return _FEMALE if median >= _FEMALE_ABOVE else _MALE


def _sing_line(
    composition: UnifiedComposition, part: Part, line: LyricLine, colour: VoiceColour
) -> tuple[float, NDArray[np.float64]]:
    """Return when a line's sound begins (seconds) and its samples at `SAMPLE_RATE`."""
    seconds = composition.tempo.seconds
    first, last = line.syllables[0], line.syllables[-1]
    origin = seconds(first.start) - _LEAD_IN
    end = seconds(last.start + last.duration) - origin
    speech = speak(line.text, colour.espeak)
    spoken = spoken_syllables(speech.phonemes, _counts(line))
    if not spoken:
        return origin, np.zeros(1)
    starts = [seconds(syllable.start) - origin for syllable in line.syllables]
    ends = [seconds(syllable.start + syllable.duration) - origin for syllable in line.syllables]
    timings = _timings(spoken, starts, ends)
    pitches = _pitches(part.notes, line, composition, origin)
    f0 = f0_contour(pitches, int((end + _TAIL) / PERIOD) + 1, PERIOD)
    sound = sing(speech, timings, f0, formant_shift=colour.formant_shift)
    loud = np.abs(sound) > 1e-6
    level = float(np.sqrt(np.mean(sound[loud] ** 2))) if loud.any() else 1.0
    return origin, sound / level * 0.1


def _counts(line: LyricLine) -> list[int]:
    """How many syllables each word of the line is sung on."""
    counts, open_ = [], 0
    for syllable in line.syllables:
        open_ += 1
        if syllable.ends_word:
            counts.append(open_)
            open_ = 0
    return [*counts, open_] if open_ else counts


def _timings(spoken: Sequence[SpokenSyllable], starts: Sequence[float], ends: Sequence[float]) -> list[Timing]:
    """Vowels begin on the notes, consonants come before them, endings fall inside the note."""
    knots: list[Timing] = []
    for index, (syllable, start, end) in enumerate(zip(spoken, starts, ends, strict=False)):
        room = start - (knots[-1].sung if knots else 0.0)
        onset = min(syllable.vowel - syllable.start, _ONSET_MAX, 0.55 * room)
        following = index + 1 < len(spoken) and index + 1 < len(starts)
        ahead = min(spoken[index + 1].vowel - spoken[index + 1].start, _ONSET_MAX) if following else 0.0
        joined = following and starts[index + 1] - end < 0.05
        stop = (starts[index + 1] - ahead) if joined else end
        stop = max(stop, start + 0.4 * (end - start))
        coda = min(syllable.end - syllable.coda, _CODA_MAX, 0.4 * (stop - start))
        hold = start + 0.75 * (stop - coda - start)
        middle = syllable.vowel + 0.5 * (syllable.coda - syllable.vowel)
        for knot in (
            Timing(start - onset, syllable.start),
            Timing(start, syllable.vowel),
            Timing(hold, middle),
            Timing(stop - coda, syllable.coda),
            Timing(stop, syllable.end),
        ):
            if not knots or knot.sung > knots[-1].sung + 1e-4:
                knots.append(knot)
    return knots


def _pitches(notes: Sequence[Note], line: LyricLine, composition: UnifiedComposition, origin: float) -> list[SungPitch]:
    first = line.syllables[0].start
    last = line.syllables[-1].start + line.syllables[-1].duration
    seconds = composition.tempo.seconds
    sung = [note for note in notes if first <= note.start < last]
    found = [
        SungPitch(seconds(note.start) - origin, seconds(note.start + note.duration) - origin, note.pitch)
        for note in sung
    ]
    return found or [SungPitch(0.0, seconds(last) - origin, 60)]
