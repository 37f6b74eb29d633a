"""A singer: the vocal parts of a composition as sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.voice.colours import Delivery, VoiceColour, colour, delivery
from text2song.audio.voice.line import SungLine
from text2song.audio.voice.parametric import OwnVoice
from text2song.audio.voice.phrasing import Placed, lines_of_vowels, lines_with_words
from text2song.audio.voice.speech import VoiceUnavailableError
from text2song.audio.voice.spoken import speaking_programs
from text2song.domain.composition import UnifiedComposition
from text2song.domain.score import Part
from text2song.domain.voices import Singing, VocalPlan

#: The language that the sounds of `phonemes.toml` are those of.
LANGUAGE = "en"
_PEAK = 0.5
_THREADS = 2
#: Above this median pitch an unasked voice is a woman's.
_FEMALE_ABOVE = 57.0
_VOWEL = "UW1"


class SourceVoice(Protocol):
    """Something that can sing a line."""

    @property
    def name(self) -> str:
        """What it is, with its version."""

    @property
    def installed(self) -> Callable[[], bool]:
        """Says whether it is there."""

    def can_sing(self, line: SungLine) -> bool:
        """Whether it is installed and the line has what it needs."""

    def sing(self, line: SungLine, colour: VoiceColour, delivery: Delivery, cents: float) -> NDArray[np.float64]:
        """Return mono samples from the line's origin, the same for the same arguments; called from several threads."""


def installed_sources() -> tuple[SourceVoice, ...]:
    """Return every source voice this studio knows, the best understood first (`benchmarks/singing.py`)."""
    return OwnVoice(), *speaking_programs()


class Singer:
    """Sings vocal parts with the first of its source voices that can."""

    def __init__(self, sources: Sequence[SourceVoice] | None = None) -> None:
        self._sources = tuple(sources) if sources is not None else installed_sources()

    def can_sing(self, composition: UnifiedComposition) -> bool:
        """Whether there are words set to music, in a language of this singer, and a voice for every line."""
        lyrics = composition.lyrics
        if lyrics is None or not lyrics.language.startswith(LANGUAGE):
            return False
        parts = {plan.part for plan in composition.vocals if plan.singing is Singing.LEAD}
        leads = [part for part in composition.parts if part.name in parts or part.name == "vocal"]
        lines = [placed.line for part in leads for placed in lines_with_words(composition, part, 0.0)]
        return bool(lines) and all(self._source(line) is not None for line in lines)

    def render(self, composition: UnifiedComposition, part: Part, frames: int) -> Stereo:
        """Return `frames` frames of the sung `part`, the same for the same composition.

        Raises `VoiceUnavailableError` when no source voice can sing it.
        """
        plan = plan_of(composition, part)
        manner = delivery(plan.delivery)
        if plan.singing is Singing.VOWELS:
            placed = lines_of_vowels(composition, part, _VOWEL, manner.late)
        else:
            placed = lines_with_words(composition, part, manner.late)
        # Ten minutes are long: single precision, and one channel until the end.
        out = np.zeros(frames, np.float32)
        with ThreadPoolExecutor(_THREADS) as pool:
            for first, sound in pool.map(lambda one: self._sing(one, plan), placed):
                _add(out, sound, first)
        out *= np.float32(_PEAK / max(float(out.max(initial=0.0)), -float(out.min(initial=0.0)), 1e-9))
        return np.stack([out, out], axis=1)

    def _sing(self, placed: Placed, plan: VocalPlan) -> tuple[int, NDArray[np.float64]]:
        source = self._source(placed.line)
        if source is None:
            raise VoiceUnavailableError(f"no voice is installed that can sing “{placed.line.text}”")
        sound = source.sing(placed.line, colour(plan.voice), delivery(plan.delivery), plan.cents)
        return round(placed.origin * SAMPLE_RATE), sound

    def _source(self, line: SungLine) -> SourceVoice | None:
        return next((source for source in self._sources if source.can_sing(line)), None)


def plan_of(composition: UnifiedComposition, part: Part) -> VocalPlan:
    """Return who sings a part: as planned, else the wished kind of voice, else the kind its pitches suit."""
    for plan in composition.vocals:
        if plan.part == part.name:
            return plan
    wished = composition.context.voice
    median = float(np.median([note.pitch for note in part.notes])) if part.notes else 60.0
    female = wished == "female" or (wished != "male" and median >= _FEMALE_ABOVE)
    return VocalPlan(part.name, "choir" if wished == "choir" else "alto" if female else "baritone", "pop")


def _add(out: NDArray[np.float32], sound: NDArray[np.float64], first: int) -> None:
    skip = max(0, -first)
    first = max(first, 0)
    length = min(sound.size - skip, out.size - first)
    if length > 0:
        out[first : first + length] += sound[skip : skip + length].astype(np.float32)
