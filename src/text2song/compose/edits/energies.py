"""Edits of the song's energy and mood: other forces, other figures, players who come in or leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from text2song.compose.decisions import Decisions
from text2song.compose.edits.performing import SINGERS, song_seed, style_of
from text2song.compose.edits.remaking import placed, repeated
from text2song.compose.edits.splicing import spliced
from text2song.compose.edits.targets import Cell, sections_named
from text2song.compose.elements.layers import layered_sections
from text2song.compose.elements.palette import Player
from text2song.compose.elements.vocals import LEAD
from text2song.compose.prompt.feelings import feeling_of
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.names import mood_named
from text2song.domain.composition import Section, UnifiedComposition
from text2song.domain.context import Reading, Source
from text2song.domain.edits import Edit
from text2song.domain.instruments import instrument
from text2song.domain.score import Note, Role

_LOWEST, _HIGHEST = 0.02, 1.0
#: How far a whole step of arousal moves the energy, and of valence the brightness of the master, dB.
_AROUSAL, _BRIGHTNESS_DB = 0.25, 1.5
_AIR_DB = (-5.0, 4.0)
_UNLAYERED = (Role.LEAD, Role.VOCAL, Role.BACKING, Role.EFFECTS)


def with_energy(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> UnifiedComposition:
    """Return the song re-arranged to the energies that the edit sets; sections whose energy stays are kept.

    Raises `InvalidEditError` for a section that is not there.
    """
    bars = _curve(song, edit.energy)
    for name, value in edit.section_energy.items():
        for section in song.sections:
            if section.name in sections_named(song, name, "section_energy"):
                _level(bars, section, value)
    child = _at(song, bars)
    if len(edit.energy) > 1:
        sources = {**song.context.sources, "energy": Reading(Source.USER)}
        child = replace(child, context=replace(child.context, energy=edit.energy, sources=sources))
    pairs = zip(song.sections, child.sections, strict=True)
    changed = [new.name for old, new in pairs if abs(old.energy - new.energy) > 1e-3]
    return _rearranged(child, changed, locked)


def in_mood(song: UnifiedComposition, moods: Sequence[str], locked: frozenset[Cell]) -> UnifiedComposition:
    """Return the song in other moods: busier or calmer, brighter or darker, in its key and tempo.

    Raises `UnknownMoodError`.
    """
    names = [mood_named(mood, lexicon()) for mood in moods]
    feeling = feeling_of(names, lexicon())
    busier = feeling.arousal - song.context.arousal
    brighter = feeling.valence - song.context.valence
    sources = {**song.context.sources, "moods": Reading(Source.USER)}
    context = replace(
        song.context, moods=tuple(names), valence=feeling.valence, arousal=feeling.arousal, sources=sources
    )
    low, high = _AIR_DB
    air = min(max(song.mix.air_db + _BRIGHTNESS_DB * brighter, low), high)
    bars = [min(max(energy + _AROUSAL * busier, _LOWEST), _HIGHEST) for energy in _bars(song)]
    child = replace(_at(song, bars), context=context, mix=replace(song.mix, air_db=round(air, 3)))
    return _rearranged(child, [section.name for section in song.sections], locked)


def replayed(song: UnifiedComposition, sections: Sequence[str], locked: frozenset[Cell]) -> UnifiedComposition:
    """Return the song with every unlocked part of `sections` played again from the choices it was made from."""
    for plan in song.arrangement:
        if plan.role in SINGERS and plan.name != LEAD:
            # Whoever sings along follows the lead.
            continue
        there = [name for name in sections if name in plan.sections and Cell(name, plan.name) not in locked]
        if there and any(part.name == plan.name for part in song.parts):
            child = placed(song, plan.name, repeated(song, plan.name, there, {}), locked)
            # Who would fall silent in the whole song keeps what was played: a stem is not empty.
            song = child if child.part(plan.name).notes else song
    return song


def _rearranged(song: UnifiedComposition, changed: Sequence[str], locked: frozenset[Cell]) -> UnifiedComposition:
    """Let players come in and leave as the energy says in the sections that changed, and play those again."""
    if not changed:
        return song
    asked = song.context.instruments
    players = [
        Player(plan.name, plan.role, instrument(plan.instrument), asked=plan.instrument in asked)
        for plan in song.arrangement
        if plan.role not in (Role.VOCAL, Role.BACKING)
    ]
    where = layered_sections(song, players, style_of(song), Decisions(song_seed(song)))
    order = [section.name for section in song.sections]
    plans, cleared = [], song
    for plan in song.arrangement:
        if plan.role in _UNLAYERED:
            plans.append(plan)
            continue
        free = [name for name in changed if Cell(name, plan.name) not in locked]
        kept = [name for name in plan.sections if name not in free]
        entered = [name for name in where.get(plan.name, ()) if name in free]
        sections = tuple(name for name in order if name in (*kept, *entered))
        plans.append(replace(plan, sections=sections or plan.sections))
        if sections:
            cleared = _without(cleared, plan.name, [name for name in free if name not in entered])
    # The drums moved with the energy, so the ducking follows them again.
    child = replace(cleared, arrangement=tuple(plans), mix=replace(song.mix, trigger=None))
    return replayed(child, changed, locked)


def _without(song: UnifiedComposition, name: str, sections: Sequence[str]) -> UnifiedComposition:
    silence: dict[str, tuple[Note, ...]] = dict.fromkeys(sections, ())
    parts = tuple(spliced(song, part, silence) if part.name == name else part for part in song.parts)
    return replace(song, parts=parts)


def _curve(song: UnifiedComposition, points: Sequence[float]) -> list[float]:
    """Return the energy of every bar: as it was, moved to a mean, or along the points."""
    bars = _bars(song)
    if not points:
        return bars
    if len(points) == 1:
        return _moved(bars, points[0])
    places = [(bar + 0.5) / len(bars) * (len(points) - 1) for bar in range(len(bars))]
    return [round(_between(points, place), 4) for place in places]


def _between(points: Sequence[float], place: float) -> float:
    left = min(int(place), len(points) - 2)
    return points[left] + (points[left + 1] - points[left]) * (place - left)


def _bars(song: UnifiedComposition) -> list[float]:
    bar = song.time_signature.bar
    return [song.energy_at(number * bar) for number in range(song.bars)]


def _level(bars: list[float], section: Section, value: float) -> None:
    bars[section.start_bar : section.end_bar] = _moved(bars[section.start_bar : section.end_bar], value)


def _moved(bars: Sequence[float], mean: float) -> list[float]:
    by = mean - sum(bars) / len(bars)
    return [round(min(max(energy + by, _LOWEST), _HIGHEST), 4) for energy in bars]


def _at(song: UnifiedComposition, bars: Sequence[float]) -> UnifiedComposition:
    sections = tuple(
        replace(section, energy=round(sum(bars[section.start_bar : section.end_bar]) / section.bars, 4))
        for section in song.sections
    )
    return replace(song, sections=sections, energy=tuple(bars))
