"""What the players of a song agree on before they play: grooves, late entries and the silence before a chorus.

Several elements need the same answer (the bass must know the kick before a drum is written), so whoever asks first
decides and the others read the record. That keeps the order in which elements run without influence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from text2song.compose.decisions import Decisions
from text2song.compose.elements.layers import rests
from text2song.compose.elements.metric import metric_grooves
from text2song.compose.elements.pace import paced
from text2song.compose.elements.patterns import GROUPS, Groove, grooves, suits
from text2song.compose.metre import beats
from text2song.compose.style import Style
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role
from text2song.domain.theory import TimeSignature

Option = TypeVar("Option")

#: Sections worth holding one's breath for.
ARRIVALS = (SectionKind.CHORUS, SectionKind.DROP)
#: Below and above these energies a section has another kind's groove.
_QUIET, _LOUD = 0.4, 0.82
#: Parts that may come in late without a section sounding empty, the most natural latecomer first.
_LATECOMERS = ("arpeggio", "counter", "percussion", "pad")

#: Bars from which a section, and from which an intro or outro, has its band change half-way.
_LONG_BARS, _EDGE_BARS = 8, 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A moment before a section in which the band is silent, in quarter notes."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Cues:
    """The agreements of one song."""

    gaps: tuple[Gap, ...]
    #: Per section name: the part that waits, and for how many bars.
    late: dict[str, tuple[str, int]]
    #: Per part: where it pauses inside its sections.
    pauses: Mapping[str, tuple[Gap, ...]] = field(default_factory=dict)

    def entry(self, section: Section, part: str) -> int:
        """Return how many bars of the section the part waits."""
        who, bars = self.late.get(section.name, ("", 0))
        return bars if who == part else 0

    def gap_in(self, start: Fraction, end: Fraction) -> Gap | None:
        """Return the gap that lies in a stretch of time."""
        return next((gap for gap in self.gaps if start < gap.end <= end), None)

    def struck(self, notes: Sequence[Note], part: str) -> list[Note]:
        """Return the notes of a part that ring by themselves without those that begin in a gap or a pause of it."""
        gaps = (*self.gaps, *self.pauses.get(part, ()))
        return [note for note in notes if not any(gap.start <= note.start < gap.end for gap in gaps)]

    def silenced(self, notes: Sequence[Note], part: str = "") -> list[Note]:
        """Return the notes with the gaps, and the pauses of the part, cut out of them."""
        gaps = sorted((*self.gaps, *self.pauses.get(part, ())), key=lambda gap: gap.start)
        if not gaps:
            return list(notes)
        kept = []
        for note in notes:
            end = note.start + note.duration
            gap = next((gap for gap in gaps if note.start < gap.end and gap.start < end), None)
            if gap is None:
                kept.append(note)
            elif note.start < gap.start:
                kept.append(replace(note, duration=gap.start - note.start))
        return kept


def ends_held(composition: UnifiedComposition) -> bool:
    """Return whether the last bar is one long chord."""
    return composition.ends_held


def is_held(composition: UnifiedComposition, bar: int) -> bool:
    """Return whether a bar of the song is the long chord at its end."""
    return ends_held(composition) and bar == composition.bars - 1


def recall(
    decisions: Decisions, path: str, options: Sequence[Option], weights: Sequence[float] | None = None
) -> Option:
    """Return what was decided at `path`, deciding it now if nobody has."""
    made = decisions.recorded(path)
    return decisions.decide(path, options, weights) if made is None else options[made.index]


def cues(composition: UnifiedComposition, style: Style, decisions: Decisions) -> Cues:
    """Return the agreements of the song."""
    bar = composition.time_signature.bar
    pauses = {
        name: tuple(Gap(span.first * bar, span.last * bar) for span in spans)
        for name, spans in rests(composition, style).items()
    } | _leaving(composition, decisions)
    return Cues(_gaps(composition, style, decisions), _late(composition, decisions), MappingProxyType(pauses))


def groove_of(section: Section, metre: TimeSignature, style: Style, decisions: Decisions, pace: float = 1.0) -> Groove:
    """Return the groove of a section; sections of one group share it throughout the song.

    `pace` is 0.5 for a half-time feel, 2 for double time: the backbone moves at that rate, the hats stay.
    """
    group = _group(section)
    pool = [groove for groove in grooves(str(style.table("groove").get("library", "pop"))) if suits(groove, metre.name)]
    if not any(groove.metres for groove in pool):
        pool = [*pool, *metric_grooves(str(style.table("groove").get("fills", "")), metre)]
    fitting = [groove for groove in pool if group in groove.groups] or pool
    # What is made for the metre goes before what is only fitted to it.
    fitting = [groove for groove in fitting if groove.metres] or fitting
    return paced(recall(decisions, f"drums/groove/{group}", fitting, [groove.weight for groove in fitting]), pace)


def _group(section: Section) -> str:
    """Return what a drummer is there for: a quiet chorus is played as a verse, a loud verse as a chorus."""
    group = GROUPS[section.kind]
    if group == "chorus" and section.energy < _QUIET:
        return "verse"
    return "chorus" if group in ("verse", "bridge", "intro") and section.energy > _LOUD else group


def _gaps(composition: UnifiedComposition, style: Style, decisions: Decisions) -> tuple[Gap, ...]:
    chance = float(style.table("groove").get("dropout", 0.5))
    arrivals = [
        section for before, section in pairwise(composition.sections) if section.kind in ARRIVALS and before.bars >= 2
    ]
    metre = composition.time_signature
    half = metre.bar - max(beat for beat in beats(metre) if 2 * beat <= metre.bar)
    lengths = (Fraction(0), metre.pulse, half)
    found = []
    for section in arrivals:
        # The last arrival always has its moment, half a bar of it, where the style knows such moments at all.
        certain = (0.0, 0.0, 1.0) if section is arrivals[-1] and chance > 0 else (1.0 - chance, chance / 2, chance / 2)
        length = recall(decisions, f"{section.name}/cue/gap", lengths, certain)
        if length:
            end = composition.section_start(section)
            found.append(Gap(end - length, end))
    return tuple(found)


def _late(composition: UnifiedComposition, decisions: Decisions) -> dict[str, tuple[str, int]]:
    """Let one part per long section wait for its second half, so that no eight bars are the same band.

    An intro builds up as well, however short: else the four bars before a verse would have more players than it has.
    """
    found = {}
    for section in composition.sections:
        least = _EDGE_BARS if section.kind is SectionKind.INTRO and not composition.context.energy else _LONG_BARS
        names = _latecomers(composition, section)
        if section.bars < least or section.kind is SectionKind.OUTRO or not names:
            continue
        weights = [2.0**-rank for rank in range(len(names))]
        who = recall(decisions, f"{section.name}/cue/late", names, weights)
        half = section.bars // 2
        found[section.name] = (who, half - half % 4 or half)
    return found


def _leaving(composition: UnifiedComposition, decisions: Decisions) -> dict[str, tuple[Gap, ...]]:
    """Let one part leave in the middle of the ending; it is back for the last chord. A drawn curve says its own."""
    last = composition.sections[-1]
    names = _latecomers(composition, last)
    if last.kind is not SectionKind.OUTRO or last.bars < _EDGE_BARS or composition.context.energy or not names:
        return {}
    weights = [2.0**-rank for rank in range(len(names))]
    who = recall(decisions, f"{last.name}/cue/leaves", names, weights)
    bar = composition.time_signature.bar
    start = (last.start_bar + last.bars // 2) * bar
    return {who: (Gap(start, composition.length - bar),)}


def _latecomers(composition: UnifiedComposition, section: Section) -> list[str]:
    """Return who may be missed for half a section: nobody where fewer than three accompany the tune."""
    playing = [plan for plan in composition.arrangement if section.name in plan.sections]
    band = sum(plan.role not in (Role.VOCAL, Role.LEAD) for plan in playing)
    return [name for name in _LATECOMERS if any(plan.name == name for plan in playing)] if band >= 3 else []
