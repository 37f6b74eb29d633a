"""What a writer of lyrics is asked for: sections, lines with their syllables, and what the song is about."""

from __future__ import annotations

from dataclasses import dataclass

from text2song.domain.composition import SectionKind


@dataclass(frozen=True, slots=True)
class StanzaPlan:
    """One section to write: its name, kind, and the syllables wanted in each line."""

    section: str
    kind: SectionKind
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SongPlan:
    """A whole song to write."""

    prompt: str
    #: What it is about in the words of the prompt, "" where they do not say.
    theme: str
    #: What must be the hook, "" where the writer may choose.
    title: str
    #: −1 dark … 1 bright.
    valence: float
    #: Whether somebody named a mood; else the theme has a say in it.
    mood_named: bool
    #: The style and its ancestors, nearest first.
    styles: tuple[str, ...]
    stanzas: tuple[StanzaPlan, ...]


#: The lines of each section by its name, in the order they are sung.
Words = dict[str, tuple[str, ...]]
