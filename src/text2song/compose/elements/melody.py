"""The melody: what is sung, what leads, and what answers in the singer's rests."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from text2song.compose.decisions import Decisions
from text2song.compose.elements.answer import answers
from text2song.compose.elements.line import Ladder, Place, find_line, nearest_step, reach_peak, step_pitch
from text2song.compose.elements.material import Material, Pace
from text2song.compose.elements.ornament import approached
from text2song.compose.elements.pickup import led_into
from text2song.compose.elements.theme import Ending, Event, events
from text2song.compose.metre import DIVISION, level
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import Key, TimeSignature

#: Semitones from the lowest to the highest comfortable note of a tune.
_COMPASS = 14
#: Semitones from which a register has room for a margin at both ends.
_ROOM = 10
_MELODIC = (Role.VOCAL, Role.LEAD)
_LONG = Fraction(3, 2)
_QUICKENING = 0.12
_ACCENTS = (-4, 1, 4, 8)
#: The step above the lowest comfortable note of every note of a section, by its start in the section.
_Heard = dict[Fraction, int]


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
        self._pentatonic = float(table.get("pentatonic", 0.0))
        self._chromatic = float(table.get("chromatic", 0.0))
        # A blues tune is minor whatever its chords.
        self._scale = str(table.get("scale", ""))
        self._starts = [span.start for span in composition.harmony]

    def part(self, plan: PartPlan, taken: dict[str, tuple[Note, ...]]) -> Part:
        """Return the part of a plan; sections another part already sings get answers, new ones go into `taken`."""
        notes: list[Note] = []
        heard: dict[SectionKind, _Heard] = {}
        times: Counter[SectionKind] = Counter()
        for section in self._song.sections:
            if section.name not in plan.sections:
                continue
            if section.name in taken:
                notes.extend(self._answers(plan, section, taken[section.name]))
                continue
            times[section.kind] += 1
            tune = self._tune(plan, section, heard, times[section.kind])
            taken[section.name] = tune
            notes.extend(tune)
        return Part(plan.name, plan.role, plan.instrument, tuple(notes))

    def _tune(self, plan: PartPlan, section: Section, heard: dict[SectionKind, _Heard], time: int) -> tuple[Note, ...]:
        last = section is self._song.sections[-1]
        theme = self._material.returning(section.kind, time)
        found = led_into(events(theme, section.bars, ends_song=last), theme)
        ladder = self._ladder(plan, section)
        middle = ladder.window[0] + self._material.height(section.kind)
        bottom = ladder.window[0]
        reference = {start: step + bottom for start, step in heard.get(section.kind, {}).items()}
        places = reach_peak(self._places(section, found, (middle, ladder.window[1]), reference), ladder)
        steps = find_line(places, ladder)
        starts = (event.start for event in found)
        heard.setdefault(section.kind, {start: step - bottom for start, step in zip(starts, steps, strict=True)})
        path = f"{section.kind.value}/melody/approach"
        pitches = _pitches(places, steps, ladder)
        bent = approached(pitches, found, places, self._chromatic, path, self._decisions)
        return self._notes(plan, section, found, bent)

    def _answers(self, plan: PartPlan, section: Section, tune: Sequence[Note]) -> tuple[Note, ...]:
        start = self._song.section_start(section)
        end = start + section.bars * self._song.time_signature.bar
        ladder = self._ladder(plan, section)
        middle = ladder.window[0] + self._material.height(section.kind)
        written: list[Note] = []
        replies = answers(tune, (start, end), self._material.hook(), section, self._decisions)
        for found in replies:
            places = self._places(section, found, (middle, ladder.window[1]), {})
            written.extend(self._notes(plan, section, found, _pitches(places, find_line(places, ladder), ladder)))
        return tuple(written)

    def _ladder(self, plan: PartPlan, section: Section) -> Ladder:
        key = self._key(section)
        low, high = nearest_step(key, plan.low), nearest_step(key, plan.high)
        # A step that a chord alters by a semitone must stay in the part's register too.
        if plan.high - plan.low >= _ROOM:
            low += key.pitch(low, -1) <= plan.low
            high -= key.pitch(high, -1) >= plan.high
        home = self._song.context.key
        home = replace(home, mode=self._scale) if self._scale else home
        # Steps count from the tonic: lifted past B, the same tune counts an octave of steps more.
        bottom = _bottom(home, plan) + (7 if key.tonic < home.tonic else 0)
        top = nearest_step(key, key.pitch(bottom, -1) + _COMPASS)
        low = min(max(low, bottom - 2), high)
        return Ladder(key, low, min(high, top + 1), (max(low, bottom), min(top, high)), self._pentatonic)

    def _key(self, section: Section) -> Key:
        """Return the key a section's tune is in; a style with a scale of its own keeps it in every key."""
        key = self._song.key_at(self._song.section_start(section))
        return replace(key, mode=self._scale) if self._scale else key

    def _places(
        self, section: Section, found: Sequence[Event], level: tuple[int, int], reference: Mapping[Fraction, int]
    ) -> tuple[Place, ...]:
        """Return the events over their chords; `level` holds the section's middle step and the highest in reach."""
        middle, top = level
        start = self._song.section_start(section)
        metre = self._song.time_signature
        places: list[Place] = []
        for index, event in enumerate(found):
            span = self._song.harmony[bisect_right(self._starts, start + event.start) - 1]
            places.append(
                Place(
                    chord=span.chord,
                    target=min(middle + event.target, top),
                    strength=strength(event.start % metre.bar, metre),
                    long=event.duration >= _LONG,
                    joined=index > 0 and found[index - 1].cell == event.cell,
                    ending=event.ending,
                    peak=event.peak,
                    # What ends the song may leave its earlier path.
                    reference=None if event.fresh or event.ending is Ending.SONG else reference.get(event.start),
                )
            )
        return tuple(places)

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


def _bottom(key: Key, plan: PartPlan) -> int:
    """Return the lowest comfortable step: a tonic or dominant that leaves the compass inside the part's register."""
    spare = max(0, plan.high - plan.low - _COMPASS)
    wanted = plan.low + spare // 2
    steps = range(nearest_step(key, plan.low), nearest_step(key, plan.low + spare) + 1)
    home = [step for step in steps if step % 7 in (0, 4) and plan.low <= key.pitch(step, -1) <= plan.low + spare]
    return min(home or [nearest_step(key, wanted)], key=lambda step: (abs(key.pitch(step, -1) - wanted), step))


def _pitches(places: Sequence[Place], steps: Sequence[int], ladder: Ladder) -> tuple[int, ...]:
    return tuple(step_pitch(ladder.key, place.chord, step) for place, step in zip(places, steps, strict=True))
