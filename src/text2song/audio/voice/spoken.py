"""Singing by a speaking synthesiser: the line spoken by a program, then re-timed and re-pitched by the vocoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.voice.alignment import SpokenSyllable, spoken_syllables
from text2song.audio.voice.colours import Delivery, VoiceColour
from text2song.audio.voice.contour import f0_contour
from text2song.audio.voice.line import SungLine
from text2song.audio.voice.parametric import pitch_style
from text2song.audio.voice.programs import festival, festival_installed, flite, flite_installed
from text2song.audio.voice.speech import Speech, pitch_tracker_installed, speak, voice_installed
from text2song.audio.voice.vocoder import PERIOD, Timing, sing

_ONSET_MAX, _CODA_MAX = 0.12, 0.10
_LEVEL = 0.1
#: Voices with a shorter tract than this take the higher of a program's voices.
_HIGH = 1.08


@dataclass(frozen=True, slots=True)
class SpokenVoice:
    """A speaking program and the voice it has for each kind of singer."""

    name: str
    installed: Callable[[], bool]
    speak: Callable[[str, str], Speech]
    #: The program's name of a higher and a lower voice; empty takes the colour's own.
    voices: tuple[str, str] = ("", "")
    #: Whether the program says where words end.
    words: bool = True

    def can_sing(self, line: SungLine) -> bool:
        """Whether the program is there and the line has words."""
        return bool(line.text.strip()) and self.installed() and pitch_tracker_installed()

    def sing(self, line: SungLine, colour: VoiceColour, delivery: Delivery, cents: float) -> NDArray[np.float64]:
        """Return mono samples from the line's origin; raises `VoiceUnavailableError`."""
        high, low = self.voices
        speech = self.speak(line.text, (high if colour.size > _HIGH else low) or colour.spoken)
        counts = _counts(line)
        spoken = spoken_syllables(speech.phonemes, counts if self.words else [sum(counts)])
        if not spoken:
            return np.zeros(1)
        starts = [syllable.start for syllable in line.syllables]
        ends = [syllable.end for syllable in line.syllables]
        style = pitch_style(colour, delivery, cents)
        f0 = f0_contour(line.pitches, int(line.seconds / PERIOD) + 1, PERIOD, style, line.seed)
        sound = sing(speech, _timings(spoken, starts, ends), f0, formant_shift=colour.spoken_shift)
        loud = np.abs(sound) > 1e-6
        level = float(np.sqrt(np.mean(sound[loud] ** 2))) if loud.any() else 1.0
        return np.asarray(sound / level * _LEVEL)


def speaking_programs() -> tuple[SpokenVoice, ...]:
    """Return every program that can lend its voice, the best understood in speech first."""
    return (
        SpokenVoice("flite", flite_installed, flite, ("slt", "rms"), words=False),
        SpokenVoice("festival slt HTS", festival_installed, festival, ("slt", "slt"), words=False),
        SpokenVoice("espeak-ng", voice_installed, speak),
    )


def _counts(line: SungLine) -> list[int]:
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
