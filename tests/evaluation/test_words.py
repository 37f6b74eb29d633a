from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.evaluation.sounds import RATE, composition

from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import Reading, Source, Vocals
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.rational import Fraction
from text2song.evaluation.words import asked_lines, lyrics_finding, vocals_finding

SHEET = "[Verse 1]\nMorning comes\nEvening goes\n\n[Chorus]\nCarry me home\n"
MIX = np.full((24 * RATE, 2), 0.2, np.float32)


def _song(*lines: str, sheet: str | None = SHEET, vocals: Vocals = Vocals.SUNG) -> UnifiedComposition:
    written = tuple(
        LyricLine(text, "verse.1", (Syllable("la", True, True, Fraction(4 * number), Fraction(4)),))
        for number, text in enumerate(lines)
    )
    sources = {"vocals": Reading(Source.USER)}
    song = composition(lyrics=sheet, vocals=vocals, sources=sources)
    return replace(song, lyrics=Lyrics(written))


def _voice(*silent: int) -> NDArray[np.float32]:
    voice = np.full_like(MIX, 0.1)
    for number in silent:
        voice[2 * number * RATE : 2 * (number + 1) * RATE] = 0
    return voice


def test_tags_and_empty_lines_are_no_words() -> None:
    assert asked_lines("(Chorus)\nA (very) good day\n[Verse 2]\n\n---\nVerse 1:\nversed in love") == (
        "A (very) good day",
        "versed in love",
    )


def test_all_lines_in_order_with_a_chorus_that_returns() -> None:
    song = _song("Morning comes", "Evening goes,", "Carry me home", "Morning comes", "carry me home!")
    finding = lyrics_finding(song, _voice(), MIX, RATE)
    assert finding.reason == ""
    assert finding.asked == {"lines": 3}
    assert finding.measured == {"lines": 5, "audible": 5, "unsung": 0, "unsung_lines": [], "in_order": True}


def test_what_is_not_sung_is_said_and_no_fault() -> None:
    finding = lyrics_finding(_song("Morning comes"), _voice(), MIX, RATE)
    assert finding.measured["unsung_lines"] == ["Evening goes", "Carry me home"]
    assert finding.reason == ""


@pytest.mark.parametrize(
    ("lines", "voice", "reason"),
    [
        (("Evening goes", "Morning comes"), _voice(), "order"),
        ((), _voice(), "none of the words"),
        (("Morning comes", "Evening goes"), _voice(1), "1 of 2 sung lines cannot be heard"),
        (("Morning comes",), None, "1 of 1 sung lines cannot be heard"),
    ],
)
def test_faults(lines: tuple[str, ...], voice: NDArray[np.float32] | None, reason: str) -> None:
    assert reason in lyrics_finding(_song(*lines), voice, MIX, RATE).reason


def test_a_singer_where_none_was_wished_and_none_where_one_was() -> None:
    assert "instrumental" in vocals_finding(_song(vocals=Vocals.INSTRUMENTAL), ["vocal"], ["vocal"]).reason
    assert "no voice" in vocals_finding(_song("Morning comes"), ["vocal"], []).reason
    assert vocals_finding(_song("Morning comes"), ["vocal"], ["vocal"]).reason == ""
    assert vocals_finding(_song(vocals=Vocals.INSTRUMENTAL), [], []).reason == ""
