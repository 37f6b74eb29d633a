from dataclasses import replace

import pytest
from tests.evaluation.rules.scores import PHRASE, notes, part, song, tune

from text2song.domain.composition import UnifiedComposition
from text2song.domain.score import Part, Role
from text2song.domain.theory import TimeSignature
from text2song.evaluation.character import bar_strengths, genres_finding, metre_finding, mood_finding


def _waltz_drums(beats: int) -> Part:
    rows = [(beat, 0.1, 36 if beat % beats == 0 else 42) for beat in range(60)]
    strong = [note if note.pitch == 42 else replace(note, velocity=127) for note in notes(rows)]
    soft = [replace(note, velocity=40) if note.pitch == 42 else note for note in strong]
    return part("drums", Role.DRUMS, "drum_kit", soft)


def _asked(made: UnifiedComposition, metre: str) -> UnifiedComposition:
    return replace(made, context=replace(made.context, time_signature=TimeSignature.parse(metre)))


@pytest.mark.parametrize(("metre", "beats"), [("4/4", 4), ("3/4", 3), ("5/4", 5)])
def test_the_bar_is_heard_in_the_accents(metre: str, beats: int) -> None:
    made = _asked(song(_waltz_drums(beats), metre=metre), metre)
    strengths = bar_strengths(made)
    assert max(strengths, key=lambda lag: strengths[lag]) % (2 * beats) == 0
    assert metre_finding(made).reason == ""


def test_a_waltz_in_four_is_found_out() -> None:
    made = song(_waltz_drums(3), metre="4/4")
    assert "accents recur every 6 eighths" in metre_finding(_asked(made, "4/4")).reason
    assert "asked was 3/4" in metre_finding(_asked(made, "3/4")).reason


def test_too_little_to_tell_is_no_fault() -> None:
    assert metre_finding(song()).reason == ""


def test_weights_and_styles_are_reported() -> None:
    finding = genres_finding(song(genre="house"))
    assert finding.asked == {"house": 1.0}
    assert finding.measured["styles"] == {"house": 1.0}


def test_mood_figures_follow_the_notes() -> None:
    def told(made: UnifiedComposition):  # type: ignore[no-untyped-def]
        return mood_finding(made, mode="major", bpm=120.0, brightness_hz=900.0).measured

    legato = told(song(tune(*[PHRASE] * 4)))
    short = told(song(tune(*[tuple((start, length / 4, pitch + 12) for start, length, pitch in PHRASE)] * 4)))
    assert legato["articulation"] == 1.0
    assert short["articulation"] == 0.25
    assert short["tune_pitch"] == legato["tune_pitch"] + 12
    assert legato["notes_per_second"] == 1.75
    assert (legato["mode"], legato["bpm"], legato["brightness_hz"]) == ("major", 120.0, 900.0)
