"""The melody: what is sung, and what leads where nobody sings."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from text2song.compose.decisions import Decisions
from text2song.compose.elements.compass import ladder_of, lean_toward_goal, mean_of
from text2song.compose.elements.form import PEAKS
from text2song.compose.elements.graces import adorned
from text2song.compose.elements.line import Ladder, Manner, Place, find_line, reach_peak, step_pitch
from text2song.compose.elements.material import Material, Pace
from text2song.compose.elements.ornament import approached, enclosed
from text2song.compose.elements.pickup import led_into
from text2song.compose.elements.recall import recalling
from text2song.compose.elements.refine import Line, refined
from text2song.compose.elements.theme import PHRASE_BARS, Event, events
from text2song.compose.metre import DIVISION, level
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import Chord, TimeSignature

#: Steps that any part has room for below the peak.
_NARROW = 4
_MELODIC = (Role.VOCAL, Role.LEAD)
_LONG = Fraction(3, 2)
_QUICKENING = 0.12
_ACCENTS = (-4, 1, 4, 8)
#: How many times a section is written for its height beside the goal.
_RISE_TRIES = 3


@dataclass(slots=True)
class _Sung:
    """What one part has sung so far, everything counted in steps above its lowest comfortable note."""

    #: Per kind of section: the step of every note by its start in the section and the chord it was first heard on.
    first: dict[SectionKind, dict[Fraction, tuple[int, Chord]]] = field(default_factory=dict)
    manners: dict[SectionKind, Manner] = field(default_factory=dict)
    #: Per kind: the middle it was written about.
    middles: dict[SectionKind, int] = field(default_factory=dict)
    #: Mean pitch by kind, as far above the key's tonic as in the first key.
    means: dict[SectionKind, float] = field(default_factory=dict)
    #: The highest step of the goal.
    peak: int | None = None


class MelodyElement:
    """Writes the part of every plan whose role is vocal or lead; one such plan that sings alone has the tune."""

    name = "melody"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its melodic parts added."""
        plans = sorted(
            (plan for plan in composition.arrangement if plan.role in _MELODIC),
            key=lambda plan: _MELODIC.index(plan.role),
        )
        if not plans:
            return composition
        sung = plans[0].role is Role.VOCAL
        quarter = float(60 / composition.tempo.bpm)
        # Excitement quickens the tongue as well as the pulse.
        factor = 1 - _QUICKENING * composition.context.arousal
        factor *= 1.0 if sung else float(style.table("melody").get("lead_pace", 1.3))
        kinds = {section.kind for section in composition.sections}
        material = Material(style, decisions, Pace(composition.time_signature, quarter, factor, sung), kinds)
        writer = _Writer(composition, material, style, decisions)
        taken: dict[str, tuple[Note, ...]] = {}
        parts = [writer.part(plan, taken) for plan in plans]
        return replace(composition, parts=(*composition.parts, *parts))


class _Writer:
    """Sets themes to the chords of one composition."""

    def __init__(self, composition: UnifiedComposition, material: Material, style: Style, decisions: Decisions) -> None:
        self._song = composition
        self._material = material
        self._decisions = decisions
        table = style.table("melody")
        self._table = table
        self._enclosing = float(table.get("enclosing", 0.0))
        self._chromatic = float(table.get("chromatic", 0.0))

    def part(self, plan: PartPlan, taken: dict[str, tuple[Note, ...]]) -> Part:
        """Return the part of a plan in the sections that no other part sings; they go into `taken`."""
        named = [section for section in self._song.sections if section.name in plan.sections]
        tunes = self._tunes(plan, [section for section in named if section.name not in taken])
        taken.update(tunes)
        notes = [note for tune in tunes.values() for note in tune]
        return Part(plan.name, plan.role, plan.instrument, tuple(sorted(notes, key=lambda note: note.start)))

    def _tunes(self, plan: PartPlan, sections: Sequence[Section]) -> dict[str, tuple[Note, ...]]:
        """Return the tunes of sections by name; the goal is written first, so that all else can stay below it."""
        times = Counter[SectionKind]()
        order: list[tuple[bool, int, int]] = []
        for place, section in enumerate(sections):
            times[section.kind] += 1
            order.append((section.kind is not self._material.goal, place, times[section.kind]))
        sung = _Sung()
        found: dict[str, tuple[Note, ...]] = {}
        for _, place, time in sorted(order):
            section = sections[place]
            final = section.kind is self._material.goal and 1 < time == times[section.kind]
            found[section.name] = self._tune(plan, section, sung, time, final=final)
        return found

    def _tune(self, plan: PartPlan, section: Section, sung: _Sung, time: int, *, final: bool) -> tuple[Note, ...]:
        last = section is self._song.sections[-1]
        theme = self._material.returning(section.kind, time)
        found = led_into(events(theme, section.bars, ends_song=last), theme)
        ladder = ladder_of(self._song, plan, section, self._table)
        places, line = self._line(section, found, ladder, sung, final=final)
        bottom = ladder.window[0]
        heard = {
            event.start: (step - bottom, place.chord.transposed(-ladder.key.tonic))
            for event, step, place in zip(found, line.steps, places, strict=True)
        }
        if section.kind not in sung.first:
            sung.manners[section.kind] = line.manner
            if section.kind is self._material.goal and section.kind in PEAKS:
                sung.peak = max(line.steps, default=bottom) - bottom
        # A section longer than its first time is remembered from there on.
        sung.first[section.kind] = heard | sung.first.get(section.kind, {})
        path = f"{section.kind.value}/melody/approach"
        phrase = PHRASE_BARS * self._song.time_signature.bar
        pitches = pitches_of(places, line.steps, ladder)
        bent = approached(pitches, found, places, self._chromatic, path, self._decisions, phrase)
        if self._enclosing and plan.low + 1 < min(bent, default=0) and max(bent, default=0) < plan.high - 1:
            bent = enclosed(bent, found, places, self._enclosing, f"{path}/enclosure", self._decisions, phrase)
        notes = self._notes(plan, section, found, bent)
        return adorned(notes, (self._song, section, plan), self._table, self._decisions)

    def _line(
        self, section: Section, found: Sequence[Event], ladder: Ladder, sung: _Sung, *, final: bool
    ) -> tuple[tuple[Place, ...], Line]:
        """Return the places of a section's events and the line through them."""
        kind, bottom = section.kind, ladder.window[0]
        if kind in sung.first:
            level = (bottom + sung.middles[kind], ladder.window[1])
            places = places_of(self._song, section, found, level)
            places = recalling(places, found, sung.first[kind], ladder)
            places = self._under(places, ladder, sung, kind, final=final)
            manner = sung.manners[kind]
            # What comes back note for note needs no search.
            kept = tuple(place.reference for place in places if place.reference is not None)
            steps = kept if len(kept) == len(places) else find_line(places, ladder, manner)
            return places, Line(steps, manner)
        middle = self._material.height(kind)
        for _ in range(_RISE_TRIES):
            level = (bottom + middle, ladder.window[1])
            places = self._under(places_of(self._song, section, found, level), ladder, sung, kind, final=final)
            line = refined(places, found, self._song.time_signature.bar, ladder)
            mean = mean_of(pitches_of(places, line.steps, ladder)) - ladder.key.tonic
            lean = lean_toward_goal(kind, mean, sung.means)
            if not lean or middle + lean < 0:
                break
            middle += lean
        sung.middles[kind], sung.means[kind] = middle, mean
        return places, line

    def _under(
        self, places: tuple[Place, ...], ladder: Ladder, sung: _Sung, kind: SectionKind, *, final: bool
    ) -> tuple[Place, ...]:
        """Return the places with the peak of a goal, once passed at the end, and all else kept below it."""
        if sung.peak is None or kind is self._material.goal:
            # A goal that comes back reaches its peak again; the last one passes it.
            over = None if sung.peak is None else ladder.window[0] + sung.peak - (not final)
            return reach_peak(places, ladder, over)
        # A part of narrow compass has no room to keep below.
        top = ladder.window[0] + max(sung.peak, _NARROW)
        return tuple(replace(place, ceiling=top) for place in reach_peak(places, ladder))

    def _notes(
        self, plan: PartPlan, section: Section, found: Sequence[Event], pitches: Iterable[int]
    ) -> tuple[Note, ...]:
        start = self._song.section_start(section)
        metre = self._song.time_signature
        return tuple(
            Note(
                start=start + event.start,
                pitch=pitch,
                duration=event.duration,
                velocity=self._velocity(plan, section, event, strength(event.start % metre.bar, metre)),
                why=f"{section.kind.value}/melody/{event.source}",
            )
            for event, pitch in zip(found, pitches, strict=True)
        )

    def _velocity(self, plan: PartPlan, section: Section, event: Event, accent: int) -> int:
        bar = self._song.time_signature.bar
        phase = float(event.start % (4 * bar) / (4 * bar))
        arch = 20 * phase * (1 - phase) - 3
        jitter = self._decisions.jitter(f"{section.name}/melody/velocity/{plan.name}/{event.start}")
        level = 62 + 32 * section.energy + _ACCENTS[accent] + arch + 4 * jitter
        return max(1, min(127, round(level)))


def strength(position: Fraction, metre: TimeSignature) -> int:
    """Return how strong a position in the bar is: 3 its start, 2 a strong beat, 1 a beat, 0 between beats."""
    return max(0, level(position, metre) - DIVISION)


def places_of(
    song: UnifiedComposition, section: Section, found: Sequence[Event], level: tuple[int, int]
) -> tuple[Place, ...]:
    """Return a section's events over their chords; `level` holds the section's middle step and the highest in reach."""
    middle, top = level
    start, metre = song.section_start(section), song.time_signature
    starts = [span.start for span in song.harmony]
    places: list[Place] = []
    for index, event in enumerate(found):
        span = song.harmony[bisect_right(starts, start + event.start) - 1]
        places.append(
            Place(
                chord=span.chord,
                target=min(middle + event.target, top),
                strength=strength(event.start % metre.bar, metre),
                long=event.duration >= _LONG,
                joined=index > 0 and found[index - 1].cell == event.cell,
                ending=event.ending,
                peak=event.peak,
            )
        )
    return tuple(places)


def pitches_of(places: Sequence[Place], steps: Sequence[int], ladder: Ladder) -> tuple[int, ...]:
    """Return the MIDI pitches of a line."""
    return tuple(step_pitch(ladder.key, place.chord, step) for place, step in zip(places, steps, strict=True))
