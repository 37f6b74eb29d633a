"""The vocal arrangement: doubles, harmonies, a duet partner and held vowels around the lead that the lyrics gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.harmonies import Second, harmonised
from text2song.compose.elements.singers import delivery_of, habits, is_duet, lead_voice, partner_of, sibling_of
from text2song.compose.elements.voiceleading import voiced
from text2song.compose.style import Style
from text2song.domain.composition import ChordSpan, PartPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.score import Note, Part, Role
from text2song.domain.voices import Singing, VocalPlan, VoiceInfo, voice

#: The part of the lead, and the language whose words are sung rather than played.
LEAD = "vocal"
_SUNG = "en"
_VOICE, _CHOIR = "voice_lead", "choir"
#: Two takes of one singer are never closer than this: microseconds and cents.
_DOUBLE_US, _DOUBLE_CENTS = 15_000, (6.0, -6.0)
_OOH_VOICES, _OOH_REGISTER = 3, (55, 74)
#: Where the story is told, which two singers share.
_TOLD = (SectionKind.VERSE, SectionKind.BRIDGE)
#: From this share of the fullest chorus on, harmonies and vowels join.
_FULL = 0.999


class VocalsElement:
    """Adds the voices around the lead; needs its words, so a song without them stays as it is."""

    name = "vocals"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its backing vocals and a plan for every vocal part."""
        lead = next((part for part in composition.parts if part.name == LEAD), None)
        if lead is None or composition.lyrics is None or not composition.lyrics.language.startswith(_SUNG):
            return composition
        return _Arranger(composition, style, decisions).arranged(lead)


def lead_plan(composition: UnifiedComposition, style: Style, decisions: Decisions) -> tuple[VocalPlan, VoiceInfo]:
    """Return who leads the song and how; the arrangement gives the lead this voice's register."""
    info = lead_voice(composition.context, style, decisions)
    return VocalPlan(LEAD, info.id, delivery_of(composition.context, style)), info


class _Arranger:
    """Writes the backing vocals of one song."""

    def __init__(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> None:
        self._song = composition
        self._decisions = decisions
        self._habits: Mapping[str, Any] = habits(composition.context, style)
        plan = next((plan for plan in composition.vocals if plan.part == LEAD), None)
        self._plan = plan or lead_plan(composition, style, decisions)[0]
        self._voice = voice(self._plan.voice)
        self._parts: list[Part] = []
        self._plans: list[VocalPlan] = []

    def arranged(self, lead: Part) -> UnifiedComposition:
        """Return the song with everything that joins the lead."""
        fullness = _fullness(self._song.sections)
        if is_duet(self._song.context):
            lead = self._duet(lead, fullness)
        self._doubles(lead, fullness)
        self._harmonies(lead, fullness)
        self._oohs(lead, fullness)
        parts = tuple(lead if part.name == LEAD else part for part in self._song.parts)
        arrangement = (*self._song.arrangement, *(self._part_plan(part) for part in self._parts))
        vocals = (self._plan, *self._plans)
        return replace(self._song, parts=(*parts, *self._parts), arrangement=arrangement, vocals=vocals)

    def _add(self, part: Part, plan: VocalPlan) -> None:
        if part.notes:
            self._parts.append(part)
            self._plans.append(plan)

    def _doubles(self, lead: Part, fullness: Mapping[str, float]) -> None:
        # A choir is many voices already.
        takes = 0 if self._voice.kind == "choir" else int(self._habits["doubles"])
        for number in range(takes):
            name = "double" if number == 0 else f"double-{number + 1}"
            # The second take waits for a chorus that is more than the first.
            enough = 0.0 if number == 0 or len(fullness) == 1 else 0.01
            notes = [
                replace(note, nudge_us=note.nudge_us + self._late(name, note), why="vocals/double")
                for note in self._inside(lead, [section for section, full in fullness.items() if full >= enough])
            ]
            cents = _DOUBLE_CENTS[number % 2]
            plan = replace(self._plan, part=name, singing=Singing.DOUBLE, cents=cents)
            self._add(Part(name, Role.BACKING, _VOICE, tuple(notes)), plan)

    def _harmonies(self, lead: Part, fullness: Mapping[str, float]) -> None:
        pool = [(int(steps), float(weight)) for steps, weight in self._habits["harmonies"]]
        written: list[Sequence[Note]] = [lead.notes, *(part.notes for part in self._parts if part.name == "vocal-2")]
        colour = sibling_of(self._voice)
        for number in range(min(2, len(pool))):
            steps = self._decisions.decide(f"vocals/harmony/{number + 1}", [s for s, _ in pool], [w for _, w in pool])
            pool = [(other, weight) for other, weight in pool if (other > 0) != (steps > 0)] or pool
            least = _FULL if number else 1.0 - float(self._habits["eager"])
            where = [section for section, full in fullness.items() if full >= least]
            low, high = min(colour.low, self._voice.low), max(colour.high, self._voice.high)
            notes = harmonised(self._inside(lead, where), Second(steps, low, high), self._song, written)
            name = "harmony" if number == 0 else f"harmony-{number + 1}"
            written.append(notes)
            # Another colour than the lead's, unless the part lies better for the lead's own voice.
            singer = min((colour, self._voice), key=lambda info: _outside(notes, info))
            plan = VocalPlan(name, singer.id, self._plan.delivery, Singing.HARMONY, 3.0 - 6.0 * number)
            self._add(Part(name, Role.BACKING, _VOICE, notes), plan)

    def _oohs(self, lead: Part, fullness: Mapping[str, float]) -> None:
        if not self._decisions.chance("vocals/oohs", float(self._habits["oohs"])):
            return
        sung = {line.section for line in (self._song.lyrics.lines if self._song.lyrics else ())}
        where = {section for section, full in fullness.items() if full >= _FULL}
        where |= {section.name for section in self._song.sections if section.kind is SectionKind.BRIDGE} & sung
        spans = [span for span in self._song.harmony if span.section in where]
        level = round(sum(note.velocity for note in lead.notes) / max(len(lead.notes), 1)) - 18
        plan = VocalPlan("oohs", "choir", "choral", Singing.VOWELS)
        self._add(Part("oohs", Role.BACKING, _CHOIR, _held(spans, max(level, 20))), plan)

    def _duet(self, lead: Part, fullness: Mapping[str, float]) -> Part:
        """Give every second verse and bridge to a partner, who joins the lead in the choruses."""
        partner = partner_of(self._voice)
        taken = self._shared(lead)
        low, high = partner.tessitura
        shift = _octaves(taken, low, high)
        alone = [replace(note, pitch=note.pitch + shift) for note in taken]
        middle = (low + high) / 2
        mean = sum(note.pitch for note in lead.notes) / max(len(lead.notes), 1)
        beside = Second(-5 if mean > middle else 2, partner.low, partner.high)
        joined = harmonised(self._inside(lead, list(fullness)), beside, self._song)
        plan = VocalPlan("vocal-2", partner.id, self._plan.delivery)
        self._add(Part("vocal-2", Role.VOCAL, _VOICE, tuple(sorted([*alone, *joined]))), plan)
        return replace(lead, notes=tuple(note for note in lead.notes if note not in set(taken)))

    def _shared(self, lead: Part) -> list[Note]:
        """Return what the partner sings instead of the lead: every second verse, or the later half of the only one."""
        sung = [s for s in self._song.sections if s.kind in _TOLD and self._inside(lead, [s.name])]
        if len(sung) > 1:
            return self._inside(lead, [section.name for section in sung[1::2]])
        found = self._inside(lead, [section.name for section in sung])
        lines = self._song.lyrics.lines if self._song.lyrics else ()
        told = {section.name for section in sung}
        starts = [line.syllables[0].start for line in lines if line.syllables and line.section in told]
        half = starts[(len(starts) + 1) // 2] if len(starts) > 1 else None
        return [note for note in found if half is not None and note.start >= half]

    def _inside(self, part: Part, sections: Sequence[str]) -> list[Note]:
        bounds = []
        for section in self._song.sections:
            if section.name in sections:
                start = self._song.section_start(section)
                bounds.append((start, start + section.bars * self._song.time_signature.bar))
        return [note for note in part.notes if any(start <= note.start < end for start, end in bounds)]

    def _late(self, name: str, note: Note) -> int:
        return round(_DOUBLE_US * self._decisions.jitter(f"vocals/{name}/{note.start}"))

    def _part_plan(self, part: Part) -> PartPlan:
        bar = self._song.time_signature.bar
        where = {int(note.start // bar) for note in part.notes}
        sections = tuple(
            section.name
            for section in self._song.sections
            if any(section.start_bar <= number < section.end_bar for number in where)
        )
        pitches = [note.pitch for note in part.notes]
        return PartPlan(part.name, part.role, part.instrument, sections, min(pitches), max(pitches))


def _outside(notes: Sequence[Note], info: VoiceInfo) -> int:
    """Return how many of the notes lie outside a singer's range."""
    return sum(not info.low <= note.pitch <= info.high for note in notes)


def _fullness(sections: Sequence[Section]) -> dict[str, float]:
    """Return for each chorus, or drop or else bridge, how full it is: 0 the thinnest, 1 the last of the strongest."""
    kinds = (SectionKind.CHORUS, SectionKind.DROP, SectionKind.BRIDGE)
    kind = next((kind for kind in kinds if any(section.kind is kind for section in sections)), None)
    chosen = [section for section in sections if section.kind is kind]
    order = sorted(range(len(chosen)), key=lambda index: (chosen[index].energy, index))
    places = {index: rank / (len(chosen) - 1) if len(chosen) > 1 else 1.0 for rank, index in enumerate(order)}
    return {section.name: places[index] for index, section in enumerate(chosen)}


def _held(spans: Sequence[ChordSpan], velocity: int) -> tuple[Note, ...]:
    """Return the chords in close voices, tones that stay held over."""
    notes: list[Note] = []
    previous: tuple[int, ...] = ()
    for span in spans:
        previous = voiced(span.chord, _OOH_VOICES, *_OOH_REGISTER, previous)
        notes += [Note(span.start, pitch, span.duration, velocity, why="vocals/oohs") for pitch in previous]
    return tuple(sorted(notes))


def _octaves(notes: Sequence[Note], low: int, high: int) -> int:
    """Return the semitones, whole octaves, that bring a tune to where another voice is at ease."""
    if not notes:
        return 0
    mean = sum(note.pitch for note in notes) / len(notes)
    return 12 * round(((low + high) / 2 - mean) / 12)
