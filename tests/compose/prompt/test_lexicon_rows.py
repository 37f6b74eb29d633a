"""Rows of the lexicon."""

from __future__ import annotations

from text2song.compose.prompt.lexicon_rows import GenericRow


def test_a_general_word_means_what_it_means_in_the_style() -> None:
    guitar = GenericRow("guitar", "acoustic_guitar", (("metal", "distorted_guitar"),), (), ("guitar",))
    assert guitar.instruments("metal") == ("distorted_guitar",)
    assert guitar.instruments("folk") == ("acoustic_guitar",)


def test_a_word_can_stand_for_several_or_for_none() -> None:
    assert GenericRow("quartet", "", (), ("violin", "cello"), ()).instruments("pop") == ("violin", "cello")
    assert GenericRow("melody", "", (), (), ("lead",)).instruments("pop") == ()
