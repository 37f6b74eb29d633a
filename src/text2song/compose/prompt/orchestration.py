"""Which instruments the words ask for, and which must not sound."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match
from text2song.compose.prompt.words import Words
from text2song.compose.style import Style
from text2song.domain.context import Reading, Source
from text2song.domain.instruments import catalogue

#: Words before or after an instrument that make it the only one.
#: Families that one drum part draws on.
_BEATEN = frozenset({"drums", "percussion"})
_ALONE_BEFORE = grammar("alone_before")
_ALONE_AFTER = grammar("alone_after")


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
    for match in found:
        if not match.denied:
            continue
        general = [item for name in match.names(Kind.GENERIC) for item in lexicon.generics[name].without]
        denied = general or list(match.names(Kind.INSTRUMENT))
        if denied:
            removed.update(dict.fromkeys(denied))
            used.append(match)
    return tuple(removed), used


def read_alone(found: Sequence[Match], words: Words, instruments: Sequence[str]) -> tuple[str, ...]:
    """Return the families and ids to leave out where the words ask for these alone ("solo piano"), else ()."""
    sounding = [
        match for match in found if not match.denied and (match.names(Kind.INSTRUMENT) or match.names(Kind.GENERIC))
    ]
    if not sounding or not instruments:
        return ()
    first, last = sounding[0].span, sounding[-1].span
    if words.at(first.start - 1) not in _ALONE_BEFORE and words.at(last.end) not in _ALONE_AFTER:
        return ()
    words.used.update(index for index in (first.start - 1, last.end) if words.at(index) in _ALONE_BEFORE | _ALONE_AFTER)
    kept = {catalogue()[id_].family for id_ in instruments}
    kept |= _BEATEN if kept & _BEATEN else set()
    if any(catalogue()[id_].electronic for id_ in instruments):
        kept.add("synth")  # "synth" denies every electronic sound, so here its instruments are named one by one
    families = dict.fromkeys(info.family for info in catalogue().values() if info.family not in kept)
    others = [
        info.id for info in catalogue().values() if info.family in kept and info.id not in kept.union(instruments)
    ]
    return (*families, *others)


def choir_of(instruments: Sequence[str], reading: Reading) -> str:
    """Return "choir" as the voice where a choir was asked for, even one that sings no words; else ""."""
    return "choir" if "choir" in instruments and reading.source is not Source.STYLE else ""


def _meant(match: Match, style: Style, lexicon: Lexicon) -> tuple[str, ...]:
    general = match.names(Kind.GENERIC)
    if general:
        return lexicon.generics[general[0]].instruments(style)
    return match.names(Kind.INSTRUMENT)[:1]
