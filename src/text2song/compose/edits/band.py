"""Players who leave the band, and players who join it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.edits.performing import performed, song_seed, style_of
from text2song.compose.edits.splicing import spliced
from text2song.compose.edits.targets import Cell, selected
from text2song.compose.elements.arrangement import register
from text2song.compose.elements.layers import layered_sections
from text2song.compose.elements.mix import MixElement
from text2song.compose.elements.palette import NOBODY, PLACES, Player, excluded
from text2song.compose.elements.patterns import table
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.names import instruments_named
from text2song.domain.composition import Channel, PartPlan, SectionKind, UnifiedComposition
from text2song.domain.context import Vocals
from text2song.domain.edits import InvalidEditError
from text2song.domain.instruments import InstrumentInfo, instrument
from text2song.domain.score import Note, Role

#: Of these there is one in a band.
_SINGLE = ("lead", "bass")
_EDGES = (SectionKind.INTRO, SectionKind.OUTRO)


def without(song: UnifiedComposition, targets: Sequence[str], locked: frozenset[Cell]) -> UnifiedComposition:
    """Return the song with parts, or stretches of them, silent; raises `InvalidEditError` where nothing is left."""
    for target in targets:
        one = selected(song, (target,), "remove")
        if not one.cells:
            raise InvalidEditError(f"“{target}” cannot be taken out; name parts or sections", field="remove")
        if not one.without(locked).cells:
            raise InvalidEditError(f"“{target}” is locked and cannot be taken out too", field="remove")
    for name, sections in selected(song, targets, "remove").without(locked).parts().items():
        song = _silenced(song, name, sections)
    if not song.parts:
        raise InvalidEditError("nothing would be left of the song", field="remove")
    return song


def _silenced(song: UnifiedComposition, name: str, sections: Sequence[str]) -> UnifiedComposition:
    silence: dict[str, tuple[Note, ...]] = dict.fromkeys(sections, ())
    part = spliced(song, song.part(name), silence)
    plan = next(plan for plan in song.arrangement if plan.name == name)
    left = replace(plan, sections=tuple(each for each in plan.sections if each not in sections))
    lyrics, context = song.lyrics, song.context
    if plan.role is Role.VOCAL and lyrics is not None:
        lines = tuple(line for line in lyrics.lines if line.section not in sections)
        lyrics = replace(lyrics, lines=lines) if lines else None
    if part.notes:
        parts = tuple(part if each.name == name else each for each in song.parts)
        plans = tuple(left if each is plan else each for each in song.arrangement)
        return replace(song, parts=parts, arrangement=plans, lyrics=lyrics)
    # The mix plan keeps the channel, so that the others keep their room.
    others = tuple(each for each in song.parts if each.name != name)
    played = {each.instrument for each in others}
    asked = tuple(id_ for id_ in context.instruments if id_ in played or id_ != plan.instrument)
    vocals = Vocals.INSTRUMENTAL if plan.role is Role.VOCAL else context.vocals
    return replace(
        song,
        parts=others,
        arrangement=tuple(each for each in song.arrangement if each is not plan),
        lyrics=lyrics,
        context=replace(context, instruments=asked, vocals=vocals),
    )


def joined(song: UnifiedComposition, wishes: Sequence[str], seed: int) -> UnifiedComposition:
    """Return the song with one more part for each wish, "pad" or "pad=strings"; the others stay.

    Raises `InvalidEditError` for a place that is none or is taken, `UnknownInstrumentError` for an instrument.
    """
    for number, wish in enumerate(wishes):
        place, _, text = wish.partition("=")
        song = _with_player(song, _player(song, place, text), seed + number)
    return song


def _player(song: UnifiedComposition, place: str, text: str) -> Player:
    if place not in PLACES:
        raise InvalidEditError(
            f"“{place}” is no place of a band; there is {', '.join(PLACES)}", field="add", choices=tuple(PLACES)
        )
    taken = {plan.name for plan in song.arrangement}
    if place in _SINGLE and place in taken:
        raise InvalidEditError(f"the song has a {place} already", field="add")
    name = next(each for each in (place, *(f"{place}-{count}" for count in range(2, 99))) if each not in taken)
    info = instrument(instruments_named(text, style_of(song), lexicon())[0]) if text else _usual(song, place)
    if info.id == "voice_lead" or info.percussion != (PLACES[place] is Role.DRUMS):
        raise InvalidEditError(f"{info.name} cannot take the place of {place}", field="add")
    return Player(name, PLACES[place], info, asked=True)


def _usual(song: UnifiedComposition, place: str) -> InstrumentInfo:
    """Return the instrument that the style, or anybody, would put there and that nobody plays yet."""
    used = {part.instrument for part in song.parts}
    own: Any = style_of(song).table("palette").get(place, [])
    rows = [*own, *table("grooves", "places")["spare"].get(place, [])]
    fitting = [
        (str(name), float(weight))
        for name, weight in rows
        if name != NOBODY and not excluded(instrument(str(name)), song.context.without)
    ]
    free = [row for row in fitting if row[0] not in used] or fitting
    if not free:
        raise InvalidEditError(f"the song is to have no {place}; name an instrument for it", field="add")
    return instrument(max(free, key=lambda row: row[1])[0])


def _with_player(song: UnifiedComposition, player: Player, seed: int) -> UnifiedComposition:
    style, asked = style_of(song), song.context.instruments
    others = [
        Player(plan.name, plan.role, instrument(plan.instrument), asked=plan.instrument in asked)
        for plan in song.arrangement
        if plan.role not in (Role.VOCAL, Role.BACKING)
    ]
    where = layered_sections(song, (*others, player), style, Decisions(song_seed(song)))[player.name]
    sections = where or tuple(each.name for each in song.sections if each.kind not in _EDGES)
    bassless = not any(plan.role is Role.BASS for plan in song.arrangement)
    low, high = register(player, style, bassless=bassless)
    plan = PartPlan(player.name, player.role, player.instrument.id, sections, low, high)
    planned = replace(song, arrangement=(*song.arrangement, plan))
    part = performed(planned, player.name, Decisions(seed, reseeds={"feel/clock": song_seed(song)})).part
    if not part.notes:
        raise InvalidEditError(f"there is nothing for a {player.name} to play in this song", field="add")
    mix = replace(song.mix, channels=(*song.mix.channels, _channel(planned, song, player.name)))
    cells = {Cell(section, player.name).name: seed for section in sections}
    provenance = replace(song.provenance, cells={**song.provenance.cells, **cells})
    context = replace(song.context, instruments=tuple(dict.fromkeys((*asked, player.instrument.id))))
    return replace(planned, parts=(*song.parts, part), mix=mix, provenance=provenance, context=context)


def _channel(planned: UnifiedComposition, song: UnifiedComposition, name: str) -> Channel:
    """Return the channel of a new part: what the mix would give it, beside the levels that the others keep."""
    style = style_of(song)
    mixed = {each.part: each for each in MixElement().generate(planned, style, Decisions(song_seed(song))).mix.channels}
    known = [(channel, mixed[channel.part]) for channel in song.mix.channels if channel.part in mixed]
    offset = known[0][0].lufs - known[0][1].lufs if known else 0.0
    return replace(mixed[name], lufs=round(mixed[name].lufs + offset, 2))
