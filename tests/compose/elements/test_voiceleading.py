from __future__ import annotations

from itertools import product

import pytest

from text2song.compose.elements.voiceleading import chord_tones, voiced
from text2song.domain.theory import QUALITIES, Chord


def test_a_crowded_chord_keeps_third_seventh_and_colour() -> None:
    assert set(chord_tones(Chord(0, "9"), 3)) == {4, 10, 2}


def test_a_triad_of_four_voices_doubles_the_root() -> None:
    assert sorted(chord_tones(Chord(0), 4)) == [0, 0, 4, 7]


@pytest.mark.parametrize("quality", sorted(QUALITIES))
@pytest.mark.parametrize("count", [2, 3, 4])
def test_every_chord_fits_its_register(quality: str, count: int) -> None:
    for root, wide in product(range(12), (False, True)):
        pitches = voiced(Chord(root, quality), count, 55, 77, wide=wide)
        assert list(pitches) == sorted(pitches)
        assert len(set(pitches)) == len(pitches)
        assert all(55 <= pitch <= 77 for pitch in pitches)
        assert {pitch % 12 for pitch in pitches} <= set(Chord(root, quality).pitch_classes)


def test_common_tones_stay_and_the_others_step() -> None:
    before = voiced(Chord(0), 3, 48, 68)
    after = voiced(Chord(9, "m"), 3, 48, 68, before)
    moves = [abs(here - there) for here, there in zip(before, after, strict=True)]
    assert sorted(moves) == [0, 0, 2]


def test_any_triad_follows_any_other_within_easy_moves() -> None:
    moves = []
    for first, second in product(range(12), repeat=2):
        before = voiced(Chord(first), 3, 48, 68)
        after = voiced(Chord(second), 3, 48, 68, before)
        moves.append(max(abs(here - there) for here, there in zip(before, after, strict=True)))
    assert sum(move <= 3 for move in moves) / len(moves) > 0.85
    assert max(moves) <= 6


def test_a_register_too_narrow_keeps_what_fits() -> None:
    pitches = voiced(Chord(0, "maj9"), 4, 60, 65)
    assert pitches
    assert all(60 <= pitch <= 65 for pitch in pitches)


def test_outer_voices_seldom_move_in_parallel_fifths() -> None:
    parallel = changes = 0
    for roots in ((0, 2, 5, 7), (0, 9, 5, 7), (9, 5, 0, 7), (2, 7, 0, 5), (0, 4, 5, 5)):
        for quality in ("", "m", "7"):
            shape: tuple[int, ...] = ()
            for root in roots * 3:
                after = voiced(Chord(root, quality), 4, 52, 76, shape)
                if shape and after != shape:
                    changes += 1
                    low, high = after[0] - shape[0], after[-1] - shape[-1]
                    spans = ((shape[-1] - shape[0]) % 12, (after[-1] - after[0]) % 12)
                    parallel += low * high > 0 and spans == (7, 7)
                shape = after
    assert parallel / changes <= 0.03
