"""Singing, who sings, in which language."""

from __future__ import annotations

import pytest
from tests.compose.prompt import voice_wordings as wordings

from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import Vocals
from text2song.domain.request import CompositionRequest

SUNG, INSTRUMENTAL = Vocals.SUNG, Vocals.INSTRUMENTAL


@pytest.mark.parametrize(
    ("prompt", "vocals", "voice"),
    [
        ("pop with female vocals", SUNG, "female"),
        ("a man's voice over piano", SUNG, "male"),
        ("sung by a choir", SUNG, "choir"),
        ("opera aria, soprano", SUNG, "female"),
        ("rock with a singer", SUNG, ""),
        ("a rock song", INSTRUMENTAL, ""),
        ("instrumental rock", INSTRUMENTAL, ""),
        ("no vocals", INSTRUMENTAL, ""),
        ("pop without singing", INSTRUMENTAL, ""),
        ("sung pop with an instrumental break", SUNG, ""),
        ("song about a girl", SUNG, ""),
        ("boy meets synth", INSTRUMENTAL, ""),
        ("house with vocal chops", INSTRUMENTAL, ""),
        ("soprano sax", INSTRUMENTAL, ""),
        ("not instrumental", SUNG, ""),
    ],
)
def test_whether_and_who(prompt: str, vocals: Vocals, voice: str) -> None:
    context = read_prompt(CompositionRequest(prompt))
    assert (context.vocals, context.voice) == (vocals, voice)


def test_the_request_decides_before_the_words() -> None:
    assert read_prompt(CompositionRequest("instrumental", vocals=True)).vocals is SUNG
    assert read_prompt(CompositionRequest("female singer", vocals=False)).vocals is INSTRUMENTAL
    assert read_prompt(CompositionRequest("pop", lyrics="la la la")).vocals is SUNG
    assert read_prompt(CompositionRequest("pop", instruments=("vocals",))).vocals is SUNG


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("sung in Spanish", "es"),
        ("Korean lyrics", "ko"),
        ("french female vocals", "fr"),
        ("spanish guitar", "en"),
        ("French house", "en"),
        ("in Turkish, with vocals", "tr"),
    ],
)
def test_the_language_of_the_singing(prompt: str, language: str) -> None:
    assert read_prompt(CompositionRequest(prompt)).language == language


def test_a_language_is_not_taken_for_a_music() -> None:
    assert read_prompt(CompositionRequest("pop sung in Turkish")).genres[0].name == "pop"


def test_a_denied_manner_leaves_the_singer() -> None:
    context = read_prompt(CompositionRequest("slow jam, smooth male vocals, no rap verse"))
    assert (context.vocals, context.voice) == (Vocals.SUNG, "male")


def test_a_choir_is_the_voice_even_without_words() -> None:
    assert read_prompt(CompositionRequest("epic trailer with choir")).voice == "choir"


@pytest.mark.parametrize(("prompt", "vocals", "voice"), wordings.VOICES)
def test_wordings_of_voices(prompt: str, vocals: str, voice: str | None) -> None:
    context = read_prompt(CompositionRequest(prompt))
    assert vocals in {"", context.vocals.value}
    assert voice in {None, context.voice}


@pytest.mark.parametrize(("prompt", "language"), wordings.LANGUAGES)
def test_wordings_of_languages(prompt: str, language: str) -> None:
    assert read_prompt(CompositionRequest(prompt)).language == language


def test_a_language_is_named_for_words_that_are_sung() -> None:
    assert read_prompt(CompositionRequest("reggaeton with trumpets, in Spanish")).vocals is SUNG
    assert read_prompt(CompositionRequest("reggaeton, in Spanish, instrumental")).vocals is INSTRUMENTAL
    assert read_prompt(CompositionRequest("Spanish guitar, slow")).vocals is INSTRUMENTAL
    assert read_prompt(CompositionRequest("ein ruhiges Lied mit Klavier und Geige")).vocals is INSTRUMENTAL
