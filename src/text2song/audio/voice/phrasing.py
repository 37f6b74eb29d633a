"""From a composition to lines in seconds: which syllable of which line a vocal part sings when."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from text2song.audio.voice.contour import SungPitch
from text2song.audio.voice.line import SungLine, SungSyllable
from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine, Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, TempoMap

#: Sound before the first vowel (a breath and consonants) and after the last, seconds.
LEAD_IN, TAIL = 0.75, 0.35
#: Notes of a wordless part closer than this (quarter notes) are one phrase.
_PHRASE_GAP = Fraction(1, 4)
#: A phrase without words is no longer than this, seconds: then the singer breathes.
_LONGEST_SECONDS = 7.0
_SHORTEST = 0.06


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and where its origin lies in the song, seconds."""

    origin: float
    line: SungLine


def lines_with_words(composition: UnifiedComposition, part: Part, late: float) -> list[Placed]:
    """Return the lines that `part` has notes for; `late` seconds are added to every onset."""
    found = []
    lyrics = composition.lyrics
    for index, line in enumerate(lyrics.lines if lyrics is not None else ()):
        sung = [(syllable, notes) for syllable in line.syllables if (notes := _notes(part, syllable))]
        if sung:
            found.append(_placed(line, sung, composition.tempo, late, _seed(part.name, index)))
    return found


def lines_of_vowels(composition: UnifiedComposition, part: Part, vowel: str, late: float) -> list[Placed]:
    """Return the phrases of a part without words, each voice of its chords for itself, sung on an ARPAbet vowel."""
    found = []
    for number, voice in enumerate(_voices(part.notes)):
        for index, phrase in enumerate(_phrases(voice, composition.tempo)):
            start, end = phrase[0].start, phrase[-1].start + phrase[-1].duration
            syllable = Syllable("", stressed=True, ends_word=True, start=start, duration=end - start)
            sung = [(syllable, phrase)]
            line = LyricLine("", "", (syllable,))
            seed = _seed(part.name, 1000 * number + index)
            found.append(_placed(line, sung, composition.tempo, late, seed, (vowel,)))
    return found


def _notes(part: Part, syllable: Syllable) -> list[Note]:
    end = syllable.start + syllable.duration
    return [note for note in part.notes if syllable.start <= note.start < end]


def _placed(
    line: LyricLine,
    sung: Sequence[tuple[Syllable, Sequence[Note]]],
    tempo: TempoMap,
    late: float,
    seed: int,
    phonemes: tuple[str, ...] | None = None,
) -> Placed:
    starts = [_onset(notes[0], tempo) + late for _, notes in sung]
    origin = starts[0] - LEAD_IN
    syllables: list[SungSyllable] = []
    for index, ((syllable, notes), start) in enumerate(zip(sung, starts, strict=True)):
        end = start + tempo.seconds(syllable.start + syllable.duration) - tempo.seconds(syllable.start)
        if index + 1 < len(starts):
            end = min(end, starts[index + 1])
        strength = sum(note.velocity for note in notes) / len(notes) / 127.0
        spoken = phonemes if phonemes is not None else syllable.phonemes
        end = max(end, start + _SHORTEST)
        syllables.append(SungSyllable(spoken, start - origin, end - origin, strength, syllable.ends_word))
    notes = [note for _, group in sung for note in group]
    return Placed(
        origin,
        SungLine(line.text, tuple(syllables), _pitches(notes, tempo, late - origin), syllables[-1].end + TAIL, seed),
    )


def _pitches(notes: Sequence[Note], tempo: TempoMap, shift: float) -> tuple[SungPitch, ...]:
    starts = [_onset(note, tempo) + shift for note in notes]
    ends = [
        start + tempo.seconds(note.start + note.duration) - tempo.seconds(note.start)
        for start, note in zip(starts, notes, strict=True)
    ]
    cut = [
        max(min(end, after), start + 0.01)
        for start, end, after in zip(starts, ends, [*starts[1:], ends[-1]], strict=True)
    ]
    return tuple(SungPitch(start, end, note.pitch) for start, end, note in zip(starts, cut, notes, strict=True))


def _onset(note: Note, tempo: TempoMap) -> float:
    return tempo.seconds(note.start) + note.nudge_us / 1_000_000


def _seed(name: str, index: int) -> int:
    return zlib.crc32(f"{name}/{index}".encode())


def _voices(notes: Sequence[Note]) -> list[list[Note]]:
    """Divide chords into voices, the highest first."""
    voices: list[list[Note]] = []
    for _, chord in groupby(sorted(notes, key=lambda note: (note.start, -note.pitch)), key=lambda note: note.start):
        for rank, note in enumerate(chord):
            if rank == len(voices):
                voices.append([])
            voices[rank].append(note)
    return voices


def _phrases(notes: Sequence[Note], tempo: TempoMap) -> list[list[Note]]:
    phrases = [[notes[0]]]
    for before, after in pairwise(notes):
        held = tempo.seconds(after.start + after.duration) - tempo.seconds(phrases[-1][0].start)
        if after.start - before.start - before.duration > _PHRASE_GAP or held > _LONGEST_SECONDS:
            phrases.append([])
        phrases[-1].append(after)
    return phrases
