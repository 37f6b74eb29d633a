"""Moods and scenes as names and as a point of valence and arousal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import GenreRow, Kind, MoodRow
from text2song.compose.prompt.matching import Match
from text2song.compose.prompt.words import Words

#: Moods that a genre's own point may be named by, one for each direction.
_PRIME = (
    *("happy", "sad", "calm", "energetic", "melancholic", "relaxed", "dark", "aggressive", "uplifting", "chill"),
    *("groovy", "driving", "dreamy", "euphoric", "peaceful", "menacing", "warm", "epic", "contemplative", "brooding"),
)
_STRONGER = grammar("stronger")
_WEAKER = grammar("weaker")


@dataclass(frozen=True, slots=True)
class Feeling:
    """Mood names and the point they mean."""

    moods: tuple[str, ...]
    valence: float
    arousal: float


def read_feeling(found: Sequence[Match], words: Words, lexicon: Lexicon) -> tuple[Feeling | None, list[Match]]:
    """Return the feeling the words paint and the matches used; None when they paint none.

    A denied mood counts with its sign turned and half its weight, and gives no name.
    """
    points: list[tuple[MoodRow, float]] = []
    names: dict[str, None] = {}
    implied: dict[str, None] = {}
    used: list[Match] = []
    for match in found:
        rows = [lexicon.moods[name] for name in match.names(Kind.MOOD)]
        scenes = [lexicon.scenes[name] for name in match.names(Kind.SCENE)]
        scenes += [_of_artist(name, lexicon) for name in match.names(Kind.ARTIST)]
        scenes += [_of_genre(name, lexicon) for name in match.names(Kind.HINT) if len(match.entries) == 1]
        if not rows and not scenes:
            continue
        used.append(match)
        weight = _strength(match, words) * (1.0 if rows else 0.6)
        points.append(((rows or scenes)[0], -0.5 * weight if match.denied else weight))
        if not match.denied:
            names.update((row.name, None) for row in rows)
            implied.update((row.mood, None) for row in scenes)
    return (_blend(points, tuple(names or implied)) if points else None), used


def feeling_of(moods: Sequence[str], lexicon: Lexicon) -> Feeling:
    """Return the point between named moods."""
    return _blend([(lexicon.moods[name], 1.0) for name in moods], tuple(moods))


def genre_feeling(row: GenreRow, lexicon: Lexicon) -> Feeling:
    """Return a genre's own feeling, named by the nearest common mood."""
    return Feeling((nearest_mood(row.valence, row.arousal, lexicon),), row.valence, row.arousal)


def nearest_mood(valence: float, arousal: float, lexicon: Lexicon) -> str:
    """Name the common mood nearest to a point."""
    rows = [lexicon.moods[name] for name in _PRIME]
    return min(rows, key=lambda row: (row.valence - valence) ** 2 + (row.arousal - arousal) ** 2).name


def _of_genre(name: str, lexicon: Lexicon) -> MoodRow:
    row = lexicon.genres[name]
    return MoodRow(name, row.valence, row.arousal, nearest_mood(row.valence, row.arousal, lexicon))


def _of_artist(name: str, lexicon: Lexicon) -> MoodRow:
    mood = lexicon.moods[lexicon.artists[name].mood]
    return MoodRow(name, mood.valence, mood.arousal, mood.name)


def _strength(match: Match, words: Words) -> float:
    before = {words.at(match.span.start - 1), words.at(match.span.start - 2)}
    if before & _STRONGER:
        return 1.4
    return 0.6 if before & _WEAKER else 1.0


def _blend(points: Sequence[tuple[MoodRow, float]], names: tuple[str, ...]) -> Feeling:
    weight = sum(abs(share) for _, share in points) or 1.0
    valence = sum(row.valence * share for row, share in points) / weight
    arousal = sum(row.arousal * share for row, share in points) / weight
    return Feeling(names, _rounded(valence), _rounded(arousal))


def _rounded(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 3)
