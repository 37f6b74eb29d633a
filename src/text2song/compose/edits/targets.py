"""What the names of an edit mean in one song: stretches of parts, each a part's notes in one section."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from text2song.domain.composition import Section, UnifiedComposition
from text2song.domain.edits import HARMONY, LYRICS, InvalidEditError
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One part in one section, by their names."""

    section: str
    part: str

    @property
    def name(self) -> str:
        """As an edit names it: "chorus.2/bass"."""
        return f"{self.section}/{self.part}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the targets of one field name, in the order of the song."""

    cells: tuple[Cell, ...] = ()
    #: Sections whose chords, and whose words, are named.
    harmony: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def without(self, locked: Iterable[Cell]) -> Selection:
        """Return the selection less what is locked."""
        kept = frozenset(locked)
        return Selection(tuple(cell for cell in self.cells if cell not in kept), self.harmony, self.words)

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return the sections by part."""
        found: dict[str, list[str]] = {}
        for cell in self.cells:
            found.setdefault(cell.part, []).append(cell.section)
        return {part: tuple(sections) for part, sections in found.items()}


def selected(song: UnifiedComposition, targets: Sequence[str], field: str) -> Selection:
    """Return what `targets` name; raises `InvalidEditError` for a name that the song does not have."""
    cells: set[Cell] = set()
    harmony: set[str] = set()
    words: set[str] = set()
    for target in targets:
        sections, part = _read(song, target, field)
        if part == HARMONY:
            harmony |= set(sections)
        elif part == LYRICS:
            words |= set(sections)
        else:
            cells |= set(_cells(song, sections, part, target, field))
    order = [section.name for section in song.sections]
    places = {name: place for place, name in enumerate(order)}
    ranks = {part.name: rank for rank, part in enumerate(song.parts)}
    return Selection(
        cells=tuple(sorted(cells, key=lambda cell: (ranks[cell.part], places[cell.section]))),
        harmony=tuple(name for name in order if name in harmony),
        words=tuple(name for name in order if name in words),
    )


def locked_cells(song: UnifiedComposition, targets: Sequence[str]) -> frozenset[Cell]:
    """Return every stretch that `targets` lock, silent ones included; raises `InvalidEditError`."""
    found: set[Cell] = set()
    for target in targets:
        sections, part = _read(song, target, "lock")
        if part in (HARMONY, LYRICS):
            raise InvalidEditError(f"“{target}” cannot be locked; lock the parts that play it", field="lock")
        parts = [part] if part else [each.name for each in song.parts]
        found |= {Cell(section, each) for section in sections for each in parts}
    return frozenset(found)


def sections_named(song: UnifiedComposition, name: str, field: str) -> tuple[str, ...]:
    """Return the sections of a name or of a kind; raises `InvalidEditError` where there are none."""
    named = tuple(section.name for section in song.sections if name in (section.name, section.kind.value))
    if not named:
        there = [section.name for section in song.sections]
        raise InvalidEditError(_missing(name, "section", there), field=field, choices=tuple(there))
    return named


def span(song: UnifiedComposition, section: Section) -> tuple[Fraction, Fraction]:
    """Return where a section begins and ends, in quarter notes."""
    bar = song.time_signature.bar
    return section.start_bar * bar, section.end_bar * bar


def section_of(song: UnifiedComposition, name: str) -> Section:
    """Return the section of that name, which the song must have."""
    return next(section for section in song.sections if section.name == name)


def notes_in(song: UnifiedComposition, part: Part, section: str) -> tuple[Note, ...]:
    """Return the notes of a part that begin in a section; the last one owns what comes after it."""
    found = section_of(song, section)
    start, end = span(song, found)
    last = found is song.sections[-1]
    return tuple(note for note in part.notes if start <= note.start and (note.start < end or last))


def notes_by_section(song: UnifiedComposition, part: Part) -> dict[str, list[Note]]:
    """Return `notes_in` of every section."""
    starts = [span(song, section)[0] for section in song.sections]
    found: list[list[Note]] = [[] for _ in starts]
    here, end = found[0], starts[0]
    start = end
    for note in part.notes:
        if not start <= note.start < end:
            place = max(0, bisect_right(starts, note.start) - 1)
            here, start = found[place], starts[place]
            end = starts[place + 1] if place + 1 < len(starts) else max(note.start + 1, part.notes[-1].start + 1)
        here.append(note)
    return {section.name: notes for section, notes in zip(song.sections, found, strict=True)}


def _read(song: UnifiedComposition, target: str, field: str) -> tuple[tuple[str, ...], str]:
    """Return the sections and the part, "" for all, that a target names."""
    everywhere = tuple(section.name for section in song.sections)
    names = [part.name for part in song.parts]
    first, slash, second = target.partition("/")
    if slash:
        sections = sections_named(song, first, field)
        if second not in (*names, HARMONY, LYRICS):
            raise InvalidEditError(_missing(second, "part", names), field=field, choices=tuple(names))
        return sections, second
    if first in (*names, HARMONY, LYRICS):
        return everywhere, first
    kinds = {section.kind.value for section in song.sections}
    if first in everywhere or first in kinds:
        return sections_named(song, first, field), ""
    message = f"the song has no part or section “{first}”; parts: {', '.join(names)}; sections: {', '.join(everywhere)}"
    raise InvalidEditError(message, field=field, choices=(*names, *everywhere))


def _cells(song: UnifiedComposition, sections: Sequence[str], part: str, target: str, field: str) -> list[Cell]:
    """Return the stretches in which there is something to change."""
    parts = [each for each in song.parts if part in ("", each.name)]
    found = [Cell(name, each.name) for each in parts for name in sections if notes_in(song, each, name)]
    if not found:
        where = [section.name for section in song.sections if part and notes_in(song, song.part(part), section.name)]
        plays = f"; it plays in {', '.join(where)}" if where else ""
        raise InvalidEditError(f"nothing sounds in “{target}”{plays}", field=field, choices=tuple(where))
    return found


def _missing(name: str, what: str, there: Sequence[str]) -> str:
    return f"the song has no {what} “{name}”; it has {', '.join(there)}"
