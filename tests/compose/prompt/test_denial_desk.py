"""What surrounds a denial: negations before it, moments of the song, what may follow a thing."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.denial_desk import Desk, Phrase
from text2song.compose.prompt.lexicon_rows import Entry, Kind
from text2song.compose.prompt.words import Span, Words

DRUMS = Entry(Kind.GENERIC, "drums")


def desk_of(prompt: str, thing: str = "drums") -> Desk:
    words = Words.of(prompt)
    at = [token.text for token in words.tokens].index(thing)
    return Desk(words, [Phrase((DRUMS,), Span(at, at + 1))])


@pytest.mark.parametrize(
    ("prompt", "negated"),
    [
        ("don't skip drums", True),
        ("can't really do without drums", True),
        ("please skip drums", False),
        ("I can't sing, skip drums", False),
    ],
)
def test_a_negation_before_a_word_of_removal(prompt: str, negated: bool) -> None:
    desk = desk_of(prompt)
    assert desk.negated(desk.phrases[0].span.start - 1) is negated


@pytest.mark.parametrize(
    ("prompt", "momentary"),
    [
        ("no drums until the end", True),
        ("no drums in the first verse", True),
        ("no drums for 8 bars", True),
        ("until the chorus no drums", True),
        ("starts quietly with no drums", True),
        ("no drums in the mix", False),
        ("no drums", False),
        ("no drums, piano in the intro", False),
    ],
)
def test_a_moment_of_the_song(prompt: str, momentary: bool) -> None:
    desk = desk_of(prompt)
    span = desk.phrases[0].span
    assert desk.momentary(span.start - 1, span.end) is momentary


def test_what_follows_a_thing_and_says_no_more_of_it() -> None:
    desk = desk_of("no drums at all please, thanks")
    assert desk.words.at(desk.behind(0)) == ","


def test_the_guitar_of_a_guitar_solo_is_no_sound_of_its_own() -> None:
    solo = Phrase((Entry(Kind.SECTION, "solo"), Entry(Kind.GENERIC, "guitar")), Span(0, 2))
    assert not solo.is_sound
    assert Phrase((DRUMS,), Span(0, 1)).alike(Phrase((Entry(Kind.VOCALS, "any"),), Span(2, 3)))
