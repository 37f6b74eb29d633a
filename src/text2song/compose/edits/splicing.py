"""Puts new notes where a stretch of a part was; every other note stays the object it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from text2song.compose.edits.targets import notes_by_section, span
from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine, Lyrics
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part


def spliced(song: UnifiedComposition, part: Part, fresh: Mapping[str, Sequence[Note]]) -> Part:
    """Return `part` with other notes in the sections named by `fresh`.

    A new note that would sound on into notes that stay ends where its section does.
    """
    notes: list[Note] = []
    there = notes_by_section(song, part)
    for place, section in enumerate(song.sections):
        if section.name not in fresh:
            notes.extend(there[section.name])
            continue
        end = span(song, section)[1]
        following = song.sections[place + 1 : place + 2]
        goes_on = any(there[after.name] for after in following if after.name not in fresh)
        notes.extend(_ended(note, end) if goes_on else note for note in fresh[section.name])
    return replace(part, notes=tuple(notes))


def with_part(song: UnifiedComposition, part: Part) -> UnifiedComposition:
    """Return the song with `part` in the place of the one of its name."""
    return replace(song, parts=tuple(part if each.name == part.name else each for each in song.parts))


def respoken(
    song: UnifiedComposition, fresh: Mapping[str, Sequence[LyricLine]], source: Lyrics | None
) -> Lyrics | None:
    """Return the song's lyrics with other lines in the sections named by `fresh`, in the order they are sung."""
    old = song.lyrics.lines if song.lyrics is not None else ()
    lines: list[LyricLine] = []
    for section in song.sections:
        kept = [line for line in old if line.section == section.name]
        lines.extend(fresh.get(section.name, kept))
    shell = song.lyrics or source
    return None if shell is None or not lines else replace(shell, lines=tuple(lines))


def lines_in(lyrics: Lyrics | None, section: str) -> tuple[LyricLine, ...]:
    """Return the lines of one section."""
    return tuple(line for line in (lyrics.lines if lyrics is not None else ()) if line.section == section)


def _ended(note: Note, end: Fraction) -> Note:
    return replace(note, duration=end - note.start) if note.start + note.duration > end else note
