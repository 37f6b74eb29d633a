"""Rows of the lexicon."""

from __future__ import annotations

from text2song.compose.prompt.lexicon_rows import GenericRow
from text2song.compose.style import load_style


def test_a_general_word_means_what_it_means_in_the_style() -> None:
    guitar = GenericRow("guitar", "acoustic_guitar", (("metal", "distorted_guitar"),), (), ("guitar",))
    assert guitar.instruments(load_style("metal")) == ("distorted_guitar",)
    assert guitar.instruments(load_style("folk")) == ("acoustic_guitar",)


def test_a_word_can_stand_for_several_or_for_none() -> None:
    assert GenericRow("quartet", "", (), ("violin", "cello"), ()).instruments(load_style("pop")) == ("violin", "cello")
    assert GenericRow("melody", "", (), (), ("lead",)).instruments(load_style("pop")) == ()
