"""Sections, named forms and energy over time, as the words ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match, used_by
from text2song.compose.prompt.words import Words

#: What may stand between the sections of a list.
_BETWEEN = grammar("between_sections")
_RUN_MIN = 3


def read_structure(found: Sequence[Match], words: Words, lexicon: Lexicon) -> tuple[tuple[str, ...], list[Match]]:
    """Return the section kinds asked for and the matches used: a list, a named form, or a form with what was asked."""
    sections = [pair for pair in used_by(found, Kind.SECTION) if not pair[1].denied and not _is_alone(pair[1], found)]
    for run in _runs(sections, words):
        if len(run) >= _RUN_MIN:
            return tuple(name for name, _ in run), [match for _, match in run]
    for name, match in used_by(found, Kind.FORM):
        if not match.denied:
            return tuple(lexicon.words["form"][name][0]), [match]
    placed = [(name, match) for name, match in sections if name in lexicon.words["with"]]
    if placed:
        return tuple(lexicon.words["with"][placed[0][0]]), [match for _, match in sections]
    return (), [match for _, match in sections]


def read_energy(found: Sequence[Match], lexicon: Lexicon) -> tuple[tuple[float, ...], list[Match]]:
    """Return the energy targets the words draw ("builds slowly"), empty when they draw none."""
    for name, match in used_by(found, Kind.ENERGY):
        if not match.denied:
            return tuple(lexicon.words["energy"][name][0]), [match]
    return (), []


def _is_alone(match: Match, found: Sequence[Match]) -> bool:
    """Whether "solo" stands before an instrument and means "alone"."""
    following = next((each for each in found if each.span.start == match.span.end), None)
    if match.words.lower() != "solo" or following is None:
        return False
    return bool(following.names(Kind.INSTRUMENT) or following.names(Kind.GENERIC))


def _runs(sections: list[tuple[str, Match]], words: Words) -> list[list[tuple[str, Match]]]:
    """Group sections that stand in one list."""
    runs: list[list[tuple[str, Match]]] = []
    for pair in sections:
        gap = range(runs[-1][-1][1].span.end, pair[1].span.start) if runs else range(0)
        if runs and all(words.at(index) in _BETWEEN for index in gap):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs
