"""Which genres a prompt means and how much of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import GenreRow, Kind
from text2song.compose.prompt.matching import Match, used_by
from text2song.compose.prompt.words import Words
from text2song.domain.context import Genre

#: At most this many genres are blended; more would be mud.
BLEND_MAX = 3
_LITTLE = grammar("little_before")
_AFTER = grammar("little_after")
_ADJECTIVES = grammar("adjectives_of_genres")
_PERCENT = re.compile(r"(\d{1,3}) (?:%|percent)(?: of)?$")
_LITTLE_WEIGHT = 0.35
#: Tempo words that begin below this, beats a minute, are slow; moods with less arousal than this are calm.
_SLOW, _CALM = 70, -0.15


@dataclass(frozen=True, slots=True)
class GenreReading:
    """The blend, the words that made it, and the matches that were used."""

    genres: tuple[Genre, ...]
    words: str
    matches: tuple[Match, ...]


def genre(row: GenreRow, weight: float) -> Genre:
    """Return a row of the taxonomy as the context holds it."""
    return Genre(row.name, row.parents, weight, row.styles[0])


def read_genres(found: Sequence[Match], words: Words, lexicon: Lexicon) -> GenreReading:
    """Return the blend of genres that the words name, empty when they name none.

    Strong names come first; without one, weak words ("acoustic", "dance"), then artists, scenes, hints and decades
    suggest a genre. An ancestor of another named genre adds nothing.
    """
    named = [(name, match) for name, match in used_by(found, Kind.GENRE) if not match.denied and not match.compared]
    strong = [(name, match) for name, match in named if not lexicon.genres[name].weak]
    artists = _through(found, Kind.ARTIST, {name: row.genre for name, row in lexicon.artists.items()})
    chosen = strong or artists or named or _suggested(found, lexicon)[:1]
    denied = {name for name, match in used_by(found, Kind.GENRE) if match.denied}
    if strong:
        chosen = [*chosen, *(pair for pair in used_by(found, Kind.HINT) if _is_adjective(pair[1], words))]
    distinct = _distinct([pair for pair in chosen if pair[0] not in denied], lexicon)
    chosen = distinct[:BLEND_MAX]
    if not chosen:
        return GenreReading((), "", ())
    weights = _weights(chosen, words)
    genres = tuple(genre(lexicon.genres[name], weight) for (name, _), weight in zip(chosen, weights, strict=True))
    beyond = {id(match) for _, match in distinct[BLEND_MAX:]}
    heard = (*(match for _, match in named if id(match) not in beyond), *(match for _, match in chosen))
    said = ", ".join(dict.fromkeys(match.words for _, match in chosen))
    return GenreReading(genres, said, tuple(dict.fromkeys(heard)))


def _suggested(found: Sequence[Match], lexicon: Lexicon) -> list[tuple[str, Match]]:
    """Genres that scenes, hints, comparisons and decades point to, in that order."""
    hints = [pair for pair in used_by(found, Kind.HINT) if not pair[1].denied]
    scenes = _through(found, Kind.SCENE, {name: row.genre for name, row in lexicon.scenes.items()})
    compared = [pair for pair in used_by(found, Kind.GENRE) if pair[1].compared]
    eras = _through(found, Kind.ERA, {name: row[0] for name, row in lexicon.words["era"].items()})
    calm = lexicon.words["suggests_calm"] if _is_calm(found, lexicon) else {}
    suggests = {**lexicon.words["suggests"], **calm}
    instruments = _through(found, Kind.INSTRUMENT, suggests)
    instruments += _through(found, Kind.GENERIC, suggests)
    return hints + scenes + compared + eras + instruments


def _is_calm(found: Sequence[Match], lexicon: Lexicon) -> bool:
    """Whether the moods named are calm ones on the whole, or a slow tempo is: a guitar then is no rock guitar."""
    moods = [lexicon.moods[name].arousal for name, match in used_by(found, Kind.MOOD) if not match.denied]
    words = [name for name, match in used_by(found, Kind.TEMPO) if not match.denied]
    slow = any({**lexicon.words["tempo"], **lexicon.words["marking"]}.get(name, (_SLOW,))[0] < _SLOW for name in words)
    return slow or (bool(moods) and sum(moods) / len(moods) < _CALM)


def _through(found: Sequence[Match], kind: Kind, genre_of: Mapping[str, Any]) -> list[tuple[str, Match]]:
    pairs = [(genre_of.get(name, ""), match) for name, match in used_by(found, kind) if not match.denied]
    return [(name, match) for name, match in pairs if name]


def _distinct(chosen: list[tuple[str, Match]], lexicon: Lexicon) -> list[tuple[str, Match]]:
    """Drop repeats and ancestors of other chosen genres."""
    ancestors = {parent for name, _ in chosen for parent in lexicon.genres[name].parents}
    first = dict(reversed(chosen))
    kept = [(name, match) for name, match in chosen if first[name] is match and name not in ancestors]
    return kept or chosen[:1]


def _weights(chosen: Sequence[tuple[str, Match]], words: Words) -> list[float]:
    """Normalised weights: percentages where stated, less for "a touch of", the head noun first in "jazz house"."""
    stated = [_percent(match, words) for _, match in chosen]
    if any(stated):
        rest = max(0.0, 100.0 - sum(stated)) / max(1, stated.count(0.0))
        raw = [share or rest for share in stated]
    else:
        raw = [_LITTLE_WEIGHT if _is_little(match, words) else 1.0 for _, match in chosen]
        raw = [
            share * (0.6 if _modifies(match, chosen[index + 1][1]) else 1.0)
            for index, (share, (_, match)) in enumerate(zip(raw[:-1], chosen[:-1], strict=True))
        ] + raw[-1:]
    total = sum(raw) or 1.0
    return [share / total for share in raw]


def _percent(match: Match, words: Words) -> float:
    before = " ".join(token.text for token in words.tokens[max(0, match.span.start - 4) : match.span.start])
    stated = _PERCENT.search(before)
    if stated is None:
        return 0.0
    words.used.update(range(max(0, match.span.start - 3), match.span.start))
    return float(stated[1])


def _is_adjective(match: Match, words: Words) -> bool:
    """Whether a hint is an adjective that colours another genre: "funky", "jazzy", "Irish"."""
    return not match.denied and match.span.end == match.span.start + 1 and words.at(match.span.start) in _ADJECTIVES


def _is_little(match: Match, words: Words) -> bool:
    if words.at(match.span.end) in _AFTER or _is_adjective(match, words):
        return True
    before = [words.at(index) for index in range(match.span.start - 3, match.span.start)]
    return bool(_LITTLE & set(before)) or ("with" in before and words.at(match.span.end) == "influences")


def _modifies(match: Match, following: Match) -> bool:
    """Whether the first is an adjective of the second, as in "jazz house"."""
    return match.span.end == following.span.start
