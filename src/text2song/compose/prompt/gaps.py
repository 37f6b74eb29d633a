"""Fills what the lexicon found no words for: the nearest genre and mood by sentence vectors, set as the user's own.

Only a prompt whose genre or mood nothing decided is looked at. The answer becomes part of the request, so the song is
the same afterwards on a machine that has no encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import Source
from text2song.domain.request import CompositionRequest, GenreWeight

#: Cosine similarities below these name nothing: a raw nearest neighbour is often wrong, so genre needs the surer one.
_GENRE_FLOOR, _MOOD_FLOOR = 0.24, 0.2
#: A second mood this close to the first is named too.
_CLOSE = 0.03


class Encoder(Protocol):
    """Turns texts into vectors of unit length; `sentences.SentenceEncoder` is one."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (texts, width)."""


def fill_gaps(request: CompositionRequest, encoder: Encoder) -> CompositionRequest:
    """Return the request with genre and moods set where neither the user nor the words decided them."""
    context = read_prompt(request.validate())
    vector = encoder.encode([request.prompt])[0]
    filled = request
    if context.sources["genres"].source is Source.STYLE:
        nearest = _nearest(vector, _genres(), encoder, _GENRE_FLOOR)
        filled = replace(filled, genres=tuple(GenreWeight(name) for name in nearest[:1]))
    if context.sources["moods"].source is Source.STYLE:
        filled = replace(filled, moods=_nearest(vector, _moods(), encoder, _MOOD_FLOOR))
    return filled


def _genres() -> dict[str, str]:
    """Describe in a few words every genre that has moods of its own; its subgenres would only crowd round it."""
    rows = lexicon().genres
    own = [row for row in rows.values() if row.moods and not row.weak]
    known = [row for row in own if not row.parents or rows[row.parents[0]].moods != row.moods]
    return {row.name: f"{' '.join(row.moods)} {row.name} music" for row in known}


def _moods() -> dict[str, str]:
    """Describe every mood by its name and the words that mean it."""
    words: dict[str, list[str]] = {name: [] for name in lexicon().moods}
    for phrase, entries in lexicon().phrases.items():
        for entry in entries:
            if entry.kind is Kind.MOOD and len(words[entry.name]) < 4:
                words[entry.name].append(" ".join(phrase))
    return {name: f"a {name} feeling: {', '.join(found)}" for name, found in words.items()}


def _nearest(vector: NDArray[np.float32], described: dict[str, str], encoder: Encoder, floor: float) -> tuple[str, ...]:
    names = list(described)
    likeness = encoder.encode(list(described.values())) @ vector
    order = np.argsort(-likeness, kind="stable")
    best = likeness[order[0]]
    return tuple(names[index] for index in order[:2] if likeness[index] >= max(floor, best - _CLOSE))
