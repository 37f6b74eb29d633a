"""The harmony: one progression per kind of section, coloured by the style, closed by cadences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.devices import DEVICES, Taste, dressed, over_pedal
from text2song.compose.elements.extensions import extended
from text2song.compose.elements.grammar import invented
from text2song.compose.elements.modulation import journey
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.elements.progression import Step, ended, length, looped, read_progression, timed
from text2song.compose.elements.roman import Function, Roman
from text2song.compose.elements.tonality import clarity
from text2song.compose.style import Style
from text2song.domain.composition import ChordSpan, Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
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
#: Sections that may stand on one bass note: the tonic, or the dominant where they press on.
_PRESSING = frozenset({SectionKind.PRECHORUS, SectionKind.BUILD})
_STANDING = _PRESSING | {SectionKind.INTRO, SectionKind.OUTRO, SectionKind.BREAKDOWN, SectionKind.INTERLUDE}
_PLAIN = Pool(("plain",), (1.0,))
#: How strongly a progression's clarity counts, and the share of its weight the least clear one keeps.
_CLARITY, _LEAST_CLEAR = 6.0, 0.1
#: Bars of a progression that has room for an answer; how much less clear than plain chords devices may leave the key.
_PERIOD = 8
_CLOUDED = 0.25


class HarmonyElement:
    """Fills `harmony`: chord spans that cover the song without gaps, each inside its section."""

    name = "harmony"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its chords; raises `UnreadableRomanError` for a broken style file."""
        first = composition.sections[0].kind
        keys = journey(composition, style, decisions)
        plans: dict[SectionKind, _Plan] = {}
        spans: list[ChordSpan] = []
        for place, (section, key) in enumerate(zip(composition.sections, keys.keys, strict=True)):
            if section.kind not in plans:
                plans[section.kind] = _plan(section.kind, style, key, decisions, section.kind is first)
            steps = _section_steps(composition, place, plans[section.kind], style, decisions)
            away = section.kind is SectionKind.BRIDGE and key != composition.context.key
            spans.extend(_spans(composition, section, steps, key))
            if away:
                spans = _homeward(spans, composition)
        return replace(composition, harmony=tuple(spans), keys=keys.changes(composition))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every section of one kind plays: its loop, already coloured, and how it leads on."""

    steps: tuple[Step, ...]
    colour: str
    open: tuple[Step, ...]


def _plan(kind: SectionKind, style: Style, key: Key, decisions: Decisions, opens_song: bool) -> _Plan:
    path = f"{kind.value}/harmony"
    table = style.table("harmony")
    pool = _clear(_progressions(style, key, kind), key)
    if opens_song:
        pool = _from_tonic(pool)
    steps = _own(kind, table, key, decisions, opens_song) or read_progression(
        pool.draw(decisions, f"{path}/progression")
    )
    if decisions.chance(f"{path}/answered", table.get("answer", 0.0)) and length(steps) <= 4:
        reply = read_progression(pool.draw(decisions, f"{path}/answer"))
        steps = (*looped(steps, 4), *looped(reply, 4)) if length(steps) == 4 else steps
    colour = (read_pool(table, "colours") or _PLAIN).draw(decisions, f"{path}/colour")
    steps = _treated(steps, kind, table, key, decisions, colour)
    share = table.get("coloured", 1.0)
    steps = tuple(
        _painted(step, colour, key, decisions, f"{path}/colour/{place}", share) for place, step in enumerate(steps)
    )
    steps = extended(steps, float(table.get("extended", 0.0)), key, decisions, f"{path}/extended")
    lead = read_progression(_cadences(style, key, "open").draw(decisions, f"{path}/open"))
    return _Plan(steps, colour, lead)


def _own(
    kind: SectionKind, table: Mapping[str, Any], key: Key, decisions: Decisions, opens_song: bool
) -> tuple[Step, ...] | None:
    """Return a progression made by function, as often as the style makes its own and where it says the key."""
    path = f"{kind.value}/harmony/invented"
    if not decisions.chance(path, table.get("invented", 0.0)):
        return None
    steps = invented(table.get("grammar", {}), key, kind, decisions, path)
    if steps is None or _clarity_of(steps, key) < 0 or (opens_song and steps[0].romans[0].semitones):
        return None
    return steps


def _treated(
    steps: tuple[Step, ...], kind: SectionKind, table: Mapping[str, Any], key: Key, decisions: Decisions, colour: str
) -> tuple[Step, ...]:
    """Return the progression with the devices of the style: pedal points, or what leads from chord to chord."""
    devices = table.get("devices", {})
    path = f"{kind.value}/harmony/devices"
    temper = float(devices.get("kinds", {}).get(kind.value, 1.0))
    if decisions.chance(f"{path}/pedal", float(devices.get("pedal", 0.0)) * (kind in _STANDING)):
        return over_pedal(steps, kind in _PRESSING)
    weights = {name: float(devices.get(name, 0.0)) * temper for name in DEVICES}
    if key.mode not in ("major", "minor", "harmonic minor", "melodic minor") or not any(weights.values()):
        return steps
    # Four bars that come again may lead on in another way the second time.
    longer = looped(steps, _PERIOD) if length(steps) == _PERIOD // 2 else steps
    taste = Taste(weights, int(devices.get("most", 2)), "sevenths" in colour or "ninths" in colour)
    found = dressed(longer, taste, key, decisions, path)
    return found if _clarity_of(found, key) >= _clarity_of(steps, key) - _CLOUDED else steps


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
        weights.append(weight * max(_LEAST_CLEAR, 1 + _CLARITY * _clarity_of(read_progression(text), key)))
    return Pool(pool.options, tuple(weights))


def _clarity_of(steps: Sequence[Step], key: Key) -> float:
    return clarity(
        [(roman.chord(key), Fraction(step.bars, len(step.romans))) for step in steps for roman in step.romans], key
    )


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


def _spans(composition: UnifiedComposition, section: Section, steps: Sequence[Step], key: Key) -> Iterator[ChordSpan]:
    start = composition.section_start(section)
    for step in steps:
        for roman, duration in timed(step, composition.time_signature):
            yield ChordSpan(roman.chord(key), start, duration, roman.text, section.name)
            start += duration


def _homeward(spans: list[ChordSpan], composition: UnifiedComposition) -> list[ChordSpan]:
    """Return the spans with the last bar of an excursion turned to the dominant of home."""
    bar = composition.time_signature.bar
    section = spans[-1].section
    end = spans[-1].end
    kept = [
        replace(span, duration=min(span.duration, end - bar - span.start)) for span in spans if span.start < end - bar
    ]
    home = composition.context.key
    lead = Roman.parse("V7" if "7" in spans[-1].roman else "V")
    return [*kept, ChordSpan(lead.chord(home), end - bar, bar, lead.text, section)]
