"""The arrangement: which players the song has, in which sections each plays and in which register."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.elements.calling import is_calling
from text2song.compose.elements.layers import layered_sections
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.palette import Player, cast_players
from text2song.compose.elements.vocals import LEAD, lead_plan
from text2song.compose.style import Style
from text2song.compose.words.form import tagged_kinds
from text2song.domain.composition import PartPlan, SectionKind, UnifiedComposition
from text2song.domain.context import Vocals
from text2song.domain.instruments import InstrumentInfo
from text2song.domain.score import Role

#: The octave or two that belong to each role, MIDI pitches; nothing but the bass goes below C3.
REGISTERS = MappingProxyType(
    {
        Role.BASS: (28, 50),
        Role.CHORDS: (48, 68),
        Role.PAD: (57, 79),
        Role.ARPEGGIO: (60, 86),
        Role.COUNTER: (64, 86),
        Role.LEAD: (60, 84),
        Role.EFFECTS: (48, 84),
    }
)
_FLOOR = 48
_LEFT_HAND = (40, 64)
#: Picked guitars sound best an octave below the keys that share their role.
_PICKED_GUITAR = (52, 76)
_WIDTH_LEAST = 14
_SUNG = (SectionKind.VERSE, SectionKind.PRECHORUS, SectionKind.CHORUS, SectionKind.BRIDGE)
_TUNEFUL = (*_SUNG, SectionKind.SOLO, SectionKind.INTERLUDE, SectionKind.DROP)
#: Where an instrument takes the tune from the singer.
_ANSWERED = (SectionKind.CHORUS, SectionKind.OUTRO)
_PLAYED = (SectionKind.INTRO, SectionKind.SOLO, SectionKind.INTERLUDE, SectionKind.DROP)
_DRAWN_HIGH = 0.6
#: How many introductions of instrumental songs quote the hook.
_HOOK_FIRST = 0.55
_EDGES = (SectionKind.INTRO, SectionKind.OUTRO)


class ArrangementElement:
    """Fills `composition.arrangement`; needs the sections and nothing else."""

    name = "arrangement"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with a plan for every part."""
        context = composition.context
        players = cast_players(context, style, decisions)
        sections = layered_sections(composition, players, style, decisions)
        bassless = not any(player.role is Role.BASS for player in players)
        plans = []
        if context.vocals is Vocals.SUNG:
            lead, singer = lead_plan(composition, style, decisions)
            composition = replace(composition, vocals=(lead,))
            kinds = (*_SUNG, *tagged_kinds(context.lyrics or ""))
            plans.append(PartPlan(LEAD, Role.VOCAL, "voice_lead", _of_kinds(composition, kinds), *singer.tessitura))
        for player in players:
            where = _lead_sections(composition, style, decisions) if player.role is Role.LEAD else sections[player.name]
            if where:
                low, high = register(player, style, bassless=bassless, shift=mood_of(context).register)
                plans.append(PartPlan(player.name, player.role, player.instrument.id, where, low, high))
        return replace(composition, arrangement=tuple(plans))


def register(player: Player, style: Style, *, bassless: bool = False, shift: int = 0) -> tuple[int, int]:
    """Return the pitches a player keeps to: the role's register, or the style's, as far as the instrument reaches.

    Without a bass the chords reach down to where the left hand plays. `shift` is what the mood moves all but the bass
    and low riffs by, in semitones.
    """
    info = player.instrument
    if player.role is Role.DRUMS:
        return info.low, info.high
    own = style.table("palette").get("register", {}).get(player.name.partition("-")[0])
    low, high = own or REGISTERS[player.role]
    if bassless and player.role is Role.CHORDS:
        return _reachable(*_LEFT_HAND, info, floor=_LEFT_HAND[0])
    if player.role is Role.ARPEGGIO and info.family == "guitar" and not own:
        low, high = _PICKED_GUITAR
    if _is_power_guitar(info) and player.role is Role.CHORDS:
        # Low power chords are what the instrument is for; the bass plays an octave below them.
        return 40, 63
    if player.role is Role.BASS:
        return _reachable(low, high, info, floor=info.low)
    return _reachable(low + shift, high + shift, info, floor=_FLOOR)


def _is_power_guitar(info: InstrumentInfo) -> bool:
    return info.id in ("distorted_guitar", "overdriven_guitar")


def _reachable(low: int, high: int, info: InstrumentInfo, *, floor: int) -> tuple[int, int]:
    """Move the window by as little as gives the instrument enough notes."""
    lowest = max(floor, info.low)
    low = min(max(low, lowest), max(lowest, info.high - _WIDTH_LEAST))
    high = max(min(high, info.high), min(low + _WIDTH_LEAST, info.high))
    return low, high


def _of_kinds(composition: UnifiedComposition, kinds: tuple[SectionKind, ...]) -> tuple[str, ...]:
    """Return the sections of those kinds, else all but the edges, else all."""
    sections = composition.sections
    for chosen in (
        [section.name for section in sections if section.kind in kinds],
        [section.name for section in sections if section.kind not in _EDGES],
    ):
        if chosen:
            return tuple(chosen)
    return tuple(section.name for section in sections)


def _lead_sections(composition: UnifiedComposition, style: Style, decisions: Decisions) -> tuple[str, ...]:
    """Return where an instrument carries the tune: everywhere without a singer, around the singer with one.

    An introduction may quote the hook, so that it belongs to the song. In musics of call and response it answers in all
    that is sung.
    """
    if composition.context.vocals is not Vocals.SUNG:
        quiet = max(section.energy for section in composition.sections) < 0.4
        if quiet:
            return tuple(section.name for section in composition.sections)
        tuneful = _of_kinds(composition, _TUNEFUL)
        first = composition.sections[0]
        if first.kind is SectionKind.INTRO and decisions.chance("arrangement/hook-first", _HOOK_FIRST):
            tuneful = (first.name, *tuneful)
        # Where a drawn curve is high there is a tune, whatever the section is called.
        high = [section.name for section in composition.sections if section.energy >= _DRAWN_HIGH]
        return tuple(
            section.name
            for section in composition.sections
            if section.name in tuneful or (composition.context.energy and section.name in high)
        )
    kinds = (*_PLAYED, *_ANSWERED, *(_SUNG if is_calling(style) else ()))
    played = [section for section in composition.sections if section.kind in kinds]
    return tuple(section.name for section in played or composition.sections)
