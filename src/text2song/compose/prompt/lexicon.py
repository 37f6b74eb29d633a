"""The lexicon, read once from TOML: rows by name, and every spelling as a phrase of folded words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.compose.prompt.inner import Phrases, with_inner_meanings
from text2song.compose.prompt.lexicon_rows import ArtistRow, Entry, GenericRow, GenreRow, Kind, MoodRow
from text2song.compose.prompt.text import phrase
from text2song.compose.style import style_names
from text2song.domain.instruments import InstrumentInfo, catalogue


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the reader knows."""

    genres: Mapping[str, GenreRow]
    moods: Mapping[str, MoodRow]
    scenes: Mapping[str, MoodRow]
    generics: Mapping[str, GenericRow]
    artists: Mapping[str, ArtistRow]
    #: The other tables of words.toml by their name there: "tempo", "pace", "era", …
    words: Mapping[str, Mapping[str, Any]]
    phrases: Phrases
    #: Words that carry no wish.
    filler: frozenset[str]
    #: Length in words of the longest phrase.
    longest: int


@cache
def lexicon() -> Lexicon:
    """Return the lexicon."""
    genres = _genres()
    moods = {name: MoodRow(name, row[0], row[1]) for name, row in table("moods")["mood"].items()}
    scenes = {name: MoodRow(name, *row) for name, row in table("moods")["scene"].items()}
    generics = {name: _generic(name, row) for name, row in table("generics").items()}
    artists = {name: ArtistRow(name, *row) for name, row in table("artists")["artist"].items()}
    phrases = _phrases()
    filler = frozenset(word for text in table("filler")["filler"].split() for word in phrase(text))
    longest = max(len(words) for words in phrases)
    return Lexicon(genres, moods, scenes, generics, artists, table("words"), phrases, filler, longest)


@cache
def grammar(name: str) -> frozenset[str]:
    """Return one of the closed sets of words in grammar.toml."""
    return frozenset(table("grammar")[name].split())


@cache
def table(name: str) -> dict[str, Any]:
    """Return one TOML file of the lexicon as it stands."""
    file = resources.files("text2song.compose.prompt").joinpath("lexicon", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _genres() -> dict[str, GenreRow]:
    rows = {row["name"]: row for row in table("genres")["genre"]}
    rows |= {name: {**row, "name": name, "in": [row["name"]]} for row in rows.values() for name in row.get("sub", ())}
    return {name: _genre(row, rows) for name, row in rows.items()}


def _genre(row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> GenreRow:
    parents: list[str] = []
    waiting = list(row.get("in", ()))
    while waiting:
        name = waiting.pop(0)
        if name not in parents:
            parents.append(name)
            waiting += rows[name].get("in", ())
    low, high = row["bpm"]
    valence, arousal = row["va"]
    return GenreRow(
        name=row["name"],
        parents=tuple(parents),
        styles=tuple(_styles(row, [rows[parent] for parent in parents])),
        bpm=(low, high),
        mode=row.get("mode", ""),
        metre=row.get("metre", ""),
        valence=valence,
        arousal=arousal,
        play=tuple(row.get("play", ())),
        weak=row.get("weak", False),
        moods=_typical_moods((row["name"], *parents)),
    )


def _typical_moods(lineage: Iterable[str]) -> tuple[str, ...]:
    typical = table("genre_moods")["mood"]
    return next((tuple(typical[name]) for name in lineage if name in typical), ())


def _styles(row: Mapping[str, Any], parents: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name the existing styles that can play a genre: its own file, those it lists, its ancestors'."""
    wanted = [row["name"].replace(" ", "").replace("-", "").lower(), *row.get("style", ())]
    for parent in parents:
        wanted += parent.get("style", ())
    known = style_names()
    return [name for name in dict.fromkeys(wanted) if name in known] or [known[0]]


def _generic(name: str, row: Mapping[str, Any]) -> GenericRow:
    reserved = {"words", "any", "all", "without", "palette", "called"}
    by_style = tuple((style, id_) for style, id_ in row.items() if style not in reserved)
    return GenericRow(
        name,
        row.get("any", ""),
        by_style,
        tuple(row.get("all", ())),
        tuple(row.get("without", ())),
        row.get("palette", False),
        tuple(row.get("called", ())),
    )


def _phrases() -> Phrases:
    found: dict[tuple[str, ...], list[Entry]] = {}
    for text, entry in (*_genre_spellings(), *_mood_spellings(), *_sound_spellings(), *_word_spellings()):
        for words in _variants(phrase(text), entry.kind):
            entries = found.setdefault(words, [])
            if entry not in entries:
                entries.append(entry)
    return with_inner_meanings({words: tuple(entries) for words, entries in found.items() if words})


def _variants(words: tuple[str, ...], kind: Kind) -> list[tuple[str, ...]]:
    """A phrase, the same run together ("synth wave" is "synthwave"), and the plural of an instrument."""
    variants = [words]
    if len(words) == 2 and len("".join(words)) >= 6 and kind in {Kind.GENRE, Kind.INSTRUMENT, Kind.GENERIC}:
        variants.append(("".join(words),))
    if kind in {Kind.INSTRUMENT, Kind.GENERIC} and len(words) > 1 and words[-1] == "bass":
        variants.append((*words, "guitar"))  # "funky bass guitar"
    if kind is Kind.INSTRUMENT and words and not words[-1].endswith("s"):
        variants.append((*words[:-1], words[-1] + "s"))
    return variants


def _genre_spellings() -> Iterable[tuple[str, Entry]]:
    for row in table("genres")["genre"]:
        for text in (row["name"], *row.get("as", ())):
            yield text, Entry(Kind.GENRE, row["name"])
        for text in row.get("sub", ()):
            yield text, Entry(Kind.GENRE, text)
        for text in row.get("hint", ()):
            yield text, Entry(Kind.HINT, row["name"])
    for name in table("artists")["artist"]:
        yield name, Entry(Kind.ARTIST, name)


def _mood_spellings() -> Iterable[tuple[str, Entry]]:
    for name, row in table("moods")["mood"].items():
        for text in (name, *row[2:]):
            yield text, Entry(Kind.MOOD, name)
    for name in table("moods")["scene"]:
        yield name, Entry(Kind.SCENE, name)


def _sound_spellings() -> Iterable[tuple[str, Entry]]:
    general = [(text, Entry(Kind.GENERIC, name)) for name, row in table("generics").items() for text in row["words"]]
    yield from general
    taken = {phrase(text) for text, _ in general}
    for info in catalogue().values():
        yield from ((text, entry) for text, entry in _names(info) if phrase(text) not in taken)


def _names(info: InstrumentInfo) -> Iterable[tuple[str, Entry]]:
    if info.id == "voice_lead":  # "vocals" is a wish for singing, read by the vocal words
        return ()
    return ((text, Entry(Kind.INSTRUMENT, info.id)) for text in (info.name, info.id.replace("_", " "), *info.aliases))


_WORD_KINDS = MappingProxyType(
    {
        "tempo": Kind.TEMPO,
        "marking": Kind.TEMPO,
        "pulse": Kind.TEMPO,
        "pace": Kind.PACE,
        "era": Kind.ERA,
        "metre": Kind.METRE,
        "production": Kind.PRODUCTION,
        "energy": Kind.ENERGY,
        "section": Kind.SECTION,
        "form": Kind.FORM,
        "vocals": Kind.VOCALS,
        "language": Kind.LANGUAGE,
    }
)
#: Tables whose row name is a label, not a spelling.
_LABELS = frozenset({Kind.ENERGY, Kind.VOCALS, Kind.LANGUAGE, Kind.METRE})


def _word_spellings() -> Iterable[tuple[str, Entry]]:
    for group, kind in _WORD_KINDS.items():
        for name, row in table("words").get(group, {}).items():
            spellings = [value for value in row if isinstance(value, str)]
            if kind is Kind.ERA:
                spellings = spellings[1:]  # the first is the genre the decade suggests
            if kind not in _LABELS:
                spellings.append(name)
            for text in spellings:
                yield text, Entry(kind, name)
