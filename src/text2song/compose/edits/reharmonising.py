"""Other chords for some sections, and the pitched parts moved on to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from text2song.compose.decisions import Decisions
from text2song.compose.edits.energies import replayed
from text2song.compose.edits.performing import song_seed, style_of
from text2song.compose.edits.targets import Cell
from text2song.compose.elements.harmony import HarmonyElement
from text2song.domain.composition import ChordSpan, UnifiedComposition
from text2song.domain.edits import InvalidEditError
from text2song.domain.score import Role

_ATTEMPTS = 12


def reharmonised(
    song: UnifiedComposition, sections: Sequence[str], seed: int, locked: frozenset[Cell]
) -> UnifiedComposition:
    """Return the song with other chords in `sections`, in the same keys, and every pitched part on them; drums stay.

    Raises `InvalidEditError` where a pitched part is locked there, or no other chords are found.
    """
    drums = {plan.name for plan in song.arrangement if plan.role is Role.DRUMS}
    held = sorted(cell.name for cell in locked if cell.section in sections and cell.part not in drums)
    if held:
        raise InvalidEditError(f"“{held[0]}” is locked and would clash with other chords", field="remake")
    harmony = _other(song, sections, seed)
    child = replace(song, harmony=harmony)
    kits = frozenset(Cell(section, name) for section in sections for name in drums)
    return replayed(child, sections, locked | kits)


def _other(song: UnifiedComposition, sections: Sequence[str], seed: int) -> tuple[ChordSpan, ...]:
    style = style_of(song)
    journey = dict.fromkeys(("harmony", "structure", "arrangement"), song_seed(song))
    for attempt in range(_ATTEMPTS):
        found = HarmonyElement().generate(song, style, Decisions(seed + attempt, reseeds=journey))
        fresh = [span for span in found.harmony if span.section in sections]
        before = [span for span in song.harmony if span.section in sections]
        same_keys = all(found.key_at(span.start) == song.key_at(span.start) for span in fresh)
        if same_keys and [span.chord for span in fresh] != [span.chord for span in before]:
            kept = [span for span in song.harmony if span.section not in sections]
            return tuple(sorted((*kept, *fresh), key=lambda span: span.start))
    raise InvalidEditError("this style knows no other chords for that section", field="remake")
