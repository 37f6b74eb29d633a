"""Rules 13–15: words that sit well lie in the band, the same words set badly do not."""

from tests.evaluation.rules.scores import inside, part, view

from text2song.domain.composition import SectionKind
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role
from text2song.evaluation.rules import lyrics
from text2song.evaluation.rules.songview import SongView

SECTIONS = ((SectionKind.VERSE, 8), (SectionKind.VERSE, 8))


def _line(
    section: str, at: float, *, stresses: str = "XxXxXxXx", length: float = 0.5, text: str = "words"
) -> LyricLine:
    syllables = tuple(
        Syllable("la", stress == "X", True, Fraction(at + index * length), Fraction(length))
        for index, stress in enumerate(stresses)
    )
    return LyricLine(text, section, syllables)


def _set(*lines: LyricLine, source: str = "writer", notes_each: int = 1) -> SongView:
    written = [
        Note(syllable.start + syllable.duration * number / notes_each, 60 + number, syllable.duration / notes_each, 90)
        for line in lines
        for syllable in line.syllables
        for number in range(notes_each)
    ]
    voice = part("vocal", Role.VOCAL, "voice_lead", written)
    return view(voice, sections=SECTIONS, lyrics=Lyrics(lines, source=source))


def _verses(count: int = 4, **how: object) -> list[LyricLine]:
    return [_line("verse.1", 8.0 * number, **how) for number in range(count)]  # type: ignore[arg-type]


def test_rule_13_stress_off_the_beat() -> None:
    assert inside("lyrics.stress", lyrics.stress(_set(*_verses())))
    assert not inside("lyrics.stress", lyrics.stress(_set(*_verses(stresses="xXxXxXxX"))))


def test_rule_13_a_longer_syllable_is_accented_where_the_metre_is_equal() -> None:
    syllables = tuple(
        Syllable("la", long, True, Fraction(start), Fraction(3 if long else 1))
        for start, long in ((1, True), (5, False), (9, True), (13, False)) * 6
    )
    held = _set(LyricLine("x", "verse.1", syllables))
    assert lyrics.stress(held) == 1.0


def test_rule_13_too_many_melismas() -> None:
    assert inside("lyrics.melismas", lyrics.melismas(_set(*_verses())))
    assert not inside("lyrics.melismas", lyrics.melismas(_set(*_verses(), notes_each=2)))


def test_rule_14_a_second_verse_that_does_not_fit() -> None:
    second = [_line("verse.2", 32 + 8.0 * number) for number in range(4)]
    longer = [_line("verse.2", 32 + 8.0 * number, stresses="XxXxXxXxXxXx") for number in range(4)]
    assert inside("lyrics.matching", lyrics.matching(_set(*_verses(), *second)))
    assert not inside("lyrics.matching", lyrics.matching(_set(*_verses(), *longer)))
    # What a user wrote is sung as it is.
    assert lyrics.matching(_set(*_verses(), *longer, source="user")) is None


def test_rule_15_words_too_fast_or_too_slow_or_stretched() -> None:
    assert inside("lyrics.rate", lyrics.rate(_set(*_verses())))
    assert not inside("lyrics.rate", lyrics.rate(_set(*_verses(length=0.125))))
    slow = _set(*_verses(length=2.0, stresses="XxXx"))
    assert not inside("lyrics.rate", lyrics.rate(slow))
    assert inside("lyrics.unstretched", lyrics.unstretched(_set(*_verses())))
    assert not inside("lyrics.unstretched", lyrics.unstretched(slow))


def test_nothing_to_measure() -> None:
    silent = view()
    figures = (lyrics.stress, lyrics.melismas, lyrics.matching, lyrics.rate, lyrics.unstretched)
    assert [figure(silent) for figure in figures] == [None] * 5


def _in_seven(places: tuple[float, ...]) -> float | None:
    syllables = tuple(
        Syllable("la", index % 2 == 0, True, Fraction(7 * bar, 2) + Fraction(place), Fraction(1, 2))
        for bar in range(16)
        for index, place in enumerate(places)
    )
    line = LyricLine("x", "verse.1", syllables)
    voice = part("vocal", Role.VOCAL, "voice_lead", [Note(one.start, 60, one.duration, 90) for one in syllables])
    return lyrics.stress(view(voice, sections=SECTIONS, metre="7/8", lyrics=Lyrics((line,), source="user")))


def test_rule_13_a_bar_of_seven_turns_at_its_group_of_three() -> None:
    # 2 + 2 + 3: stresses begin the groups, and the bar's turn outweighs the beat before it.
    assert _in_seven((0, 0.5, 1, 1.5, 2, 2.5)) == 1.0
    assert _in_seven((0.5, 1, 1.5, 2)) == 0.0
    assert _in_seven((2, 3)) == 1.0
    assert _in_seven((1, 2)) == 0.0
