"""One part of a finished song, composed anew by the element that writes it, on the song's own plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from text2song.compose.blend import blended_style
from text2song.compose.decisions import Decisions
from text2song.compose.edits.targets import Cell
from text2song.compose.element import ElementGenerator, Scope
from text2song.compose.elements.accompaniment import AccompanimentElement
from text2song.compose.elements.answer import AnswerElement
from text2song.compose.elements.bass import BassElement
from text2song.compose.elements.drums import DrumsElement
from text2song.compose.elements.ending import EndingElement, without_ending
from text2song.compose.elements.feel import apply_feel
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A part as it is written, before anybody feels it: every note has its start and pitch."""

    name: str
    #: The song with the part in it, a tune without the other tunes but those that come with it.
    song: UnifiedComposition
    style: Style
    decisions: Decisions
    #: Whether it is the whole part rather than some sections of it.
    whole: bool

    @property
    def part(self) -> Part:
        """The part; raises KeyError when the element left it out."""
        return self.song.part(self.name)

    @property
    def company(self) -> tuple[Part, ...]:
        """Who sings with a singer."""
        own = self.part
        if own.role not in SINGERS:
            return ()
        return tuple(part for part in self.song.parts if part.role in SINGERS and part is not own)


def performed(song: UnifiedComposition, name: str, decisions: Decisions) -> Performance:
    """Return the part `name` written anew on the song's sections, chords and arrangement.

    Raises KeyError when the arrangement has no such part or the element leaves it out.
    """
    return felt(drafted(song, name, decisions))


def drafted(song: UnifiedComposition, name: str, decisions: Decisions, sections: Sequence[str] = ()) -> Draft:
    """Return the part `name` as `performed` will have it, of some `sections` alone where that is less work.

    The notes that begin in `sections` are there in any case, each with its start and pitch. Raises as `performed` does,
    once the part is asked for.
    """
    style = blended_style(song.context, decisions)
    role = next(plan.role for plan in song.arrangement if plan.name == name)
    # The last section ends as its last bar is agreed on, which may come from what was held before it.
    alone = role in (Role.BASS, Role.DRUMS) and bool(sections) and song.sections[-1].name not in sections
    base = without_ending(song)
    if role in _TUNES:
        # Whoever joins the lead is planned and written after it.
        base = replace(
            base,
            arrangement=tuple(plan for plan in song.arrangement if plan.role not in SINGERS or plan.name == LEAD),
            vocals=tuple(plan for plan in song.vocals if plan.part == LEAD),
        )
    others = tuple(part for part in song.parts if part.name != name and not (role in _TUNES and part.role in _TUNES))
    base = replace(base, parts=others, lyrics=None)
    for element in _writers(role, Scope(name, frozenset(sections) if alone else None)):
        base = element.generate(base, style, decisions)
    if not alone:
        # Who has the ending's tune depends on who stands first.
        places = {part.name: place for place, part in enumerate(song.parts)}
        base = replace(base, parts=tuple(sorted(base.parts, key=lambda part: places.get(part.name, len(places)))))
        base = EndingElement(Scope(name)).generate(base, style, decisions)
    return Draft(name, base, style, decisions, not alone)


def felt(draft: Draft) -> Performance:
    """Return what is played of a whole draft; raises KeyError when the element left the part out."""
    together = replace(draft.song, parts=(draft.part, *draft.company))
    own, *others = apply_feel(together, draft.style, draft.decisions).parts
    return Performance(own, tuple(others), draft.song.lyrics, draft.decisions)


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


def _writers(role: Role, scope: Scope) -> tuple[ElementGenerator, ...]:
    """Return the elements that write a part of a role; tunes are written whole, and together."""
    if role in _TUNES:
        return (MelodyElement(), LyricsElement(), VocalsElement(), AnswerElement())
    if role is Role.BASS:
        return (BassElement(scope),)
    return (DrumsElement(scope),) if role is Role.DRUMS else (AccompanimentElement(scope),)
