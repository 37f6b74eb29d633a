"""The one door of exact edits: a composition and one edit in, its child out; the same edit gives the same child."""

from __future__ import annotations

from dataclasses import replace

from text2song.compose.edits.remaking import placed, remade, remake_seed, repeated
from text2song.compose.edits.targets import Cell, Selection, locked_cells, selected
from text2song.compose.edits.words import Words, new_words
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit, InvalidEditError
from text2song.domain.score import Role
from text2song.domain.serial import digest


def edited(parent: UnifiedComposition, edit: Edit, *, parent_id: str = "") -> UnifiedComposition:
    """Return the child of `parent` that `edit` asks for; everything it does not name is kept, note for note.

    Raises `InvalidEditError` naming the field at fault when the edit does not fit the song.
    """
    edit.validate()
    locked = locked_cells(parent, edit.lock)
    child = _with_triggers(parent)
    chosen = _unlocked(child, edit, locked)
    words = {} if edit.lyrics is None else new_words(child, edit.lyrics, chosen)
    child = _sung_anew(child, words, chosen)
    for name, sections in chosen.parts().items():
        seed = remake_seed(parent, edit.seed, name)
        child = remade(child, name, sections, seed, words)
    return _signed(child, parent, edit, parent_id)


def _unlocked(song: UnifiedComposition, edit: Edit, locked: frozenset[Cell]) -> Selection:
    """Return what is to be made anew; raises `InvalidEditError` where a target is locked as a whole."""
    for target in edit.remake:
        one = selected(song, (target,), "remake")
        if one.cells and not one.without(locked).cells:
            raise InvalidEditError(f"“{target}” is locked and cannot be made anew too", field="remake")
    return selected(song, edit.remake, "remake").without(locked)


def _sung_anew(song: UnifiedComposition, words: Words, chosen: Selection) -> UnifiedComposition:
    """Return the song with other words on the tune it has, where the tune itself is not made anew."""
    singers = [plan.name for plan in song.arrangement if plan.role is Role.VOCAL]
    for name in singers:
        kept = [section for section in words if Cell(section, name) not in chosen.cells]
        if kept:
            song = placed(song, name, repeated(song, name, kept, words))
    return song


def _with_triggers(song: UnifiedComposition) -> UnifiedComposition:
    """Return the song with the trigger of its ducking written down, so that other drums move no other stem."""
    ducked = any(channel.duck_db > 0 for channel in song.mix.channels)
    if not ducked or song.mix.trigger is not None:
        return song
    return replace(song, mix=replace(song.mix, trigger=song.kicks))


def _signed(child: UnifiedComposition, parent: UnifiedComposition, edit: Edit, parent_id: str) -> UnifiedComposition:
    provenance = replace(
        child.provenance,
        parent=digest(parent),
        parent_id=parent_id,
        edits=(*parent.provenance.edits, edit),
    )
    return replace(child, provenance=provenance)
