from dataclasses import replace

import pytest
from tests.evaluation.sounds import RATE, composition

from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import Reading, Source, Vocals
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.rational import Fraction
from text2song.evaluation.words import asked_lines, line_spans, lyrics_finding, vocals_finding

SHEET = "[Verse 1]\nMorning comes\nEvening goes\n\n[Chorus]\nCarry me home\n"
#: RMS of the mix.
MIX = 0.2


def _song(*lines: str, sheet: str | None = SHEET, vocals: Vocals = Vocals.SUNG) -> UnifiedComposition:
    written = tuple(
        LyricLine(text, "verse.1", (Syllable("la", True, True, Fraction(4 * number), Fraction(4)),))
        for number, text in enumerate(lines)
    )
    sources = {"vocals": Reading(Source.USER)}
    song = composition(lyrics=sheet, vocals=vocals, sources=sources)
    return replace(song, lyrics=Lyrics(written))


def _levels(lines: int, *silent: int) -> tuple[tuple[float, float], ...]:
    return tuple((0.0 if number in silent else 0.1, MIX) for number in range(lines))


def test_a_line_is_from_its_first_syllable_to_the_end_of_its_last() -> None:
    assert line_spans(_song("Morning comes", "Evening goes"), RATE) == ((0, 2 * RATE), (2 * RATE, 4 * RATE))
    assert line_spans(replace(_song(), lyrics=None), RATE) == ()


def test_tags_and_empty_lines_are_no_words() -> None:
    assert asked_lines("(Chorus)\nA (very) good day\n[Verse 2]\n\n---\nVerse 1:\nversed in love") == (
        "A (very) good day",
        "versed in love",
    )


def test_all_lines_in_order_with_a_chorus_that_returns() -> None:
    song = _song("Morning comes", "Evening goes,", "Carry me home", "Morning comes", "carry me home!")
    finding = lyrics_finding(song, _levels(5))
    assert finding.reason == ""
    assert finding.asked == {"lines": 3}
    assert finding.measured == {"lines": 5, "audible": 5, "unsung": 0, "unsung_lines": [], "in_order": True}


def test_what_is_not_sung_is_said_and_no_fault() -> None:
    finding = lyrics_finding(_song("Morning comes"), _levels(1))
    assert finding.measured["unsung_lines"] == ["Evening goes", "Carry me home"]
    assert finding.reason == ""


@pytest.mark.parametrize(
    ("lines", "levels", "reason"),
    [
        (("Evening goes", "Morning comes"), _levels(2), "order"),
        ((), (), "none of the words"),
        (("Morning comes", "Evening goes"), _levels(2, 1), "1 of 2 sung lines cannot be heard"),
        (("Morning comes",), None, "1 of 1 sung lines cannot be heard"),
    ],
)
def test_faults(lines: tuple[str, ...], levels: tuple[tuple[float, float], ...] | None, reason: str) -> None:
    assert reason in lyrics_finding(_song(*lines), levels).reason


def test_a_voice_far_under_the_mix_is_not_heard() -> None:
    song = _song("Morning comes")
    assert lyrics_finding(song, ((MIX * 10 ** (-23 / 20), MIX),)).measured["audible"] == 1
    assert lyrics_finding(song, ((MIX * 10 ** (-25 / 20), MIX),)).measured["audible"] == 0


def test_a_singer_where_none_was_wished_and_none_where_one_was() -> None:
    assert "instrumental" in vocals_finding(_song(vocals=Vocals.INSTRUMENTAL), ["vocal"], ["vocal"]).reason
    assert "no voice" in vocals_finding(_song("Morning comes"), ["vocal"], []).reason
    assert vocals_finding(_song("Morning comes"), ["vocal"], ["vocal"]).reason == ""
    assert vocals_finding(_song(vocals=Vocals.INSTRUMENTAL), [], []).reason == ""
