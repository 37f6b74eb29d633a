"""What a word is, in what is kept and in what is searched."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.storage.terms import Term, indexed, parsed, sort_key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Night Drive", "night drive"),
        ("Äther, ÉTUDE", "ather etude etud"),
        ("Straße", "strasse strass"),
        ("lo-fi", "lo fi lofi"),
        ("R&B", "r b rb"),
        ("drum'n'bass", "drum n bass drumnbass"),
        ("lo - fi", "lo fi"),
        ("夜の雨pop", "夜 の 雨 pop"),
        ("हिन्दी गीत", "हिन्दी गीत"),
        ("🌧️ rain", "u1f327 rain"),
        ("one\0two \ud800 three", "one two three"),
        ("C# 100%", "c u0023 100 u0025"),
        ("--- !? \t", ""),
    ],
)
def test_words_of_a_text(text: str, words: str) -> None:
    assert indexed(text) == words


def test_stems_stand_behind_the_words() -> None:
    assert indexed("dreams of driving") == "dreams of driving dream drive"


def test_a_long_text_is_cut_but_its_beginning_is_there() -> None:
    words = indexed("word " * 20_000).split()
    assert len(words) == 4000
    assert max(map(len, indexed("x" * 500).split())) == 64


def test_every_plain_word_is_wanted_whole_begun_or_by_its_stem() -> None:
    (dreams, x) = parsed("dreams x").every
    assert dreams == (Term(("dreams",)), Term(("dreams",), prefix=True), Term(("dream",)))
    assert x == (Term(("x",)),)


def test_quotes_make_a_phrase_and_a_dash_takes_away() -> None:
    search = parsed('"slow rain" neon -drums -“no way”')
    assert search.every[0] == (Term(("slow", "rain")),)
    assert search.without == (Term(("drums",)), Term(("no", "way")))


def test_what_only_takes_away_is_looked_for() -> None:
    assert parsed("-drums").every == ((Term(("drums",)),),)


@pytest.mark.parametrize("text", ["", " ", '"', '""', "-", "!!!", "\0", '-"', "' OR", "*", "\ud800"])
def test_nothing_to_look_for_finds_nothing(text: str) -> None:
    assert parsed(text).every == () or text == "' OR"


@given(st.text(max_size=300))
def test_any_text_is_words_without_signs_of_a_query_language(text: str) -> None:
    search = parsed(text)
    every = [term for alternatives in search.every for term in alternatives]
    for word in [word for term in (*every, *search.without) for word in term.words] + indexed(text).split():
        assert word
        assert not set(word) & set("\"'\\*():<>&|!+-^~{}\0 ")


@given(st.text(max_size=200))
def test_a_text_finds_itself(text: str) -> None:
    """Each word that a search wants is a word of the text, so a title typed in full finds its song."""
    words = indexed(text.replace('"', " ").replace("-", " ").replace("“", " ").replace("”", " ")).split()
    for alternatives in parsed(text.replace('"', " ").replace("-", " ").replace("“", " ").replace("”", " ")).every:
        assert any(set(term.words) <= set(words) for term in alternatives)


def test_a_title_stands_by_its_words() -> None:
    titles = ["Zebra", "äther", "“Night” drive", "Äpfel", "night"]
    assert sorted(titles, key=sort_key) == ["Äpfel", "äther", "night", "“Night” drive", "Zebra"]


def test_processes_that_index_nothing_load_no_stemmers() -> None:
    looked = "import sys, text2song.jobs.heartbeat; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True).stdout
    assert "'text2song.storage.terms'" in loaded
    assert "snowballstemmer" not in loaded
