"""Reads the composition that an edit starts from: a file may be anything, so all that the edit relies on is checked."""

from __future__ import annotations

import json
from itertools import pairwise

from text2song.compose.engine import replay
from text2song.compose.orchestrator import ENGINE
from text2song.compose.style import load_style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import InvalidError
from text2song.domain.instruments import instrument
from text2song.domain.score import Note


class UnreadableParentError(InvalidError):
    """The text is not a composition that can be edited."""

    slug = "unreadable-composition"


def read_parent(text: bytes | str) -> UnifiedComposition:
    """Return the composition that `text` holds, fit to be edited; raises `UnreadableParentError`."""
    try:
        song = replay(text)
    except (InvalidError, RecursionError) as error:
        raise UnreadableParentError(_reason(text, error), field="composition") from error
    fault = _fault(song)
    if fault:
        raise UnreadableParentError(f"this composition cannot be edited: {fault}", field="composition")
    return song


def _reason(text: bytes | str, error: Exception) -> str:
    """Say that it is no composition, or whose it is when another version wrote it."""
    try:
        engine = json.loads(text)["provenance"]["engine"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"this is not a composition.json of this program ({error})"
    if engine == ENGINE:
        return f"this composition.json is damaged ({error})"
    return f"this composition was made by “{engine}”, which {ENGINE} cannot read ({error})"


def _fault(song: UnifiedComposition) -> str:
    """Name the first thing wrong with a song, "" when an edit can rely on all of it."""
    parts, sections = song.parts, song.sections
    if not sections or not parts or not song.context.genres:
        return "it has no sections, no parts or no style"
    gaps = any(one.end_bar != other.start_bar for one, other in pairwise(sections))
    plans = {plan.name for plan in song.arrangement}
    checks = (
        (gaps or sections[0].start_bar != 0, "its sections do not follow one another"),
        (any(section.bars < 1 for section in sections), "a section is empty"),
        (len({section.name for section in sections}) < len(sections), "two sections have one name"),
        (len({part.name for part in parts}) < len(parts), "two parts have one name"),
        (not {part.name for part in parts} <= plans, "a part is missing from its arrangement"),
        (not song.tempo.changes or any(bpm <= 0 for _, bpm in song.tempo.changes), "it has no tempo"),
        (song.time_signature.bar <= 0, "it has no metre"),
        (not all(_playable(note) for part in parts for note in part.notes), "a note lies outside what can be played"),
    )
    return next((words for wrong, words in checks if wrong), "") or _unknown_names(song)


def _playable(note: Note) -> bool:
    return 0 <= note.pitch <= 127 and 1 <= note.velocity <= 127 and note.duration > 0 and note.start >= 0


def _unknown_names(song: UnifiedComposition) -> str:
    try:
        for name in (*(part.instrument for part in song.parts), *(plan.instrument for plan in song.arrangement)):
            instrument(name)
        for genre in song.context.genres:
            load_style(genre.style)
    except InvalidError as error:
        return error.message
    return ""
