"""Phrases found in a prompt, and denials."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import matches, used_by
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.words import Words
from text2song.domain.request import CompositionRequest


def denied(prompt: str) -> set[str]:
    return {match.words for match in matches(Words.of(prompt), lexicon()) if match.denied}


def asked(prompt: str) -> set[str]:
    return {match.words for match in matches(Words.of(prompt), lexicon()) if not match.denied}


@pytest.mark.parametrize(
    ("prompt", "gone", "kept"),
    [
        ("no drums", {"drums"}, set()),
        ("without guitar and piano", {"guitar", "piano"}, set()),
        ("no drums, bass or guitar", {"drums", "bass", "guitar"}, set()),
        ("no drums, piano and strings", {"drums"}, {"piano", "strings"}),
        ("no drums and soft piano", {"drums"}, {"soft piano"}),
        ("drumless with piano", {"drumless"}, {"piano"}),
        ("drum-free techno", {"drum"}, {"techno"}),
        ("not happy but dark", {"happy"}, {"dark"}),
        ("not too fast", {"fast"}, set()),
        ("piano instead of guitar", {"guitar"}, {"piano"}),
        ("not just piano", set(), {"piano"}),
        ("don't use any synths; use strings", {"synths"}, {"strings"}),
        ("fretless bass and timeless strings", set(), {"fretless bass", "strings"}),
        ("w/o drums", {"drums"}, set()),
        ("house without the cheesy vocal chops", {"cheesy", "vocal chops"}, {"house"}),
        ("zero crashing cymbals, piano", {"cymbals"}, {"piano"}),
        ("no, just piano", set(), {"piano"}),
    ],
)
def test_what_is_denied_and_what_is_not(prompt: str, gone: set[str], kept: set[str]) -> None:
    assert denied(prompt) == gone
    assert kept <= asked(prompt)


def test_the_longest_phrase_wins() -> None:
    found = matches(Words.of("liquid drum and bass with bass guitar"), lexicon())
    assert [name for name, _ in used_by(found, Kind.GENRE)] == ["liquid drum and bass"]
    assert [name for name, _ in used_by(found, Kind.INSTRUMENT)] == ["finger_bass"]


def test_a_comparison_is_no_wish() -> None:
    (match,) = (m for m in matches(Words.of("slower than house"), lexicon()) if m.names(Kind.GENRE))
    assert match.compared


@pytest.mark.parametrize("written", ["synthwave", "Synth Wave", "synth-wave", "SYNTHWAVE"])
def test_spacing_and_case_do_not_matter(written: str) -> None:
    assert [name for name, _ in used_by(matches(Words.of(written), lexicon()), Kind.GENRE)] == ["synthwave"]


@pytest.mark.parametrize(
    ("prompt", "id_"),
    [("flute of bamboo", "bamboo_flute"), ("bowls of Tibet", "singing_bowls"), ("box of music", "music_box")],
)
def test_what_other_languages_put_behind_is_turned_round(prompt: str, id_: str) -> None:
    assert read_prompt(CompositionRequest(prompt)).instruments == (id_,)


def test_of_two_phrases_that_share_a_word_the_last_noun_counts() -> None:
    assert "synth_bass" in read_prompt(CompositionRequest("techno with analog synth bass")).instruments
    assert "analog synth" in asked("techno with analog synth and bass")


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("epic trailer, no dubstep wobbles", "epic orchestral"),
        ("pop, no rock drums", "pop"),
        ("rock, no jazz piano", "rock"),
    ],
)
def test_what_colours_a_denied_sound_is_not_asked_for(prompt: str, genre: str) -> None:
    context = read_prompt(CompositionRequest(prompt))
    assert [each.name for each in context.genres] == [genre]
    assert context.without
