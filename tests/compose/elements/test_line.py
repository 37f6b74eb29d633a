"""Tests of finding a melodic line."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from text2song.compose.elements import line
from text2song.compose.elements.line import Ladder, Place, chord_tones, find_line, nearest_step, reach_peak, step_pitch
from text2song.compose.elements.theme import Ending
from text2song.domain.theory import Chord, Key

C = Key.parse("C major")
A_MINOR = Key.parse("A minor")
LADDER = Ladder(C, 33, 44, (35, 43))


def place(target: int, chord: Chord | None = None, **changes: object) -> Place:
    values: dict[str, object] = {
        "chord": chord or Chord(0),
        "target": target,
        "strength": 0,
        "long": False,
        "joined": True,
    }
    return Place(**{**values, **changes})  # type: ignore[arg-type]  # keyword values are checked by the calls below


def test_steps_and_pitches_agree() -> None:
    for pitch in (48, 60, 62, 71):
        assert step_pitch(C, Chord(0), nearest_step(C, pitch)) == pitch


@pytest.mark.parametrize(
    ("key", "chord", "pitch", "altered"),
    [
        (A_MINOR, Chord(4, "7"), 67, 68),  # the leading tone over the major dominant
        (C, Chord(5, "m"), 69, 68),  # the minor subdominant's third
        (C, Chord(10), 71, 70),  # the root of bVII
        (C, Chord(2, "7"), 65, 66),  # the third of the dominant's dominant
        (C, Chord(4), 67, 68),  # III
        (C, Chord(7), 71, 71),
    ],
)
def test_chords_alter_the_scale(key: Key, chord: Chord, pitch: int, altered: int) -> None:
    assert step_pitch(key, chord, nearest_step(key, pitch)) == altered


def test_bare_fifths_allow_either_third() -> None:
    assert chord_tones(Chord(9, "5")) == {9, 0, 1, 4}


def test_an_outline_of_chord_tones_is_sung_as_written() -> None:
    targets = [35, 37, 39, 37, 35]
    assert find_line([place(target) for target in targets], LADDER) == tuple(targets)


def test_a_strong_long_note_moves_to_the_chord() -> None:
    steps = find_line([place(35), place(38, strength=3, long=True), place(37)], LADDER)
    assert step_pitch(C, Chord(0), steps[1]) % 12 in {0, 4, 7}


def test_an_answer_comes_home_and_a_song_ends_on_its_tonic() -> None:
    answer = find_line([place(37), place(38, ending=Ending.ANSWER)], LADDER)
    assert answer[-1] % 7 in {0, 2, 4}
    end = find_line([place(37), place(38, ending=Ending.SONG)], LADDER)
    assert end[-1] % 7 == 0


def test_a_reference_outweighs_the_outline() -> None:
    steps = find_line([place(35), place(39, reference=37), place(35)], LADDER)
    assert steps[1] == 37


def test_a_ceiling_keeps_the_top_free() -> None:
    steps = find_line([place(35), place(42, ceiling=41), place(39)], LADDER)
    assert max(steps) < 41


def test_a_peak_takes_a_chord_tone_and_stands_alone() -> None:
    places = [place(35), place(41, peak=True, strength=2), place(41), place(40)]
    steps = find_line(reach_peak(places, LADDER), LADDER)
    assert step_pitch(C, Chord(0), steps[1]) % 12 in {0, 4, 7}
    assert steps.count(max(steps)) == 1
    assert reach_peak([place(35)], LADDER) == (place(35),)


def test_no_and_one_place() -> None:
    assert find_line([], LADDER) == ()
    assert find_line([place(37)], LADDER) == (37,)


def test_the_line_found_is_the_cheapest_of_all() -> None:
    ladder = Ladder(A_MINOR, 35, 41, (35, 40), 0.5)
    chords = [Chord(9, "m"), Chord(9, "m"), Chord(5), Chord(5), Chord(4, "7")]
    places = [
        place(37 + shift, chord, strength=index % 3)
        for index, (shift, chord) in enumerate(zip((0, 3, -2, 2, 1), chords, strict=True))
    ]
    found = find_line(places, ladder)
    cheapest = min(itertools.product(range(35, 42), repeat=5), key=lambda steps: _cost(places, steps, ladder))
    assert _cost(places, found, ladder) == _cost(places, cheapest, ladder)


def _cost(places: list[Place], steps: tuple[int, ...], ladder: Ladder) -> int:
    low = ladder.low
    total = sum(int(line._unary(here, ladder, 0)[step - low]) for here, step in zip(places, steps, strict=True))
    for (before, here), (first, second) in zip(itertools.pairwise(places), itertools.pairwise(steps), strict=True):
        total += int(line._between(before, here, ladder, line.PLAIN_MANNER)[first - low, second - low])
    turns = line._turns(ladder.key, low, ladder.high)
    assert turns.dtype == np.int64
    return total + sum(
        int(turns[a - low, b - low, c - low]) for a, b, c in zip(steps, steps[1:], steps[2:], strict=False)
    )
