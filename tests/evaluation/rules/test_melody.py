"""Rules 6–12: a sound score lies in the band, the same score with the fault does not."""

from dataclasses import replace

import pytest
from tests.evaluation.rules.scores import PHRASE, Row, inside, song, tune, up, view

from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.score import Role
from text2song.evaluation.rules import melody
from text2song.evaluation.rules.songview import SongView

GOOD = [PHRASE] * 4


def _pitches(pitches: list[int]) -> tuple[Row, ...]:
    return tuple((start, length, pitches[index % len(pitches)]) for index, (start, length, _) in enumerate(PHRASE))


#: Every bar another rhythm, every interval another size.
PLACES = ((0, 1, 2), (0, 0.5, 3), (1, 1.5, 2.75), (0.25, 2, 3.5), (0, 0.75, 1.5), (0.5, 1, 3), (0, 2, 2.5), (1, 2, 3))
WANDERING = tuple(
    (bar * 4 + place, 0.25, 60 + ((3 * bar + index) ** 2 * 7 + 3 * bar) % 11)
    for bar, places in enumerate(PLACES)
    for index, place in enumerate(places)
)


def _sung(*phrases: tuple[Row, ...]) -> SongView:
    return view(tune(*phrases, role=Role.VOCAL, name="vocal", instrument="voice_lead"))


@pytest.mark.parametrize(
    ("figure", "fault"),
    [
        ("rhythm_repeats", [WANDERING]),
        ("interval_repeats", [WANDERING]),
        ("strong_chord_tones", [_pitches([66, 61, 68])] * 4),
        ("weak_chord_tones", [_pitches([66, 61, 68])] * 4),
        ("resolutions", [_pitches([61, 66, 61, 68])] * 4),
        ("steps", [_pitches([60, 64, 67, 72])] * 4),
        ("scalar", [_pitches([60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62])] * 4),
        ("leaps", [_pitches([60, 72, 62, 74])] * 4),
        ("recoveries", [_pitches([60, 65, 72, 77, 72, 67, 60])] * 4),
        ("arches", [_pitches([76, 74, 72, 71, 69, 67, 65, 64, 62, 60, 59, 57, 55, 53])] * 4),
    ],
)
def test_rules_6_to_9(figure: str, fault: list[tuple[Row, ...]]) -> None:
    measured = getattr(melody, figure)
    sound = measured(view(tune(*GOOD)))
    # The sound phrase has too few leaps and foreign notes to be judged by them.
    assert sound is None or inside(f"melody.{figure}", sound)
    assert not inside(f"melody.{figure}", measured(view(tune(*fault))))


def test_rule_8_leaps_that_turn_back() -> None:
    turning = _pitches([60, 67, 65, 64, 62])
    assert inside("melody.recoveries", melody.recoveries(view(tune(*[turning] * 4))))


def test_rule_7_foreign_notes_that_resolve() -> None:
    resolving = _pitches([66, 67, 68, 67])
    assert inside("melody.resolutions", melody.resolutions(view(tune(*[resolving] * 4))))


def test_rule_7_an_anticipation_belongs_to_the_chord_it_holds_into() -> None:
    early: tuple[Row, ...] = tuple((bar * 4 + 3.5, 2.0, pitch) for bar, pitch in enumerate((69, 67, 64, 64)))
    late: tuple[Row, ...] = tuple((bar * 4 + 3.5, 0.25, pitch) for bar, pitch in enumerate((69, 62, 60, 65)))
    held = melody.weak_chord_tones(view(tune(*[early] * 4)))
    cut = melody.weak_chord_tones(view(tune(*[late] * 4)))
    assert held is not None
    assert held > 0.9
    assert not inside("melody.weak_chord_tones", cut)


def test_rule_10_a_line_of_two_octaves() -> None:
    assert inside("melody.compass", melody.compass(_sung(*GOOD)))
    assert not inside("melody.compass", melody.compass(_sung(*GOOD[:3], up(PHRASE, 12))))
    assert melody.compass(view(tune(*GOOD))) is None


def test_rule_11_a_line_without_a_breath() -> None:
    endless = tuple((float(beat), 1.0, 60 + beat % 5) for beat in range(16))
    assert inside("melody.breath", melody.breath(_sung(*GOOD)))
    assert not inside("melody.breath", melody.breath(_sung(*[endless] * 4)))


def test_rule_12_a_song_without_a_hook() -> None:
    assert inside("melody.hook", melody.hook(view(tune(*GOOD))))
    once = tuple((index * 1.0, 0.5 + index % 3 / 8, 60 + (index * index) % 11) for index in range(16))
    assert not inside("melody.hook", melody.hook(view(tune(once))))


def test_rule_12_a_title_that_is_not_sung() -> None:
    def titled(title: str, source: str) -> float | None:
        syllable = Syllable("x", True, True, PHRASE_START, PHRASE_START)
        words = Lyrics((LyricLine("Oh, night drive!", "chorus.1", (syllable,)),), source=source)
        made = song(lyrics=words)
        return melody.title(SongView(replace(made, context=replace(made.context, title=title))))

    assert titled("Night Drive", "writer") == 1.0
    assert not inside("melody.title", titled("Morning", "writer"))
    assert titled("Morning", "user") is None


PHRASE_START = song().length


def test_nothing_to_measure() -> None:
    silent = view()
    assert melody.rhythm_repeats(silent) is None
    assert melody.steps(silent) is None
    assert melody.arches(silent) is None
    assert melody.hook(silent) is None
