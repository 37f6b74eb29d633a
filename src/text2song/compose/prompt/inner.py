"""Meanings inside longer phrases: a "piano ballad" asks for a piano, a "gospel choir" hints at gospel."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from text2song.compose.prompt.lexicon_rows import Entry, Kind

Phrases = Mapping[tuple[str, ...], tuple[Entry, ...]]

#: Which meanings of its shorter phrases a phrase of each kind keeps.
_KEPT = MappingProxyType(
    {
        Kind.GENRE: frozenset({Kind.INSTRUMENT, Kind.GENERIC, Kind.MOOD, Kind.TEMPO, Kind.ERA}),
        Kind.HINT: frozenset({Kind.INSTRUMENT, Kind.GENERIC, Kind.MOOD}),
        Kind.INSTRUMENT: frozenset({Kind.GENRE}),
        Kind.GENERIC: frozenset({Kind.GENRE}),
        Kind.SECTION: frozenset({Kind.INSTRUMENT, Kind.GENERIC}),
        Kind.PRODUCTION: frozenset({Kind.INSTRUMENT, Kind.GENERIC}),
    }
)
#: Too general to be a wish when they are part of a name ("drum and bass", "bass house", "drone metal").
_PART_OF_NAMES = frozenset({"bass", "drums", "drone", "lead", "hats", "percussion"})


def with_inner_meanings(phrases: Phrases) -> Phrases:
    """Return the phrases, each longer one with the meanings it keeps of the shorter ones inside it."""
    return {words: (*entries, *_inner(words, entries, phrases)) for words, entries in phrases.items()}


def _inner(words: tuple[str, ...], entries: tuple[Entry, ...], phrases: Phrases) -> list[Entry]:
    kept = _KEPT.get(entries[0].kind, frozenset())
    own = {entry.kind for entry in entries}
    found: list[Entry] = []
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            inside = phrases.get(words[start:end], ()) if end - start < len(words) else ()
            meant = [_inside(entry, words[start:end], entries[0].kind) for entry in inside if entry.kind in kept - own]
            if end < len(words):
                meant = [each for each in meant if each is None or each.name != "bass"]  # "deep bass", no "bass drop"
            found += [entry for entry in meant if entry is not None and entry not in found]
    return found


def _inside(entry: Entry, words: tuple[str, ...], outer: Kind) -> Entry | None:
    """An inner genre only hints; a mood must be called by its own name; general words count for nothing.

    "Pounding drums" does ask for drums.
    """
    if entry.name in _PART_OF_NAMES and not (outer is Kind.PRODUCTION and entry.name in {"drums", "bass"}):
        return None
    if entry.kind is Kind.MOOD and entry.name != " ".join(words):
        return None
    return Entry(Kind.HINT, entry.name) if entry.kind is Kind.GENRE else entry
