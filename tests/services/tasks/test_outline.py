"""The outline tells times in seconds, and the summary what the library shows."""

from __future__ import annotations

from dataclasses import replace

from tests.services.fakes import fake_composition

from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest
from text2song.domain.score import TempoMap
from text2song.services.tasks.outline import outline, summary

SONG = fake_composition(CompositionRequest(prompt="x"))


def test_times_follow_the_tempo() -> None:
    slow = replace(SONG, tempo=TempoMap.constant(Fraction(60)))
    for song, seconds in ((SONG, 4), (slow, 8)):
        told = outline(song)
        assert told["sections"][0]["end_seconds"] == seconds
        assert told["chords"][0]["end_seconds"] == seconds
        assert told["lyrics"][0]["start_seconds"] == seconds / 4


def test_songs_without_words_have_no_lines() -> None:
    told = outline(replace(SONG, lyrics=None))
    assert (told["lyrics"], told["lyrics_notes"]) == ([], [])


def test_what_is_not_sung_is_told() -> None:
    assert SONG.lyrics is not None
    note = "1 of 3 lines fits this song; the others are not sung."
    assert outline(replace(SONG, lyrics=replace(SONG.lyrics, notes=(note,))))["lyrics_notes"] == [note]


def test_summary() -> None:
    told = summary(SONG)
    assert (told["key"], told["bpm"], told["time_signature"]) == ("A minor", 120.0, "4/4")
    assert told["genres"] == ["synthwave"]
