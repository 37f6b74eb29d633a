"""The working sheet of one prompt."""

from __future__ import annotations

import re

from text2song.compose.prompt.words import Span, Words


def test_a_pattern_finds_whole_tokens_and_the_words_as_written() -> None:
    words = Words.of("A  Fast SONG, at 92 bpm")
    ((match, span),) = words.find(re.compile(r"\bat (\d+) bpm\b"))
    assert match[1] == "92"
    assert words.written(span) == "at 92 bpm"


def test_used_words_are_not_found_again() -> None:
    words = Words.of("92 bpm or 95 bpm")
    first = next(words.find(re.compile(r"(\d+) bpm")))[1]
    assert words.use(first) == "92 bpm"
    assert [match[1] for match, _ in words.find(re.compile(r"(\d+) bpm"))] == ["95"]
    assert not words.free(Span(0, 1))


def test_a_match_inside_a_word_is_none() -> None:
    assert list(Words.of("superb pop").find(re.compile("erb pop"))) == []


def test_clauses_end_at_punctuation_and_at_the_ends() -> None:
    words = Words.of("soft, loud")
    assert [words.breaks(index) for index in range(-1, 4)] == [True, False, True, False, True]
