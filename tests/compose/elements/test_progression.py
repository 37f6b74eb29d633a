"""Tests of progressions."""

from __future__ import annotations

import pytest

from text2song.compose.elements.progression import ended, length, looped, read_progression, timed
from text2song.compose.style import load_style, style_names
from text2song.domain.rational import Fraction
from text2song.domain.theory import MODES, TimeSignature


def texts(progression: str, bars: int) -> list[str]:
    return ["-".join(roman.text for roman in step.romans) for step in looped(read_progression(progression), bars)]


def test_a_loop_is_repeated_and_cut() -> None:
    assert texts("I V vi IV", 6) == ["I", "V", "vi", "IV", "I", "V"]
    assert length(looped(read_progression("i:2 iv:2"), 5)) == 5


def test_an_ending_replaces_the_last_bars() -> None:
    steps = ended(looped(read_progression("I V vi IV"), 4), read_progression("IV-V I"))
    assert [[roman.text for roman in step.romans] for step in steps] == [["I"], ["V"], ["IV", "V"], ["I"]]


@pytest.mark.parametrize(
    ("metre", "spans"),
    [
        ("4/4", (2, 2)),
        ("3/4", (2, 1)),
        ("6/8", (Fraction(3, 2), Fraction(3, 2))),
        ("5/4", (3, 2)),
        ("7/8", (2, Fraction(3, 2))),
    ],
)
def test_a_shared_bar_divides_at_its_beats(metre: str, spans: tuple[Fraction, Fraction]) -> None:
    (step,) = read_progression("ii7-V7")
    assert tuple(span for _, span in timed(step, TimeSignature.parse(metre))) == spans


@pytest.mark.parametrize("style", style_names())
def test_every_progression_of_every_style_can_be_read(style: str) -> None:
    table = load_style(style).table("harmony")
    pools = [pool for mode in (*MODES, "open", "close") for pool in table.get(mode, {}).values()]
    progressions = [text for pool in pools for text, _ in pool]
    assert len(progressions) >= 40
    assert all(length(read_progression(text)) >= 1 for text in progressions)


@pytest.mark.parametrize(
    ("metre", "edge"), [("7/8", 2), ("7/8 (3+2+2)", "3/2"), ("7/8 (2+3+2)", "5/2"), ("5/4 (2+3)", 2), ("5/4", 3)]
)
def test_two_chords_of_an_uneven_bar_change_where_a_group_begins(metre: str, edge: str | int) -> None:
    (step,) = read_progression("I-V")
    signature = TimeSignature.parse(metre)
    assert [span for _, span in timed(step, signature)] == [Fraction(edge), signature.bar - Fraction(edge)]
