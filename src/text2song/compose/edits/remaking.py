"""Makes stretches of a part anew: other notes on the same chords, audibly other, fitting what stands around them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from text2song.compose.edits.performing import Draft, Performance, cell_seed, decisions_for, drafted, felt, performed
from text2song.compose.edits.splicing import lines_in, respoken, spliced, with_part
from text2song.compose.edits.targets import Cell, notes_in, section_of, span
from text2song.compose.edits.words import Words, lyric_text
from text2song.compose.elements.vocals import LEAD
from text2song.domain.composition import Decision, PartPlan, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.lyrics import LyricLine
from text2song.domain.rational import Fraction
from text2song.domain.request import SEED_MAX
from text2song.domain.score import Note, Part, Role

#: How much of a stretch must be other notes for the ear to call it another, and how much is worth having at all.
ENOUGH, _LEAST = 0.35, 0.08
_ATTEMPTS = 10
#: The attempts from which a part may be played livelier or calmer, and in another register.
_LIVELIER_FROM, _MOVED_FROM = 4, 6
_LIVELY, _CALM, _BORDER = 0.78, 0.5, 0.64
_SHIFT = 5
#: A tune takes no wider step than this over a seam, semitones.
_WIDEST = 12
_MELODIC = (Role.VOCAL, Role.LEAD, Role.BASS)


@dataclass(frozen=True, slots=True)
class Fresh:
    """New notes, and words where they are sung, by section; and what they were made from."""

    notes: Mapping[str, tuple[Note, ...]]
    lines: Mapping[str, tuple[LyricLine, ...]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    #: 0 the same notes … 1 no note in common, of the stretch that changed least.
    difference: float = 0.0
    seed: int = 0
    #: The same for the singers who join a singer, by part.
    company: Mapping[str, Mapping[str, tuple[Note, ...]]] = field(default_factory=dict)


def remade(
    song: UnifiedComposition,
    name: str,
    sections: Sequence[str],
    seed: int,
    words: Words,
    locked: frozenset[Cell] = frozenset(),
) -> UnifiedComposition:
    """Return the song with the part `name` made anew in `sections`, with other words there where `words` has some.

    Singers who join a singer follow, save where they are `locked`.
    """
    for group in _groups(song, name, sections):
        fresh = _best(song, name, group, seed, words)
        song = placed(song, name, fresh, locked)
        cells = {Cell(section, name).name: fresh.seed for section in group}
        provenance = song.provenance
        made = _recorded(provenance.decisions, fresh.decisions, name, len(provenance.edits))
        song = replace(song, provenance=replace(provenance, cells={**provenance.cells, **cells}, decisions=made))
    return song


def repeated(song: UnifiedComposition, name: str, sections: Sequence[str], words: Words) -> Fresh:
    """Return the part in `sections` as the same choices give it on the song as it is now, plan, chords and words."""
    notes: dict[str, tuple[Note, ...]] = {}
    lines: dict[str, tuple[LyricLine, ...]] = {}
    company: dict[str, dict[str, tuple[Note, ...]]] = {}
    for group in _groups(song, name, sections):
        cell = Cell(group[0], name)
        decisions = decisions_for(song, cell, cell_seed(song, cell))
        fresh = _fresh(song, performed(_worded(song, words), name, decisions), group)
        notes |= fresh.notes
        lines |= fresh.lines
        for part, there in fresh.company.items():
            company.setdefault(part, {}).update(there)
    return Fresh(notes, lines, company=company)


def placed(
    song: UnifiedComposition, name: str, fresh: Fresh, locked: frozenset[Cell] = frozenset()
) -> UnifiedComposition:
    """Return the song with the new notes and words in their places, and with those who sing along, unless `locked`."""
    song = with_part(song, spliced(song, song.part(name), fresh.notes))
    for part in song.parts:
        there = fresh.company.get(part.name, {}) if part.name != name else {}
        free = {
            section: notes
            for section, notes in there.items()
            if Cell(section, part.name) not in locked and notes != notes_in(song, part, section)
        }
        if free:
            song = with_part(song, spliced(song, part, free))
    return replace(song, lyrics=respoken(song, fresh.lines, None)) if fresh.lines else song


def difference(old: Sequence[Note], new: Sequence[Note]) -> float:
    """Return the share of notes that two versions of a stretch do not have in common, 0..1.

    >>> difference((), ())
    0.0
    """
    before, after = (Counter((note.start, note.pitch) for note in notes) for notes in (old, new))
    most = max(before.total(), after.total())
    return 1 - (before & after).total() / most if most else 0.0


def remake_seed(song: UnifiedComposition, seed: int, target: str) -> int:
    """Return the seed of one remake: another for every target, every number asked with, every edit of a song."""
    text = f"{song.provenance.seed}/{len(song.provenance.edits)}/{seed}/{target}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") & SEED_MAX


def _groups(song: UnifiedComposition, name: str, sections: Sequence[str]) -> list[tuple[str, ...]]:
    """Part the sections by the choices of others that hold in them: the drummer's groove, the singer's tune."""
    drums = [plan.name for plan in song.arrangement if plan.role is Role.DRUMS]
    leaders = [each for each in (*drums, LEAD) if each != name]
    vocal = {plan.name: plan.sections for plan in song.arrangement if plan.name == LEAD}
    answers = next(plan.role for plan in song.arrangement if plan.name == name) is Role.LEAD
    found: dict[tuple[object, ...], list[str]] = {}
    for section in sections:
        seeds = [cell_seed(song, Cell(section, leader)) for leader in leaders]
        # What an instrument answers to a singer is decided section by section.
        alone = section if answers and any(section in where for where in vocal.values()) else ""
        found.setdefault((*seeds, cell_seed(song, Cell(section, name)), alone), []).append(section)
    return [tuple(group) for group in found.values()]


def _best(song: UnifiedComposition, name: str, sections: Sequence[str], seed: int, words: Words) -> Fresh:
    """Return the first attempt that is other enough and fits its seams, else the one that differs most."""
    part, best, most = song.part(name), None, 0.0
    old = {section: notes_in(song, part, section) for section in sections}
    for attempt in range(_ATTEMPTS):
        own = remake_seed(song, seed, f"{name}/{attempt}") if attempt else seed
        tried = _Attempt(_worded(_varied(song, name, sections, attempt), words), Cell(sections[0], name), own)
        # An attempt is judged by what it writes in its sections; how it is felt, only the one that is taken is asked.
        draft = tried.drafted(sections)
        notes = None if draft is None else {section: notes_in(song, draft.part, section) for section in sections}
        if draft is None or notes is None or any(old[section] and not notes[section] for section in sections):
            continue
        other = _least_difference(old, notes)
        if other >= ENOUGH and _fits(song, part, notes):
            return _taken(song, tried, draft, sections, other)
        if other > most:
            best, most = (tried, draft), other
    if best is None or most < _LEAST:
        return replace(_broken_up(song, part, sections), seed=seed)
    return _taken(song, *best, sections, most)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to play a stretch."""

    song: UnifiedComposition
    cell: Cell
    seed: int

    def drafted(self, sections: Sequence[str] = ()) -> Draft | None:
        """Return what it writes, None where another choice of who sings along leaves this singer out."""
        draft = drafted(self.song, self.cell.part, decisions_for(self.song, self.cell, self.seed), sections)
        there = any(part.name == self.cell.part for part in draft.song.parts)
        return draft if there else None


def _taken(
    song: UnifiedComposition, attempt: _Attempt, draft: Draft, sections: Sequence[str], difference: float
) -> Fresh:
    whole = draft if draft.whole else attempt.drafted() or draft
    return replace(_fresh(song, felt(whole), sections), difference=difference, seed=attempt.seed)


def _fresh(song: UnifiedComposition, performance: Performance, sections: Sequence[str]) -> Fresh:
    notes = {section: notes_in(song, performance.part, section) for section in sections}
    sung = performance.part.role is Role.VOCAL and song.lyrics is not None
    lines = {section: lines_in(performance.lyrics, section) for section in sections} if sung else {}
    follows = performance.part.name == LEAD
    company = {
        part.name: {section: notes_in(song, part, section) for section in sections}
        for part in (performance.company if follows else ())
    }
    return Fresh(notes, lines, performance.decisions.made, company=company)


def _worded(song: UnifiedComposition, words: Words) -> UnifiedComposition:
    if song.lyrics is None:
        return song
    return replace(song, context=replace(song.context, lyrics=lyric_text(song, words)))


def _varied(song: UnifiedComposition, name: str, sections: Sequence[str], attempt: int) -> UnifiedComposition:
    """Return the song with, in later attempts, another liveliness of the stretch or another register of the part."""
    plan = next(plan for plan in song.arrangement if plan.name == name)
    if attempt >= _LIVELIER_FROM and plan.role not in (Role.VOCAL, Role.LEAD):
        song = _turned(song, sections)
    if attempt >= _MOVED_FROM and plan.role is not Role.DRUMS:
        moved = _moved(plan, _SHIFT if attempt % 2 else -_SHIFT)
        song = replace(song, arrangement=tuple(moved if each is plan else each for each in song.arrangement))
    return song


def _turned(song: UnifiedComposition, sections: Sequence[str]) -> UnifiedComposition:
    """Return the song with the energy of some sections on the other side of what players call lively."""
    energy, changed = list(song.energy), []
    for section in song.sections:
        other = _CALM if section.energy >= _BORDER else _LIVELY
        if section.name in sections:
            places = range(section.start_bar, min(section.end_bar, len(energy)))
            energy[section.start_bar : section.end_bar] = [other for _ in places]
            section = replace(section, energy=other)  # noqa: PLW2901 - the changed one takes its place
        changed.append(section)
    return replace(song, sections=tuple(changed), energy=tuple(energy))


def _moved(plan: PartPlan, semitones: int) -> PartPlan:
    info = instrument(plan.instrument)
    low, high = max(info.low, plan.low + semitones), min(info.high, plan.high + semitones)
    return replace(plan, low=low, high=high) if high - low >= _WIDEST else plan


def _least_difference(old: Mapping[str, Sequence[Note]], new: Mapping[str, Sequence[Note]]) -> float:
    played = [(old[section], notes) for section, notes in new.items()]
    return min((difference(before, after) for before, after in played if before or after), default=0.0)


def _fits(song: UnifiedComposition, part: Part, fresh: Mapping[str, Sequence[Note]]) -> bool:
    """Whether a single line takes no wider step over its seams than it did, or than a tune may."""
    if part.role not in _MELODIC:
        return True
    after = spliced(song, part, fresh)
    edges = [edge for name in fresh for edge in span(song, section_of(song, name))]
    return all(_step(after, edge) <= max(_WIDEST, _step(part, edge)) for edge in edges)


def _step(part: Part, edge: Fraction) -> int:
    before = next((note for note in reversed(part.notes) if note.start < edge), None)
    after = next((note for note in part.notes if note.start >= edge), None)
    return abs(before.pitch - after.pitch) if before and after else 0


def _broken_up(song: UnifiedComposition, part: Part, sections: Sequence[str]) -> Fresh:
    """Return the stretch struck twice as often: for what can only ever be played one way, such as a riser."""
    notes = {
        name: tuple(sorted(half for note in notes_in(song, part, name) for half in _halves(note))) for name in sections
    }
    return Fresh(notes, difference=1.0)


def _halves(note: Note) -> tuple[Note, Note]:
    half = note.duration / 2
    return replace(note, duration=half, velocity=max(1, note.velocity - 12)), replace(
        note, start=note.start + half, duration=half
    )


def _recorded(old: Sequence[Decision], new: Sequence[Decision], name: str, number: int) -> tuple[Decision, ...]:
    """Return the record with the choices that this remake made otherwise, under a path of their own."""
    before = {decision.path: decision for decision in old}
    changed = [decision for decision in new if before.get(decision.path) != decision]
    fresh = (replace(decision, path=f"edit.{number}/{name}/{decision.path}") for decision in changed)
    return tuple(sorted({**before, **{each.path: each for each in fresh}}.values(), key=lambda each: each.path))
