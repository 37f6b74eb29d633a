from dataclasses import replace

import pytest
from tests.contexts import plain_context

from text2song.domain.composition import KeyChange, Section, SectionKind, UnifiedComposition
from text2song.domain.context import Genre
from text2song.domain.rational import Fraction
from text2song.domain.score import Part, Role, TempoMap
from text2song.domain.theory import Key, TimeSignature


def _composition() -> UnifiedComposition:
    context = plain_context(
        genres=(Genre("house", ("electronic",), 0.3, "house"), Genre("pop", (), 0.7, "pop")),
        key=Key(0),
        time_signature=TimeSignature(3, 4),
        duration_seconds=18.0,
    )
    sections = (Section("verse.1", SectionKind.VERSE, 0, 8, 0.4), Section("chorus.1", SectionKind.CHORUS, 8, 4, 0.9))
    parts = (Part("bass", Role.BASS, "finger_bass"),)
    return UnifiedComposition(context, TimeSignature(3, 4), TempoMap.constant(Fraction(120)), sections, parts=parts)


def test_lengths_follow_from_bars_metre_and_tempo() -> None:
    song = _composition()
    assert (song.bars, song.length, song.seconds) == (12, Fraction(36), 18.0)
    assert song.section_start(song.sections[1]) == 24
    assert song.sections[1].end_bar == 12


def test_the_heaviest_genre_gives_the_style() -> None:
    assert _composition().context.style == "pop"


def test_parts_are_found_by_name() -> None:
    assert _composition().part("bass").instrument == "finger_bass"
    with pytest.raises(KeyError):
        _composition().part("tuba")


def test_the_key_of_a_moment_is_the_last_one_begun() -> None:
    song = replace(_composition(), keys=(KeyChange(Fraction(24), Key(2)), KeyChange(Fraction(30), Key(0))))
    assert [song.key_at(Fraction(place)).tonic for place in (0, 23, 24, 29, 30, 90)] == [0, 0, 2, 2, 0, 0]
