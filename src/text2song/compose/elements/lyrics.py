"""Lyrics: the user's lines put on the phrases of the vocal part, syllable by syllable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from text2song.compose.decisions import Decisions
from text2song.compose.style import Style
from text2song.compose.words.setting import set_line
from text2song.compose.words.stanzas import Stanza, read_stanzas
from text2song.compose.words.syllables import line_syllables
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.score import Note, Part, Role

#: A rest this long (quarter notes) ends a phrase.
_PHRASE_GAP = Fraction(1, 2)
#: Left free before the next phrase, for a breath.
_BREATH = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class _Phrase:
    section: Section
    notes: tuple[Note, ...]
    #: Quarter notes of rest after it.
    room: Fraction


class LyricsElement:
    """Sets the words of `context.lyrics` to the vocal part; without words or without that part it changes nothing."""

    name = "lyrics"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with lyrics, and the vocal part with a note for every syllable."""
        del style, decisions
        vocal = next((part for part in composition.parts if part.role is Role.VOCAL), None)
        stanzas = read_stanzas(composition.context.lyrics or "")
        if vocal is None or not vocal.notes or not stanzas:
            return composition
        lines: list[LyricLine] = []
        notes: list[Note] = []
        for section, phrases in _by_section(composition, vocal):
            for texts, phrase in _shared(_lines_for(section, composition.sections, stanzas), phrases):
                sung, on = _set(texts, phrase, composition)
                lines += sung
                notes += on
        if not lines:
            return composition
        parts = tuple(
            replace(part, notes=tuple(sorted(notes))) if part.name == vocal.name else part for part in composition.parts
        )
        lyrics = Lyrics(tuple(lines), language=composition.context.language, source="user")
        return replace(composition, parts=parts, lyrics=lyrics)


def _by_section(composition: UnifiedComposition, vocal: Part) -> list[tuple[Section, list[_Phrase]]]:
    found = []
    for section in composition.sections:
        start = composition.section_start(section)
        end = start + section.bars * composition.time_signature.bar
        inside = [note for note in vocal.notes if start <= note.start < end]
        if inside:
            found.append((section, _phrases(section, inside, end)))
    return found


def _phrases(section: Section, notes: Sequence[Note], end: Fraction) -> list[_Phrase]:
    groups: list[list[Note]] = [[notes[0]]]
    for before, after in pairwise(notes):
        if after.start - (before.start + before.duration) >= _PHRASE_GAP:
            groups.append([])
        groups[-1].append(after)
    starts = [group[0].start for group in groups[1:]] + [end]
    return [
        _Phrase(section, tuple(group), max(Fraction(0), following - _BREATH - group[-1].start - group[-1].duration))
        for group, following in zip(groups, starts, strict=True)
    ]


def _lines_for(section: Section, sections: Sequence[Section], stanzas: Sequence[Stanza]) -> tuple[str, ...]:
    """The stanza of a section: the nth of its kind by tag; untagged ones alternate as verses and chorus."""
    tagged = [stanza for stanza in stanzas if stanza.kind is section.kind]
    before = sum(other.kind is section.kind for other in sections[: sections.index(section)])
    if tagged:
        return tagged[before % len(tagged)].lines
    untagged = [stanza for stanza in stanzas if stanza.kind is None]
    if not untagged:
        return ()
    if section.kind is SectionKind.CHORUS and len(untagged) > 1:
        return untagged[1].lines
    verses = [stanza for index, stanza in enumerate(untagged) if index != 1] or untagged
    return verses[before % len(verses)].lines


def _shared(lines: Sequence[str], phrases: Sequence[_Phrase]) -> list[tuple[tuple[str, ...], _Phrase]]:
    """Lines in order over the phrases of a section; the words start again where phrases are left over."""
    if not lines:
        return []
    if len(lines) <= len(phrases):
        return [((lines[index % len(lines)],), phrase) for index, phrase in enumerate(phrases)]
    # More lines than phrases: some phrases carry two or more.
    count = len(phrases)
    edges = [len(lines) * index // count for index in range(count + 1)]
    return [(tuple(lines[edges[n] : edges[n + 1]]), phrase) for n, phrase in enumerate(phrases)]


def _set(texts: Sequence[str], phrase: _Phrase, composition: UnifiedComposition) -> tuple[list[LyricLine], list[Note]]:
    """Return the lines of one phrase with their syllables timed, and the notes they are sung on."""
    words = [line_syllables(text) for text in texts]
    syllables = [syllable for line in words for syllable in line]
    groups = set_line(phrase.notes, syllables, composition.time_signature, phrase.room) if syllables else []
    timed = []
    for syllable, group in zip(syllables, groups, strict=False):
        start, end = group[0].start, group[-1].start + group[-1].duration
        timed.append(
            Syllable(syllable.text, syllable.stressed, syllable.ends_word, start, end - start, syllable.phonemes)
        )
    lines, done = [], 0
    for text, line in zip(texts, words, strict=True):
        sung = tuple(timed[done : done + len(line)])
        done += len(line)
        if sung:
            lines.append(LyricLine(text, phrase.section.name, sung))
    return lines, [note for group in groups for note in group]
