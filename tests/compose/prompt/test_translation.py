"""Prompts in other languages."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.text import tokenise
from text2song.compose.prompt.translation import translated
from text2song.domain.context import Vocals
from text2song.domain.request import CompositionRequest


@pytest.mark.parametrize(
    ("prompt", "language", "mood", "instrument", "without"),
    [
        ("una canción triste con guitarra y voz femenina, sin batería", "es", "sad", "guitar", "drums"),
        ("une chanson triste avec guitare et voix féminine, sans batterie", "fr", "sad", "guitar", "drums"),
        ("ein trauriges Lied mit Gitarre und weiblicher Stimme, ohne Schlagzeug", "de", "sad", "guitar", "drums"),
        ("una canzone triste con chitarra e voce femminile, senza batteria", "it", "sad", "guitar", "drums"),
        ("uma canção triste com violão e voz feminina, sem bateria", "pt", "sad", "guitar", "drums"),
    ],
)
def test_the_common_words_of_five_languages(
    prompt: str, language: str, mood: str, instrument: str, without: str
) -> None:
    context = read_prompt(CompositionRequest(prompt))
    assert context.language == language
    assert context.moods == (mood,)
    assert all(instrument in id_ for id_ in context.instruments)
    assert context.instruments
    assert without in context.without
    assert (context.vocals, context.voice) == (Vocals.SUNG, "female")


@pytest.mark.parametrize(
    "prompt", ["a song about sin and con artists", "bossa nova, die hard", "una", "pop sur mer", ""]
)
def test_english_stays_english(prompt: str) -> None:
    tokens = tokenise(prompt)
    assert translated(tokens) == (tokens, "")
