"""Which instruments the words ask for, and which must not sound."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match
from text2song.compose.prompt.text import phrase
from text2song.compose.style import Style
from text2song.domain.context import Reading, Source
from text2song.domain.instruments import catalogue

_BEATEN = frozenset({"drums", "percussion"})
_VOICED = grammar("vocal_nouns") - {"sing", "sings", "sung", "rapped", "raps"}


def read_instruments(found: Sequence[Match], style: Style, lexicon: Lexicon) -> tuple[tuple[str, ...], list[Match]]:
    """Return instrument ids in the order of the words, and the matches used."""
    ids: dict[str, None] = {}
    used: list[Match] = []
    for match in found:
        meant = _meant(match, style, lexicon)
        if meant and not match.denied and not match.compared:
            ids.update(dict.fromkeys(meant))
            used.append(match)
    return tuple(ids), used


def read_without(found: Sequence[Match], lexicon: Lexicon) -> tuple[tuple[str, ...], list[Match]]:
    """Return the ids, families and roles that the words deny, and the matches used."""
    removed: dict[str, None] = {}
    used: list[Match] = []
    asked = {name for match in found if _is_wish(match) for name in match.names(Kind.INSTRUMENT)}
    wished = {name for match in found if not match.denied and not match.compared for name in match.names(Kind.GENERIC)}
    for match in found:
        if not match.denied or match.names(Kind.SECTION):
            continue
        names = match.names(Kind.GENERIC)
        # "No percussion" takes the drums with it, but not from who asks for drums.
        items = [
            item for name in names for item in lexicon.generics[name].without if item in names or item not in wished
        ]
        general = [each for item in items for each in _but(item, asked)]
        denied = general or list(match.names(Kind.INSTRUMENT))
        if not denied and _VOICED.intersection(phrase(match.words)):
            used.append(match)  # said in the answer; whether anybody sings is for the voices to read
        elif denied or names:
            removed.update(dict.fromkeys(denied))
            used.append(match)
    return tuple(removed), used


def _is_wish(match: Match) -> bool:
    return not match.denied and not match.compared and not match.names(Kind.GENERIC)


def _but(item: str, asked: set[str]) -> tuple[str, ...]:
    """Return a denied family, or its members one by one where some are asked for: "no drums, only a shaker".

    Synths are all that is electronic and has pitches: "synth bass, but no synths" leaves only the bass.
    """
    family = [
        info.id
        for info in catalogue().values()
        if info.family == item or (item == "synth" and info.electronic and not info.percussion)
    ]
    # Drums and percussion go together: "no percussion except a tambourine" names the drums one by one too.
    near = [info.id for info in catalogue().values() if info.percussion] if item in _BEATEN else family
    kept = asked.intersection(near)
    return tuple(id_ for id_ in family if id_ not in kept) if kept else (item,)


def choir_of(instruments: Sequence[str], reading: Reading) -> str:
    """Return "choir" as the voice where a choir was asked for, even one that sings no words; else ""."""
    return "choir" if "choir" in instruments and reading.source is not Source.STYLE else ""


def _meant(match: Match, style: Style, lexicon: Lexicon) -> tuple[str, ...]:
    general = match.names(Kind.GENERIC)
    if general:
        return lexicon.generics[general[0]].instruments(style)
    return match.names(Kind.INSTRUMENT)[:1]
