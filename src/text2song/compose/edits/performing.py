"""One part of a finished song, composed anew by the element that writes it, on the song's own plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from text2song.compose.blend import blended_style
from text2song.compose.decisions import Decisions
from text2song.compose.edits.targets import Cell
from text2song.compose.element import ElementGenerator
from text2song.compose.elements.accompaniment import AccompanimentElement
from text2song.compose.elements.answer import AnswerElement
from text2song.compose.elements.bass import BassElement
from text2song.compose.elements.drums import DrumsElement
from text2song.compose.elements.ending import EndingElement, without_ending
from text2song.compose.elements.feel import FeelElement
from text2song.compose.elements.lyrics import LyricsElement
from text2song.compose.elements.melody import MelodyElement
from text2song.compose.elements.vocals import LEAD, VocalsElement
from text2song.compose.engine import candidate_seed
from text2song.compose.style import Style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import Lyrics
from text2song.domain.score import Part, Role

_TUNES = (Role.VOCAL, Role.LEAD, Role.BACKING)
#: Singers whose notes come from the lead's.
SINGERS = (Role.VOCAL, Role.BACKING)
#: Choices that belong to the whole band, whoever plays anew: the clock, the swing, the plan, the words.
_COMMON = ("blend", "feel/clock", "feel/swing", "arrangement", "structure", "lyrics", "mix")
_COMMON_IN = ("cue", "lyrics")


@dataclass(frozen=True, slots=True)
class Performance:
    """A part as it was written and felt, and the words set to it if it is sung."""

    part: Part
    #: Who sings with a singer, as this performance has them.
    company: tuple[Part, ...]
    lyrics: Lyrics | None
    decisions: Decisions


def performed(song: UnifiedComposition, name: str, decisions: Decisions) -> Performance:
    """Return the part `name` written anew on the song's sections, chords and arrangement.

    Raises KeyError when the arrangement has no such part or the element leaves it out.
    """
    style = blended_style(song.context, decisions)
    role = next(plan.role for plan in song.arrangement if plan.name == name)
    elements, roles = _writers(role)
    base = without_ending(song)
    base = replace(base, parts=tuple(part for part in song.parts if part.role not in roles), lyrics=None)
    if role in _TUNES:
        # Whoever joins the lead is planned and written after it.
        base = replace(
            base,
            arrangement=tuple(plan for plan in song.arrangement if plan.role not in SINGERS or plan.name == LEAD),
            vocals=tuple(plan for plan in song.vocals if plan.part == LEAD),
        )
    for element in (*elements, EndingElement()):
        base = element.generate(base, style, decisions)
    own = base.part(name)
    others = tuple(part for part in base.parts if role in SINGERS and part.role in SINGERS and part is not own)
    felt = FeelElement().generate(replace(base, parts=(own, *others)), style, decisions)
    return Performance(felt.parts[0], felt.parts[1:], base.lyrics, decisions)


def song_seed(song: UnifiedComposition) -> int:
    """Return the seed that the song's choices were drawn from."""
    request = song.provenance.request
    return song.provenance.seed if request is None else candidate_seed(request.seed, request.candidate or 0)


def style_of(song: UnifiedComposition) -> Style:
    """Return the style of the song, its blend as it was decided."""
    return blended_style(song.context, Decisions(song_seed(song)))


def cell_seed(song: UnifiedComposition, cell: Cell) -> int:
    """Return the seed that one stretch was last made from."""
    return song.provenance.cells.get(cell.name, song_seed(song))


def decisions_for(song: UnifiedComposition, cell: Cell, seed: int) -> Decisions:
    """Return decisions that make `cell` from `seed` and leave alone what the rest of the band agreed on."""
    role = next(plan.role for plan in song.arrangement if plan.name == cell.part)
    reseeds = dict(_agreed(song, cell, role))
    singer = _singer(song, cell.section)
    if role is Role.BACKING or (cell.part not in ("", LEAD) and role is Role.VOCAL):
        # What is sung with the lead is another way to join it, not another tune.
        reseeds |= dict.fromkeys(("vocals", f"feel/{cell.part}"), seed)
        return Decisions(cell_seed(song, Cell(cell.section, LEAD)), reseeds=reseeds)
    if role is Role.LEAD and singer:
        # The tune is the singer's: an instrument beside it answers, and only its answers are its own.
        own = (f"{cell.section}/melody/answer", f"{cell.section}/melody/velocity/{cell.part}", f"feel/{cell.part}")
        reseeds |= dict.fromkeys(own, seed)
        return Decisions(cell_seed(song, Cell(cell.section, singer)), reseeds=reseeds)
    return Decisions(seed, reseeds=reseeds)


def _agreed(song: UnifiedComposition, cell: Cell, role: Role) -> Mapping[str, int]:
    seed = song_seed(song)
    places = [name for section in song.sections for name in (section.name, section.kind.value)]
    found = dict.fromkeys([*_COMMON, *(f"{place}/{what}" for place in places for what in _COMMON_IN)], seed)
    if role is not Role.DRUMS:
        kit = next((plan.name for plan in song.arrangement if plan.name.partition("-")[0] == "drums"), "")
        found["drums/groove"] = cell_seed(song, Cell(cell.section, kit))
    return MappingProxyType(found)


def _singer(song: UnifiedComposition, section: str) -> str:
    sung = any(plan.name == LEAD and section in plan.sections for plan in song.arrangement)
    return LEAD if sung else ""


def _writers(role: Role) -> tuple[tuple[ElementGenerator, ...], tuple[Role, ...]]:
    """Return the elements that write a role, and all roles that they write."""
    if role in _TUNES:
        return (MelodyElement(), LyricsElement(), VocalsElement(), AnswerElement()), _TUNES
    if role is Role.BASS:
        return (BassElement(),), (Role.BASS,)
    if role is Role.DRUMS:
        return (DrumsElement(),), (Role.DRUMS,)
    return (AccompanimentElement(),), (Role.CHORDS, Role.PAD, Role.ARPEGGIO, Role.COUNTER, Role.EFFECTS)
