"""Moods and scenes as names and as a point of valence and arousal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import GenreRow, Kind, MoodRow
from text2song.compose.prompt.matching import Match
from text2song.compose.prompt.text import phrase
from text2song.compose.prompt.words import Words

#: Moods that a genre's own point may be named by, one for each direction.
_PRIME = (
    *("happy", "sad", "calm", "energetic", "melancholic", "relaxed", "dark", "aggressive", "uplifting", "chill"),
    *("groovy", "driving", "dreamy", "euphoric", "peaceful", "menacing", "warm", "epic", "contemplative", "brooding"),
)
#: A genre asked for weighs this much beside the scenes of a prompt without a mood; one word of mood weighs 1.
_GENRE_WEIGHT = 0.8
#: A scene this far from the genre on the plane of valence and arousal ("frostbitten forest" in black metal) is a place,
#: not a mood.
_CONTRADICTION = 1.1
#: A scene this far from the moods that are named adds no name to theirs.
_UNLIKE = 0.6
_NAMES_MAX = 5
_STRONGER = grammar("stronger")
_WEAKER = grammar("weaker")


@dataclass(frozen=True, slots=True)
class Feeling:
    """Mood names and the point they mean."""

    moods: tuple[str, ...]
    valence: float
    arousal: float


def read_feeling(
    found: Sequence[Match], words: Words, lexicon: Lexicon, genre: GenreRow | None = None
) -> tuple[Feeling | None, list[Match]]:
    """Return the feeling the words paint and the matches used; None when they paint none.

    A denied mood counts with its sign turned and half its weight, and gives no name. `genre` is one that was asked
    for: where no mood is named, scenes only colour it, and a scene that contradicts it gives no name.
    """
    points: list[tuple[MoodRow, float]] = []
    names: dict[str, None] = {}
    implied: list[MoodRow] = []
    used: list[Match] = []
    worded = False
    for match in found:
        rows = [lexicon.moods[name] for name in match.names(Kind.MOOD)]
        scenes = _scenes(match, lexicon)
        if not rows and not scenes:
            continue
        used.append(match)
        worded = worded or bool(rows)
        weight = _strength(match, words) * (1.0 if rows else 0.6)
        points.append(((rows or scenes)[0], -0.5 * weight if match.denied else weight))
        if not match.denied:
            names.update((name, None) for row in rows for name in _named(row, match, lexicon))
            implied += scenes
    if not points:
        return None, used
    if genre is not None and not worded:
        points.append((MoodRow(genre.name, genre.valence, genre.arousal), _GENRE_WEIGHT))
        implied = [row for row in implied if _apart(row, genre) <= _CONTRADICTION]
        heard = [row.mood for row in implied] + list(genre.moods)
    else:
        centre = _blend([point for point in points if point[0] not in implied], ())
        implied = [row for row in implied if not names or _apart(row, centre) <= _UNLIKE]
        heard = [*names, *(row.mood for row in implied)]
    return _blend(points, tuple(dict.fromkeys(heard))[:_NAMES_MAX]), used


def _scenes(match: Match, lexicon: Lexicon) -> list[MoodRow]:
    scenes = [lexicon.scenes[name] for name in match.names(Kind.SCENE)]
    scenes += [_of_artist(name, lexicon) for name in match.names(Kind.ARTIST)]
    hints = [_of_genre(name, lexicon) for name in match.names(Kind.HINT) if len(match.entries) == 1]
    return scenes + hints


def _named(row: MoodRow, match: Match, lexicon: Lexicon) -> tuple[str, ...]:
    """A mood under the lexicon's name and, in English, under the person's own word for it."""
    own = match.words.lower()
    known = any(entry.kind is Kind.MOOD for entry in lexicon.phrases.get(phrase(own), ()))
    return (row.name, own) if known and own != row.name and own.replace("-", "").isalpha() else (row.name,)


def feeling_of(moods: Sequence[str], lexicon: Lexicon) -> Feeling:
    """Return the point between named moods."""
    return _blend([(lexicon.moods[name], 1.0) for name in moods], tuple(moods))


def genre_feeling(row: GenreRow, lexicon: Lexicon) -> Feeling:
    """Return a genre's own feeling, named by the nearest common mood."""
    return Feeling(_typical(row, lexicon), row.valence, row.arousal)


def nearest_mood(valence: float, arousal: float, lexicon: Lexicon) -> str:
    """Name the common mood nearest to a point."""
    rows = [lexicon.moods[name] for name in _PRIME]
    return min(rows, key=lambda row: (row.valence - valence) ** 2 + (row.arousal - arousal) ** 2).name


def _typical(row: GenreRow, lexicon: Lexicon) -> tuple[str, ...]:
    return row.moods or (nearest_mood(row.valence, row.arousal, lexicon),)


def _apart(row: MoodRow, other: GenreRow | Feeling) -> float:
    return math.hypot(row.valence - other.valence, row.arousal - other.arousal)


def _of_genre(name: str, lexicon: Lexicon) -> MoodRow:
    row = lexicon.genres[name]
    return MoodRow(name, row.valence, row.arousal, _typical(row, lexicon)[0])


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
