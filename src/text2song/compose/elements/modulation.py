"""Modulation: the sections of a song that stand in another key than the one asked for.

Two kinds of journey: a lift, after which the last chorus stands a semitone or a tone higher, and an excursion, a bridge
in a neighbouring key whose first chord belongs to both (the pivot) and whose end is home's dominant. The key asked for
stays the key heard: journeys are short, and every one is recorded as a change of key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from text2song.compose.decisions import Decisions
from text2song.compose.elements.production import production_of
from text2song.compose.style import Style
from text2song.domain.composition import KeyChange, Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.theory import Key

#: A lift is heard as one only late and after enough of the first key.
_LIFT_LATEST = Fraction(3, 5)
#: The choruses that a song has before its last one is lifted: by itself, and where a change of key is asked for.
_CHORUSES, _CHORUSES_ASKED = 3, 2
#: The most of a song that an excursion may take, and the bars it needs: to go and to come back.
_EXCURSION_MOST, _EXCURSION_LEAST = Fraction(1, 5), 4
#: Where bridges go: (semitones, mode, weight); the relative key first, then the fourth above, then the other mode.
_FROM_MAJOR = ((9, "minor", 3.0), (5, "major", 1.5), (0, "minor", 1.0), (2, "minor", 0.5))
_FROM_MINOR = ((3, "major", 3.0), (5, "minor", 1.5), (8, "major", 1.0))


@dataclass(frozen=True, slots=True)
class Journey:
    """The key of every section, and the changes of key they make."""

    keys: tuple[Key, ...]

    def changes(self, composition: UnifiedComposition) -> tuple[KeyChange, ...]:
        """Return where another key than before begins."""
        found: list[KeyChange] = []
        sounding = composition.context.key
        for section, key in zip(composition.sections, self.keys, strict=True):
            if key != sounding:
                found.append(KeyChange(composition.section_start(section), key))
                sounding = key
        return tuple(found)


def journey(composition: UnifiedComposition, style: Style, decisions: Decisions) -> Journey:
    """Return the keys of a song's sections; most songs stay at home."""
    home = composition.context.key
    sections = composition.sections
    wished = production_of(composition.context).lift
    chance = float(style.table("harmony").get("lift", 0.0)) if wished is None else wished
    least = _CHORUSES_ASKED if wished else _CHORUSES
    lifted, semitones = _lift(sections, (chance, least), decisions, composition.bars)
    stays = lifted < len(sections) or wished == 0.0
    away = None if stays else _excursion(sections, style, decisions, composition)
    keys = [
        home.transposed(semitones) if place >= lifted else away if away and section.kind is SectionKind.BRIDGE else home
        for place, section in enumerate(sections)
    ]
    return Journey(tuple(keys))


def _lift(sections: Sequence[Section], wish: tuple[float, int], decisions: Decisions, bars: int) -> tuple[int, int]:
    """Return the section from which the song sounds higher and by how much; past the end and 0 without a lift."""
    choruses = [place for place, section in enumerate(sections) if section.kind is SectionKind.CHORUS]
    chance, least = wish
    late = len(choruses) >= least and sections[choruses[-1]].start_bar >= _LIFT_LATEST * bars
    if not late or not chance or not decisions.chance("harmony/lift", chance):
        return len(sections), 0
    return choruses[-1], decisions.decide("harmony/lift/semitones", (2, 1), (2, 1))


def _excursion(
    sections: Sequence[Section], style: Style, decisions: Decisions, composition: UnifiedComposition
) -> Key | None:
    """Return the key of the bridges, or None where they stay at home."""
    home = composition.context.key
    bridges = [section for section in sections if section.kind is SectionKind.BRIDGE]
    chance = style.table("harmony").get("excursion", 0.0)
    long = sum(section.bars for section in bridges) > _EXCURSION_MOST * composition.bars
    edge = bool(bridges) and (bridges[0] is sections[0] or bridges[-1] is sections[-1])
    brief = any(section.bars < _EXCURSION_LEAST for section in bridges)
    if not bridges or long or edge or brief or home.mode not in ("major", "minor"):
        return None
    if not chance or not decisions.chance("harmony/excursion", chance):
        return None
    ways = _FROM_MINOR if home.is_minor else _FROM_MAJOR
    options = [Key((home.tonic + semitones) % 12, mode) for semitones, mode, _ in ways]
    return decisions.decide("harmony/excursion/key", options, [weight for _, _, weight in ways])
