from dataclasses import replace
from itertools import pairwise

import pytest
from tests.compose.elements.test_vocals import sung_song

from text2song.compose.elements.harmonies import Second, harmonised
from text2song.compose.elements.line import chord_tones
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note

PROMPTS = (
    "pop song with female vocals",
    "soul ballad with male vocals",
    "folk song with vocals",
    "rock song with vocals",
)


def _tune(song: UnifiedComposition) -> tuple[Note, ...]:
    return song.part("vocal").notes


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("steps", [2, -2, 5, -5])
def test_seconds_are_consonant_in_range_and_on_the_words(prompt: str, steps: int) -> None:
    song = sung_song(prompt)
    lead = _tune(song)
    found = harmonised(lead, Second(steps, 45, 84), song)
    assert [(note.start, note.duration) for note in found] == [(note.start, note.duration) for note in lead]
    apart = [(there.pitch - here.pitch) for here, there in zip(lead, found, strict=True)]
    assert all((interval > 0) == (steps > 0) for interval in apart)
    sweet = sum(abs(interval) % 12 in (3, 4, 8, 9) for interval in apart)
    harsh = sum(abs(interval) % 12 in (1, 2, 6, 10, 11) for interval in apart)
    assert sweet / len(apart) > 0.7
    assert harsh / len(apart) < 0.03
    assert all(45 <= note.pitch <= 84 for note in found)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_no_fifths_or_octaves_in_parallel(prompt: str) -> None:
    song = sung_song(prompt)
    lead = _tune(song)
    found = harmonised(lead, Second(2, 45, 84), song)
    parallel = moves = 0
    for (a, b), (c, d) in pairwise(zip(lead, found, strict=True)):
        if a.pitch != c.pitch and c.start - a.start < 2:
            moves += 1
            parallel += (b.pitch - a.pitch) % 12 == (d.pitch - c.pitch) % 12 and (d.pitch - c.pitch) % 12 in (0, 7)
    assert parallel / moves < 0.02


def test_long_notes_fit_the_chord() -> None:
    song = sung_song(PROMPTS[0])
    found = harmonised(_tune(song), Second(2, 45, 84), song)
    fitting = [
        note.pitch % 12 in chord_tones(span.chord)
        for note in found
        for span in song.harmony
        if span.start <= note.start < span.end and note.duration >= 1
    ]
    assert sum(fitting) / len(fitting) > 0.7


def test_a_third_voice_keeps_clear_of_the_second() -> None:
    song = sung_song(PROMPTS[0])
    lead = _tune(song)
    second = harmonised(lead, Second(2, 45, 84), song)
    third = harmonised(lead, Second(5, 45, 86), song, (lead, second))
    close = sum(abs(b.pitch - c.pitch) <= 2 for b, c in zip(second, third, strict=True))
    assert close / len(lead) < 0.03


def test_without_chords_it_keeps_to_the_scale() -> None:
    song = replace(sung_song(PROMPTS[0]), harmony=())
    lead = [Note(Fraction(index), 67 + step, Fraction(1), 80) for index, step in enumerate((0, 2, 4, 5))]
    for note in harmonised(lead, Second(2, 45, 84), song):
        assert note.pitch % 12 in song.key_at(note.start).scale
