"""Answers: what an instrument says where the singer pauses, in the rests and under the last word of a phrase.

In musics of call and response the answer is half of the music (Maultsby 1990, "Africanisms in African-American Music"):
there every pause of a beat may be answered. Elsewhere only long rests are, and seldom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from text2song.compose.decisions import Decisions
from text2song.compose.elements.calling import habit_of, is_calling
from text2song.compose.elements.compass import ladder_of
from text2song.compose.elements.line import Ladder, find_line, nearest_step
from text2song.compose.elements.melody import pitches_of, places_of
from text2song.compose.elements.motif import Rhythm, read_rhythm, read_shape
from text2song.compose.elements.patterns import table
from text2song.compose.elements.pools import read_pool
from text2song.compose.elements.theme import Ending, Event
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

_GRID = Fraction(1, 2)
#: What a pause must have for an answer, in quarter notes: where that is the idiom, and where it is not.
_PAUSE, _LONG_PAUSE = Fraction(1), Fraction(3, 2)
#: An answer leaves this much before the next call, less where the pause is short.
_CLEAR, _CLEAR_SHORT = Fraction(1, 2), Fraction(1, 4)
#: A word held for so long may be answered once it has sounded for a beat; seconds and quarter notes.
_HELD_SECONDS, _HELD = 1.0, Fraction(2)
#: How many of a lead's notes may begin under a held word (rule 28 allows 15 %).
_UNDER_SHARE = 0.12
#: No note of an answer is shorter than this, seconds; an echo has at most so many notes.
_QUICKEST_SECONDS, _MOST_NOTES = 0.105, 5
#: Scale steps between the singer's last note and an answer under it.
_APART = 4
#: How often an answer is the one that this song has most.
_SIGNATURE = 0.5
_COMPOUND = Fraction(3, 2)
_ECHO, _PICKUP = "echo", "pickup"


@dataclass(frozen=True, slots=True)
class Pause:
    """Room for one answer, in quarter notes from the start of the song."""

    start: Fraction
    end: Fraction
    #: What was sung before it, phrase by phrase, the last note last.
    call: tuple[Note, ...]
    #: Whether the last word is still held.
    under: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One way to answer."""

    name: str
    kind: str
    rhythm: Rhythm
    outline: tuple[int, ...]
    compound: bool = False

    @property
    def length(self) -> Fraction:
        """Quarter notes from its beginning to its end."""
        offset, duration = self.rhythm[-1]
        return offset + duration


class AnswerElement:
    """Lets the parts that lead answer the voice in the sections they share; needs the notes that are sung."""

    name = "answer"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its answers."""
        calls = sorted(note for part in composition.parts if part.role is Role.VOCAL for note in part.notes)
        plans = [plan for plan in composition.arrangement if plan.role is Role.LEAD]
        if not calls or not plans:
            return composition
        respondent = _Respondent(composition, style, decisions, calls)
        parts = {part.name: part for part in composition.parts}
        answered = {plan.name: respondent.answered(parts[plan.name], plan) for plan in plans if plan.name in parts}
        return replace(composition, parts=tuple(answered.get(part.name, part) for part in composition.parts))


class _Respondent:
    """Writes the answers of one song."""

    def __init__(self, song: UnifiedComposition, style: Style, decisions: Decisions, calls: Sequence[Note]) -> None:
        self._song = song
        self._table = style.table("melody")
        self._habit, self._idiom = habit_of(style), is_calling(style)
        self._decisions = decisions
        self._calls = calls
        quarter = song.tempo.seconds(Fraction(1))
        compound = song.time_signature.pulse == _COMPOUND
        self._figures = [
            figure
            for figure in figures()
            if figure.compound in (compound, compound or figure.kind == _PICKUP)
            and min(float(duration) for _, duration in figure.rhythm) * quarter >= _QUICKEST_SECONDS
        ]
        self._kinds = read_pool(self._table, "answers")
        self._quarter = quarter

    def answered(self, part: Part, plan: PartPlan) -> Part:
        """Return a part with its answers; those under held words are few beside all it plays."""
        free: list[Note] = []
        under: list[tuple[Note, ...]] = []
        for section in self._song.sections:
            if section.name not in plan.sections:
                continue
            for place, pause in enumerate(self._pauses(section)):
                found = self._answer(plan, section, pause, place)
                under.extend([found] if pause.under and found else [])
                free.extend(() if pause.under else found)
        notes = [*part.notes, *free]
        hidden = 0
        for found in under:
            if hidden + len(found) <= _UNDER_SHARE * (len(notes) + len(found)):
                hidden += len(found)
                notes.extend(found)
        return replace(part, notes=tuple(sorted(notes, key=lambda note: note.start)))

    def _pauses(self, section: Section) -> Iterator[Pause]:
        start = self._song.section_start(section)
        end = start + section.bars * self._song.time_signature.bar
        held = max(_HELD, Fraction(_HELD_SECONDS / self._quarter).limit_denominator(4)) if self._idiom else None
        return pauses(self._calls, (start, end), _PAUSE if self._idiom else _LONG_PAUSE, held)

    def _answer(self, plan: PartPlan, section: Section, pause: Pause, place: int) -> tuple[Note, ...]:
        path = f"{section.name}/melody/answer/{place}"
        lively = 0.55 + 0.45 * section.energy
        share = self._habit * lively
        figure = self._figure(path, pause) if self._decisions.chance(path, min(1.0, share)) else None
        if figure is None:
            return ()
        ladder = ladder_of(self._song, plan, section, self._table)
        origin = self._song.section_start(section)
        start = pause.end - figure.length if figure.kind == _PICKUP else pause.start
        events = [
            Event(
                start + offset - origin,
                duration,
                step,
                place,
                "answer",
                Ending.QUESTION if index == len(figure.rhythm) - 1 and figure.kind != _PICKUP else Ending.NONE,
            )
            for index, ((offset, duration), step) in enumerate(zip(figure.rhythm, figure.outline, strict=True))
        ]
        middle = _middle(ladder, pause, figure.outline)
        places = places_of(self._song, section, events, (middle, ladder.high))
        pitches = pitches_of(places, find_line(places, ladder), ladder)
        return tuple(
            Note(origin + event.start, pitch, event.duration, self._velocity(plan, section, event), why=_why(section))
            for event, pitch in zip(events, pitches, strict=True)
        )

    def _figure(self, path: str, pause: Pause) -> Figure | None:
        """Return what fits the pause: the song's own answer, an echo of the call, or another figure of the style."""
        room = pause.end - pause.start
        kinds = dict(zip(self._kinds.options, self._kinds.weights, strict=True)) if self._kinds else {}
        fitting = [
            (figure, kinds.get(figure.kind, 0.0) * float(figure.length / room))
            for figure in self._figures
            if figure.length <= room and kinds.get(figure.kind, 0.0) > 0
        ]
        echo = _echo_of(pause.call, room)
        if echo is not None and kinds.get(_ECHO, 0.0) > 0:
            fitting.append((echo, kinds[_ECHO] * 3))
        if not fitting:
            return None
        own = min(fitting, key=lambda row: self._decisions.jitter(f"melody/answer/{row[0].name}"))[0]
        if self._decisions.chance(f"{path}/signature", _SIGNATURE):
            return own
        options, weights = [row[0] for row in fitting], [row[1] for row in fitting]
        return self._decisions.decide(f"{path}/figure", options, weights)

    def _velocity(self, plan: PartPlan, section: Section, event: Event) -> int:
        jitter = self._decisions.jitter(f"{section.name}/melody/velocity/{plan.name}/{event.start}")
        return max(1, min(127, round(64 + 30 * section.energy + 4 * (event.ending is Ending.QUESTION) + 4 * jitter)))


def pauses(
    calls: Sequence[Note], span: tuple[Fraction, Fraction], least: Fraction, held: Fraction | None
) -> Iterator[Pause]:
    """Yield where the singer of `calls` pauses within `span` for `least` quarter notes, after something was sung there.

    Words held for `held` quarter notes or more make room too once they have sounded for a beat; None answers no word.
    """
    inside = [note for note in calls if span[0] <= note.start < span[1]]
    edges = [*(note.start for note in inside), span[1]][1:]
    phrase: list[Note] = []
    sounding = span[0]
    for note, following in zip(inside, edges if inside else (), strict=True):
        phrase.append(note)
        sounding = max(sounding, note.start + note.duration)
        rest = _room(sounding, following, least)
        late = None if held is None or note.duration < held else _room(note.start + 1, following, least)
        found = rest or late
        if found:
            yield Pause(*found, tuple(phrase), under=rest is None)
        if following - sounding >= _GRID:
            phrase = []


def _room(over: Fraction, following: Fraction, least: Fraction) -> tuple[Fraction, Fraction] | None:
    """Return the room between the end of a call and the next one, None where it is less than `least`."""
    start = -(-over // _GRID) * _GRID
    clear = _CLEAR if following - start >= least + _CLEAR else _CLEAR_SHORT
    end = following - clear
    return (start, end) if following - start >= least and end > start else None


@cache
def figures() -> tuple[Figure, ...]:
    """Return every figure of the library."""
    return tuple(
        Figure(
            row["name"],
            row["kind"],
            read_rhythm([row["rhythm"]]),
            read_shape(row["outline"]),
            bool(row.get("compound", False)),
        )
        for row in table("idioms", "answers")["figure"]
    )


def _echo_of(call: Sequence[Note], room: Fraction) -> Figure | None:
    """Return the tail of a call in its own rhythm and outline, as much of it as there is room for."""
    for count in range(min(_MOST_NOTES, len(call)), 1, -1):
        tail = call[-count:]
        lengths = [after.start - before.start for before, after in pairwise(tail)]
        if sum(lengths) + _GRID > room or max(lengths) > 1:
            continue
        starts = [note.start - tail[0].start for note in tail]
        last = min(room - starts[-1], max(_GRID, min(tail[-1].duration, Fraction(1))))
        rhythm = tuple(zip(starts, [*lengths, last], strict=True))
        outline = tuple(round((note.pitch - tail[-1].pitch) * 7 / 12) for note in tail)
        return Figure(_ECHO, _ECHO, rhythm, outline)
    return None


def _middle(ladder: Ladder, pause: Pause, outline: Sequence[int]) -> int:
    """Return the step an answer lies about: clear of the word it sounds under, else in the middle of the register."""
    low, high = ladder.window
    usual = (low + high) // 2 - (max(outline) + min(outline)) // 2
    if not pause.under:
        return usual
    sung = nearest_step(ladder.key, pause.call[-1].pitch)
    above, below = sung + _APART - min(outline), sung - _APART - max(outline)
    ways = [way for way in (above, below) if ladder.low <= way + min(outline) and way + max(outline) <= ladder.high]
    return min(ways, key=lambda way: abs(way - usual)) if ways else usual


def _why(section: Section) -> str:
    return f"{section.kind.value}/melody/answer"
