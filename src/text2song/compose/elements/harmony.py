"""The harmony: one progression per kind of section, coloured by the style, closed by cadences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.elements.progression import Step, ended, length, looped, read_progression, timed
from text2song.compose.elements.roman import Function, Roman
from text2song.compose.elements.tonality import clarity
from text2song.compose.style import Style
from text2song.domain.composition import ChordSpan, Section, SectionKind, UnifiedComposition
from text2song.domain.theory import Key

#: Whose progressions a kind without its own takes, first choice first.
_FALLBACKS = MappingProxyType(
    {
        "intro": ("verse",),
        "prechorus": ("bridge", "verse"),
        "bridge": ("verse",),
        "solo": ("chorus", "verse"),
        "interlude": ("intro", "verse"),
        "breakdown": ("verse",),
        "build": ("prechorus", "bridge", "verse"),
        "drop": ("chorus", "verse"),
        "outro": ("intro", "verse"),
    }
)
_PLAIN = Pool(("plain",), (1.0,))
#: How strongly a progression's clarity counts, and the share of its weight the least clear one keeps.
_CLARITY, _LEAST_CLEAR = 6.0, 0.1
#: A lift is heard as one only late and after enough of the first key.
_LIFT_LATEST = Fraction(3, 5)


class HarmonyElement:
    """Fills `harmony`: chord spans that cover the song without gaps, each inside its section."""

    name = "harmony"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its chords; raises `UnreadableRomanError` for a broken style file."""
        key = composition.context.key
        first = composition.sections[0].kind
        plans: dict[SectionKind, _Plan] = {}
        for section in composition.sections:
            if section.kind not in plans:
                plans[section.kind] = _plan(section.kind, style, key, decisions, section.kind is first)
        lifted, semitones = _lift(composition, style, decisions)
        spans: list[ChordSpan] = []
        for place, section in enumerate(composition.sections):
            here = key.transposed(semitones) if place >= lifted else key
            steps = _section_steps(composition, place, plans[section.kind], style, decisions)
            spans.extend(_spans(composition, section, steps, here))
        return replace(composition, harmony=tuple(spans))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every section of one kind plays: its loop, already coloured, and how it leads on."""

    steps: tuple[Step, ...]
    colour: str
    open: tuple[Step, ...]


def section_key(spans: Sequence[ChordSpan], key: Key) -> Key:
    """Return the key a section sounds in, read from its chords: `key`, or above it after a lift.

    `spans` must not be empty.
    """
    first = spans[0]
    expected = Roman.parse(first.roman).chord(key).root
    return key.transposed((first.chord.root - expected) % 12)


def _plan(kind: SectionKind, style: Style, key: Key, decisions: Decisions, opens_song: bool) -> _Plan:
    pool = _clear(_progressions(style, key, kind), key)
    if opens_song:
        pool = _from_tonic(pool)
    path = f"{kind.value}/harmony"
    text = pool.draw(decisions, f"{path}/progression")
    steps = read_progression(text)
    if decisions.chance(f"{path}/answered", style.table("harmony").get("answer", 0.0)) and length(steps) <= 4:
        reply = read_progression(pool.draw(decisions, f"{path}/answer"))
        steps = (*looped(steps, 4), *looped(reply, 4)) if length(steps) == 4 else steps
    colour = (read_pool(style.table("harmony"), "colours") or _PLAIN).draw(decisions, f"{path}/colour")
    share = style.table("harmony").get("coloured", 1.0)
    steps = tuple(
        _painted(step, colour, key, decisions, f"{path}/colour/{place}", share) for place, step in enumerate(steps)
    )
    lead = read_progression(_cadences(style, key, "open").draw(decisions, f"{path}/open"))
    return _Plan(steps, colour, lead)


def _painted(step: Step, colour: str, key: Key, decisions: Decisions, path: str, share: float) -> Step:
    if colour == "plain" or not decisions.chance(path, share):
        return step
    return replace(step, romans=tuple(roman.coloured(colour, key) for roman in step.romans))


def _progressions(style: Style, key: Key, kind: SectionKind) -> Pool:
    table = style.table("harmony").get(key.mode, {})
    for name in (kind.value, *_FALLBACKS.get(kind.value, ()), "verse"):
        pool = read_pool(table, name)
        if pool is not None:
            return pool
    return Pool(("i iv" if key.is_minor else "I IV",), (1.0,))


def _clear(pool: Pool, key: Key) -> Pool:
    """Favour the progressions that sound as the key asked for, not as its relative."""
    weights: list[float] = []
    for text, weight in zip(pool.options, pool.weights, strict=True):
        chords = [
            (roman.chord(key), Fraction(step.bars, len(step.romans)))
            for step in read_progression(text)
            for roman in step.romans
        ]
        weights.append(weight * max(_LEAST_CLEAR, 1 + _CLARITY * clarity(chords, key)))
    return Pool(pool.options, tuple(weights))


def _from_tonic(pool: Pool) -> Pool:
    """Keep the progressions that begin at home, so that a song says its key first."""
    home = [
        (text, weight)
        for text, weight in zip(pool.options, pool.weights, strict=True)
        if read_progression(text)[0].romans[0].semitones == 0
    ]
    return Pool(tuple(text for text, _ in home), tuple(weight for _, weight in home)) if home else pool


def _cadences(style: Style, key: Key, kind: str) -> Pool:
    table = style.table("harmony").get(kind, {})
    own = read_pool(table, key.mode) or read_pool(table, "minor" if key.is_minor else "major")
    plain = {"open": "V", "close": "V i" if key.is_minor else "V I"}
    return own or Pool((plain[kind],), (1.0,))


def _section_steps(
    composition: UnifiedComposition, place: int, plan: _Plan, style: Style, decisions: Decisions
) -> tuple[Step, ...]:
    section = composition.sections[place]
    key = composition.context.key
    steps = looped(plan.steps, section.bars)
    if place == len(composition.sections) - 1:
        close = read_progression(_cadences(style, key, "close").draw(decisions, f"{section.name}/harmony/close"))
        close = tuple(
            replace(step, romans=tuple(roman.coloured(plan.colour, key) for roman in step.romans)) for step in close
        )
        return ended(steps, close[-section.bars :])
    leads_on = steps[-1].romans[-1].function is not Function.TONIC
    if (
        leads_on
        or section.bars < 4
        or not decisions.chance(f"{section.name}/harmony/cadence", style.table("harmony").get("cadence", 0.0))
    ):
        return steps
    return ended(steps, plan.open)


def _lift(composition: UnifiedComposition, style: Style, decisions: Decisions) -> tuple[int, int]:
    """Return the section from which the song sounds higher and by how much; past the end and 0 without a lift."""
    sections = composition.sections
    choruses = [place for place, section in enumerate(sections) if section.kind is SectionKind.CHORUS]
    late = len(choruses) >= 3 and sections[choruses[-1]].start_bar >= _LIFT_LATEST * composition.bars
    chance = style.table("harmony").get("lift", 0.0)
    if not late or not chance or not decisions.chance("harmony/lift", chance):
        return len(sections), 0
    return choruses[-1], decisions.decide("harmony/lift/semitones", (2, 1), (2, 1))


def _spans(composition: UnifiedComposition, section: Section, steps: Sequence[Step], key: Key) -> Iterator[ChordSpan]:
    start = composition.section_start(section)
    for step in steps:
        for roman, duration in timed(step, composition.time_signature):
            yield ChordSpan(roman.chord(key), start, duration, roman.text, section.name)
            start += duration
