"""Measures the rules of rhythm, feel and arrangement on a composition; the tests say which figures are enough."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, pstdev

from scipy.stats import spearmanr

from text2song.compose.elements.changes import Changes
from text2song.compose.elements.cues import is_held
from text2song.domain.composition import Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

KICK = 36
CRASHES = (49, 57)
HATS = (42, 54, 70)
SNARES = (37, 38, 39, 40)


def part_of(song: UnifiedComposition, name: str) -> Part | None:
    """Return a part by its name, None where the song has none."""
    return next((part for part in song.parts if part.name == name), None)


def plays(song: UnifiedComposition, name: str, section: Section) -> bool:
    """Return whether the plan has a part in a section."""
    return any(plan.name == name and section.name in plan.sections for plan in song.arrangement)


def bar_notes(song: UnifiedComposition, part: Part, bar: int) -> list[Note]:
    """Return the notes that begin in a bar of the song."""
    start, end = bar * song.time_signature.bar, (bar + 1) * song.time_signature.bar
    return [note for note in part.notes if start <= note.start < end]


def pattern(song: UnifiedComposition, part: Part, bar: int) -> frozenset[tuple[Fraction, int]]:
    """Return where a bar strikes which key."""
    start = bar * song.time_signature.bar
    return frozenset((note.start - start, note.pitch) for note in bar_notes(song, part, bar))


def root_first(song: UnifiedComposition) -> list[bool]:
    """Return, bar by bar, whether the bass begins with the root (or slash bass) of the chord it stands on."""
    bass = part_of(song, "bass")
    changes = Changes(song)
    found = []
    for bar in range(song.bars):
        notes = bar_notes(song, bass, bar) if bass else []
        if notes:
            found.append(notes[0].pitch % 12 == changes.at(notes[0].start).chord.bass_pitch_class)
    return found


def approaches(song: UnifiedComposition) -> list[bool]:
    """Return, for each bar line with a new root, whether the bass leads into it on the last eighth."""
    bass = part_of(song, "bass")
    changes = Changes(song)
    found = []
    for bar in range(song.bars - 1):
        end = (bar + 1) * song.time_signature.bar
        here, there = changes.at(end - Fraction(1, 4)), changes.at(end)
        notes = bar_notes(song, bass, bar) if bass else []
        if notes and here.chord.bass_pitch_class != there.chord.bass_pitch_class:
            found.append(notes[-1].why.rpartition("/")[0].endswith("approach"))
    return found


def groove_similarities(song: UnifiedComposition) -> list[float]:
    """Return how alike neighbouring bars of the kit are within sections (Jaccard), last bars apart.

    A groove of two bars, as a clave makes it, is compared with itself two bars on.
    """
    drums = part_of(song, "drums")
    found = []
    for section in song.sections:
        if drums is None or not plays(song, "drums", section):
            continue
        near, far = (_alike(song, drums, section, lag) for lag in (1, 2))
        found.extend(far if far and mean(far) > mean(near) + 0.15 else near)
    return found


def _alike(song: UnifiedComposition, drums: Part, section: Section, lag: int) -> list[float]:
    bars = [pattern(song, drums, bar) for bar in range(section.start_bar, section.end_bar - 1)]
    pairs = [(here, there) for here, there in zip(bars, bars[lag:], strict=False) if here and there]
    return [len(here & there) / len(here | there) for here, there in pairs]


def boundaries(song: UnifiedComposition) -> list[tuple[bool, bool]]:
    """Return, for each change between sections with drums: whether a fill led there, whether kick and crash met it."""
    drums = part_of(song, "drums")
    found = []
    for before, after in pairwise(song.sections):
        if drums is None or not (plays(song, "drums", before) and plays(song, "drums", after)):
            continue
        filled = any(note.why.endswith("/fill") for note in bar_notes(song, drums, before.end_bar - 1))
        one = {note.pitch for note in drums.notes if note.start == song.section_start(after)}
        held = is_held(song, after.start_bar)
        found.append((filled, held or (bool(one & {KICK, 35}) and bool(one & set(CRASHES)))))
    return found


def nudges_ms(notes: Sequence[Note]) -> list[float]:
    """Return how late each note is, milliseconds."""
    return [note.nudge_us / 1000 for note in notes]


def autocorrelation(values: Sequence[float]) -> float:
    """Return the lag-one autocorrelation."""
    middle = mean(values)
    total = sum((value - middle) ** 2 for value in values)
    return sum((a - middle) * (b - middle) for a, b in pairwise(values)) / total if total else 0.0


def spread(values: Sequence[float]) -> float:
    """Return the standard deviation."""
    return pstdev(values) if len(values) > 1 else 0.0


def density(song: UnifiedComposition, section: Section) -> float:
    """Return the notes that begin per bar of a section, all parts."""
    start = song.section_start(section)
    end = start + section.bars * song.time_signature.bar
    return sum(start <= note.start < end for part in song.parts for note in part.notes) / section.bars


def layers(song: UnifiedComposition, section: Section) -> int:
    """Return how many parts the plan has in a section."""
    return sum(section.name in plan.sections for plan in song.arrangement)


def energy_rank(song: UnifiedComposition) -> float:
    """Return the rank correlation of the sections' energy with their notes per bar; 1 with fewer than three."""
    if len({section.energy for section in song.sections}) < 3:
        return 1.0
    energies = [section.energy for section in song.sections]
    return float(spearmanr(energies, [density(song, section) for section in song.sections]).statistic)


def texture(song: UnifiedComposition, first_bar: int, bars: int) -> frozenset[tuple[str, int, Fraction, int]]:
    """Return what a window of bars plays: part, bar, place and (for drums) key."""
    found = []
    for part in song.parts:
        for bar in range(first_bar, first_bar + bars):
            for place, pitch in pattern(song, part, bar):
                found.append((part.name, bar - first_bar, place, pitch if part.role is Role.DRUMS else 0))
    return frozenset(found)


def silent_before(song: UnifiedComposition, section: Section) -> bool:
    """Return whether the rhythm section and the harmony are silent on the last half beat before a section."""
    end = song.section_start(section)
    start = end - song.time_signature.pulse / 2
    roles = (Role.VOCAL, Role.LEAD, Role.EFFECTS)
    return not any(
        note.start < end and note.start + note.duration > start
        for part in song.parts
        if part.role not in roles
        for note in part.notes
    )


def voice_moves(notes: Sequence[Note]) -> list[int]:
    """Return how far each new pitch of a held-chord part is from the nearest pitch that sounded just before it."""
    found: list[int] = []
    for start in sorted({note.start for note in notes}):
        before = [note.pitch for note in notes if note.start < start == note.start + note.duration]
        held = [note.pitch for note in notes if note.start < start < note.start + note.duration]
        entering = [note for note in notes if note.start == start and before]
        found.extend(min(abs(note.pitch - pitch) for pitch in before + held) for note in entering)
    return found
