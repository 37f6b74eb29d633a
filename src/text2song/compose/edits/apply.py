"""The one door of exact edits: a composition and one edit in, its child out; the same edit gives the same child."""

from __future__ import annotations

from dataclasses import replace

from text2song.compose.edits.band import joined, without
from text2song.compose.edits.energies import in_mood, with_energy
from text2song.compose.edits.extending import to_duration, with_section_again
from text2song.compose.edits.reharmonising import reharmonised
from text2song.compose.edits.remaking import placed, remade, remake_seed, repeated
from text2song.compose.edits.scoring import at_tempo, in_key, played_by
from text2song.compose.edits.targets import Cell, Selection, locked_cells, notes_in, selected
from text2song.compose.edits.words import Words, accounted, new_words
from text2song.compose.elements.vocals import LEAD
from text2song.domain.composition import Provenance, UnifiedComposition
from text2song.domain.edits import Edit, InvalidEditError
from text2song.domain.garbage import uncollected
from text2song.domain.serial import digest


def edited(parent: UnifiedComposition, edit: Edit, *, parent_id: str = "") -> UnifiedComposition:
    """Return the child of `parent` that `edit` asks for; everything it does not name is kept, note for note.

    The fields are applied in this order: players leave and join, instruments, key, tempo, energy and mood, length,
    words, and last what is made anew, so that it fits all the rest.
    Raises `InvalidEditError` naming the field at fault when the edit does not fit the song.
    """
    edit.validate()
    locked = locked_cells(parent, edit.lock)
    with uncollected():
        before = _with_triggers(parent)
        child = _with_band(before, edit, locked)
        child = _with_figures(child, edit, locked)
        child = _with_length(child, edit, locked)
        child = _made_anew(child, edit, locked)
        if _sounds(child) == _sounds(before):
            raise InvalidEditError("that is how the song is already; nothing would change", field="remake")
        return _signed(child, parent, edit, parent_id)


def _with_band(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> UnifiedComposition:
    if edit.remove:
        song = without(song, edit.remove, locked)
    if edit.add:
        song = joined(song, edit.add, remake_seed(song, edit.seed, "add"))
    return played_by(song, edit.instruments, locked)


def _with_figures(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> UnifiedComposition:
    if edit.key is not None:
        song = in_key(song, edit.key, locked)
    if edit.bpm is not None:
        song = at_tempo(song, edit.bpm, locked)
    if edit.moods:
        song = in_mood(song, edit.moods, locked)
    if edit.energy or edit.section_energy:
        song = with_energy(song, edit, locked)
    return song


def _with_length(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> UnifiedComposition:
    if edit.extend is not None:
        song, made = with_section_again(song, edit.extend)
    elif edit.duration_seconds is not None:
        song, made = to_duration(song, edit.duration_seconds)
    else:
        return song
    # What is heard again is drummed otherwise, so that it goes on rather than starts over.
    kits = [plan.name for plan in song.arrangement if plan.name.partition("-")[0] == "drums"]
    for name in kits:
        held = any(cell.part == name for cell in locked)
        there = [section for section in made if notes_in(song, song.part(name), section)]
        if there and not held:
            song = remade(song, name, there, remake_seed(song, edit.seed, "again"), {})
    return song


def _made_anew(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> UnifiedComposition:
    chosen = _unlocked(song, edit, locked)
    if chosen.harmony:
        song = reharmonised(song, chosen.harmony, remake_seed(song, edit.seed, "harmony"), locked)
    words: Words = {} if edit.lyrics is None else new_words(song, edit.lyrics, chosen)
    if chosen.words and not words:
        raise InvalidEditError("to change the words, give new ones", field="lyrics")
    song = _sung_anew(song, words, chosen, locked)
    for name, sections in chosen.parts().items():
        song = remade(song, name, sections, remake_seed(song, edit.seed, name), words, locked)
    return accounted(song, edit.lyrics, words) if edit.lyrics is not None else song


def _unlocked(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> Selection:
    """Return what is to be made anew; raises `InvalidEditError` where a target is locked as a whole."""
    for target in edit.remake:
        one = selected(song, (target,), "remake")
        if one.cells and not one.without(locked).cells:
            raise InvalidEditError(f"“{target}” is locked and cannot be made anew too", field="remake")
    return selected(song, edit.remake, "remake").without(locked)


def _sung_anew(
    song: UnifiedComposition, words: Words, chosen: Selection, locked: frozenset[Cell]
) -> UnifiedComposition:
    """Return the song with other words on the tune it has, where the tune itself is not made anew."""
    if words:
        name = LEAD
        held = next((section for section in words if Cell(section, name) in locked), None)
        if held is not None:
            raise InvalidEditError(f"“{held}/{name}” is locked and cannot get other words too", field="lyrics")
        kept = [section for section in words if Cell(section, name) not in chosen.cells]
        if kept:
            song = placed(song, name, repeated(song, name, kept, words), locked)
    return song


def _with_triggers(song: UnifiedComposition) -> UnifiedComposition:
    """Return the song with the trigger of its ducking written down, so that other drums move no other stem."""
    ducked = any(channel.duck_db > 0 for channel in song.mix.channels)
    if not ducked or song.mix.trigger is not None:
        return song
    return replace(song, mix=replace(song.mix, trigger=song.kicks))


def _sounds(song: UnifiedComposition) -> UnifiedComposition:
    """Return what of a song can be heard or read, without where it came from."""
    context = replace(song.context, sources={}, duration_seconds=0.0)
    return replace(song, context=context, provenance=Provenance("", 0, ()))


def _signed(child: UnifiedComposition, parent: UnifiedComposition, edit: Edit, parent_id: str) -> UnifiedComposition:
    provenance = replace(
        child.provenance,
        parent=digest(parent),
        parent_id=parent_id,
        edits=(*parent.provenance.edits, edit),
    )
    return replace(child, provenance=provenance)
