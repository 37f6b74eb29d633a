"""The words of single sections: read back from a song, replaced, and written out for the element that sets them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from text2song.compose.edits.targets import Selection
from text2song.compose.elements.vocals import LEAD
from text2song.compose.words.language import detect_language, is_english, language_name
from text2song.compose.words.sheet import fitting_note, tag_notes
from text2song.compose.words.stanzas import Stanza, read_stanzas
from text2song.domain.composition import SectionKind, UnifiedComposition
from text2song.domain.edits import InvalidEditError

Words = Mapping[str, tuple[str, ...]]
#: Stands where one section of a sung kind has no words, so that the stanzas after it keep their number.
_WORDLESS = "la"


def words_of(song: UnifiedComposition, section: str) -> tuple[str, ...]:
    """Return the lines of a section once each, where a short stanza is sung over and over."""
    lines = [line.text for line in (song.lyrics.lines if song.lyrics else ()) if line.section == section]
    for period in range(1, len(lines)):
        if all(line == lines[index % period] for index, line in enumerate(lines)):
            return tuple(lines[:period])
    return tuple(lines)


def lyric_text(song: UnifiedComposition, words: Words) -> str:
    """Return the song's words with some sections' replaced: one tagged stanza per section of a kind that is sung."""
    lines = {section.name: words.get(section.name) or words_of(song, section.name) for section in song.sections}
    sung = {section.kind for section in song.sections if lines[section.name]}
    stanzas = [
        "\n".join((f"[{section.kind.value}]", *(lines[section.name] or (_WORDLESS,))))
        for section in song.sections
        if section.kind in sung
    ]
    return "\n\n".join(stanzas)


def new_words(song: UnifiedComposition, text: str, remade: Selection) -> dict[str, tuple[str, ...]]:
    """Return the lines that `text` gives to each section: by its tags, else to what is made anew, else everywhere.

    Raises `InvalidEditError` when nobody sings there.
    """
    singer = next((plan for plan in song.arrangement if plan.name == LEAD), None)
    if singer is None or not any(part.name == singer.name and part.notes for part in song.parts):
        raise InvalidEditError("nobody sings in this song, so there is no place for words", field="lyrics")
    stanzas = read_stanzas(text)
    named = {*remade.words, *(cell.section for cell in remade.cells if cell.part == singer.name)}
    sung = [section for section in song.sections if section.name in singer.sections]
    wanted = [section for section in sung if not named or section.name in named]
    found: dict[str, tuple[str, ...]] = {}
    seen: Counter[SectionKind] = Counter()
    for section in wanted:
        lines = _lines(stanzas, section.kind, seen[section.kind], alone=bool(named))
        seen[section.kind] += 1
        if lines:
            found[section.name] = lines
    if not found:
        where = ", ".join(section.name for section in sung)
        raise InvalidEditError(f"the words belong to no section that is sung; those are {where}", field="lyrics")
    return found


def accounted(song: UnifiedComposition, text: str, words: Words) -> UnifiedComposition:
    """Return the song, in which `words` of `text` were put, with what has to be said of those that are not sung.

    What was said of the words before stays as long as some of them are left.
    """
    lyrics = song.lyrics
    if lyrics is None:
        return song
    left = any(line.section not in words for line in lyrics.lines)
    notes = list(lyrics.notes) if left else []
    language = detect_language(text, lyrics.language)
    if is_english(language):
        sung = {line.text for line in lyrics.lines if line.syllables and line.section in words}
        lines = [line for stanza in read_stanzas(text) for line in stanza.lines]
        notes += [*tag_notes(text, song.sections), *fitting_note(sum(line in sung for line in lines), len(lines))]
    else:
        name = language_name(language)
        notes.append(f"The new words seem to be in {name}, which no singer here knows: their tune is played.")
    spoken = lyrics.language if left else language
    return replace(song, lyrics=replace(lyrics, language=spoken, source="user", notes=tuple(dict.fromkeys(notes))))


def _lines(stanzas: Sequence[Stanza], kind: SectionKind, number: int, *, alone: bool) -> tuple[str, ...]:
    """Return the stanza of the nth section of a kind; words without tags go where the edit points, or to all."""
    tagged = [stanza for stanza in stanzas if stanza.kind is kind]
    if tagged:
        return tagged[number % len(tagged)].lines
    untagged = [stanza for stanza in stanzas if stanza.kind is None]
    if not untagged:
        return ()
    if alone:
        return tuple(line for stanza in untagged for line in stanza.lines)
    if kind is SectionKind.CHORUS and len(untagged) > 1:
        return untagged[1].lines
    verses = [stanza for place, stanza in enumerate(untagged) if place != 1] or untagged
    return verses[number % len(verses)].lines
