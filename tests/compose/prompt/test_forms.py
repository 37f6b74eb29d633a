"""Sections and energy."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import CompositionContext
from text2song.domain.request import CompositionRequest


def read(prompt: str) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt))


@pytest.mark.parametrize(
    ("prompt", "sections"),
    [
        ("verse chorus verse chorus bridge chorus", "verse chorus verse chorus bridge chorus"),
        ("Intro - Verse - Pre-Chorus - Chorus - Outro", "intro verse prechorus chorus outro"),
        ("intro, then a verse, then the drop and an outro", "intro verse drop outro"),
        ("AABA standard", "verse verse bridge verse"),
        ("pop", ""),
        ("a pop song without a bridge", ""),
        ("solo piano", ""),
    ],
)
def test_sections_asked_for(prompt: str, sections: str) -> None:
    assert read(prompt).structure == tuple(sections.split())


@pytest.mark.parametrize("section", ["bridge", "solo", "drop", "breakdown", "build", "interlude", "prechorus"])
def test_one_section_asked_for_is_in_the_form(section: str) -> None:
    assert section in read(f"rock with a {section}").structure


def test_energy_words_draw_a_curve() -> None:
    rising = read("ambient that slowly builds to a climax").energy
    assert list(rising) == sorted(rising)
    assert rising[-1] > rising[0]
    assert read("ambient").energy == ()
