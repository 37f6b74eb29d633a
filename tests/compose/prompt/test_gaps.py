"""Gaps are filled only where nothing else decided, and by the nearest description."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from text2song.compose.prompt.gaps import fill_gaps
from text2song.domain.request import CompositionRequest, GenreWeight


class WordCounts:
    """Likeness by shared words: what a prompt and a description have in common decides."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 4096), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().replace(",", " ").split():
                row[sum(ord(letter) * 31**place for place, letter in enumerate(word)) % 4096] += 1
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


class Never:
    """Says that nothing is like anything."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(len(texts), 512, k=1 + len(texts) % 7, dtype=np.float32) * 0


def test_what_words_or_the_user_decided_stays() -> None:
    named = CompositionRequest("sad synthwave")
    assert fill_gaps(named, WordCounts()) == named
    chosen = CompositionRequest("xyzzy", genres=(GenreWeight("house"),), moods=("calm",))
    assert fill_gaps(chosen, WordCounts()) == chosen


def test_an_unread_prompt_gets_the_nearest_genre_and_mood() -> None:
    # "feeling" and "music" are in every description and in no lexicon; the rest ties by order.
    filled = fill_gaps(CompositionRequest("feeling music feeling"), WordCounts())
    assert len(filled.genres) == 1
    assert 1 <= len(filled.moods) <= 2
    assert fill_gaps(CompositionRequest("feeling music feeling"), WordCounts()) == filled


def test_nothing_near_enough_changes_nothing() -> None:
    request = CompositionRequest("xyzzy")
    assert fill_gaps(request, Never()) == request
