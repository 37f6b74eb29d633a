"""The patterns of denials.toml."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.cues import cues, words_of


@pytest.mark.parametrize(
    ("name", "line", "cue"),
    [
        ("flat", "no more drums", "no more"),
        ("flat", "i", None),
        ("flat", "don't want any", "don't want"),
        ("flat", "notes", None),
        ("mild", "not happy", "not"),
        ("lists", "avoid : drums", "avoid :"),
        ("undo", "no shortage of drums", "no shortage of"),
        ("behind", "need not apply", "need not apply"),
        ("moment_after", "until the end", "until"),
    ],
)
def test_the_longest_cue_ends_with_a_word(name: str, line: str, cue: str | None) -> None:
    match = getattr(cues(), name).match(line)
    assert (match and match.group()) == cue


def test_closed_sets_are_sets() -> None:
    assert "too" in words_of("undo", "degrees")
