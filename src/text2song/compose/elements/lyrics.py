"""Lyrics: words put on the vocal part, line by line and syllable by syllable, and the part sung to them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from text2song.compose.decisions import Decisions
from text2song.compose.elements.calling import let_go
from text2song.compose.elements.form import PEAKS
from text2song.compose.elements.vocal import sung_notes, with_climax, without_overlap
from text2song.compose.style import Style
from text2song.compose.words.language import detect_language, is_english, language_name
from text2song.compose.words.setting import set_line
from text2song.compose.words.sheet import Placed, assign, known_stanzas, tag_notes, unsung_note
from text2song.compose.words.slots import Slot, line_slots, returning_slots, singable, spans
from text2song.compose.words.syllables import WordSyllable, line_syllables
from text2song.compose.words.writer.commission import song_plan
from text2song.compose.words.writer.writer import WRITER, write_lyrics
from text2song.domain.composition import Section, UnifiedComposition
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import TimeSignature

#: Semitones from the lowest to the highest sung note.
COMPASS = 14


#: Where each line of a section stands, and where its syllables are sung: (start, duration) each.
_Shared = tuple[Sequence[Slot], Sequence[Sequence[tuple[Fraction, Fraction]]]]


@dataclass(frozen=True, slots=True)
class _Sung:
    """One section with words."""

    lines: tuple[LyricLine, ...]
    notes: tuple[Note, ...]
    origins: frozenset[tuple[int, int]]


class LyricsElement:
    """Sets words to the vocal part, those of `context.lyrics` or else a writer's; without that part it does nothing."""

    name = "lyrics"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with lyrics, and the vocal part with a note for every syllable."""
        vocal = next((part for part in composition.parts if part.role is Role.VOCAL), None)
        text = composition.context.lyrics or ""
        stanzas = known_stanzas(text)
        if vocal is None or not vocal.notes or (text and not stanzas):
            return composition
        sections = [section for section in composition.sections if _tune(composition, vocal, section)]
        language = detect_language(text, composition.context.language)
        if not is_english(language):
            return replace(composition, lyrics=_unsung(assign(stanzas, sections), language, given=bool(text)))
        placed = assign(stanzas, sections) if text else _written(composition, sections, style, decisions)
        worded = [section for section in sections if section.name in placed]
        # Nothing is sung twice in a section while other words wait.
        again = bool(text) and len(stanzas) <= len(worded)
        cells = _cells(worded, placed) if again else {}
        sung = [
            _sing(
                section, placed[section.name], vocal, composition, style, cell=cells.get(section.name, 0), again=again
            )
            for section in worded
        ]
        sung = _peaking(worded, sung, vocal, composition, cells)
        heard = {origin for each in sung for origin in each.origins}
        notes = (*tag_notes(text, sections), *unsung_note(stanzas, heard)) if text else ()
        if not any(each.lines for each in sung):
            return replace(composition, lyrics=Lyrics((), language, "user" if text else WRITER, notes))
        lines = tuple(line for each in sung for line in each.lines)
        lyrics = Lyrics(lines, language, "user" if text else WRITER, notes)
        return replace(composition, parts=_with_words(composition, vocal, sung), lyrics=lyrics)


def _written(
    composition: UnifiedComposition, sections: Sequence[Section], style: Style, decisions: Decisions
) -> dict[str, Placed]:
    words = write_lyrics(song_plan(composition, sections, style), decisions)
    return {
        name: Placed(lines, tuple((number, line) for line in range(len(lines))))
        for number, (name, lines) in enumerate(words.items())
    }


def _unsung(placed: Mapping[str, Placed], language: str, *, given: bool) -> Lyrics:
    lines = tuple(LyricLine(text, section) for section, each in placed.items() for text in each.lines)
    name = language_name(language)
    note = f"The words seem to be in {name}, which no singer here knows: the tune is played, nothing is sung wrongly."
    if not given:
        note = f"Nothing here writes or sings {name} yet: the tune is played without words."
    return Lyrics(lines, language, "user" if given else WRITER, (note,))


def _tune(composition: UnifiedComposition, vocal: Part, section: Section) -> tuple[Note, ...]:
    start = composition.section_start(section)
    end = start + section.bars * composition.time_signature.bar
    # Notes are in time order, and a song has hundreds for each of its sections.
    first, last = (bisect_left(vocal.notes, edge, key=lambda note: note.start) for edge in (start, end))
    return vocal.notes[first:last]


def _cells(sections: Sequence[Section], placed: Mapping[str, Placed]) -> dict[str, int]:
    """Return the bars of the shortest section with the same words, by the name of each goal."""
    goals = [section for section in sections if section.kind in PEAKS]
    return {
        section.name: min(other.bars for other in goals if placed[other.name].lines == placed[section.name].lines)
        for section in goals
    }


def _sing(
    section: Section,
    placed: Placed,
    vocal: Part,
    composition: UnifiedComposition,
    style: Style,
    *,
    cell: int,
    again: bool,
) -> _Sung:
    """Set the lines of one section; those that do not fit are left out at the end.

    The lines of a section that returns are shared out over `cell` bars, then once more; 0 for what does not return.
    """
    metre = composition.time_signature
    start = composition.section_start(section)
    quarter = composition.tempo.seconds(start + 1) - composition.tempo.seconds(start)
    tune = _tune(composition, vocal, section)
    words = [line_syllables(text) for text in placed.lines]
    bar_seconds = float(metre.bar) * quarter
    kept = [index for index, line in enumerate(words) if line and singable(len(line), section.bars * bar_seconds)]
    onsets = [note.start for note in tune]

    def shared(count: int, *, again: bool) -> _Shared:
        counts = [len(words[index]) for index in kept[:count]]
        slots = (
            returning_slots(counts, section.bars, cell, bar_seconds)
            if cell
            else line_slots(counts, section.bars, bar_seconds, again=again)
        )
        chosen = [words[index] for index in kept]
        return slots, _places(chosen, slots, (start, cell), metre, quarter, onsets)

    slots, places = _all_set(shared, len(kept), again=again)
    lines: list[LyricLine] = []
    notes: list[Note] = []
    origins: set[tuple[int, int]] = set()
    for slot, found in zip(slots, places, strict=True):
        # The last word of a section rings on; what answers it plays underneath.
        where = found if slot is slots[-1] else let_go(found, style, quarter)
        if where:
            index = kept[slot.line]
            notes.extend(sung_notes(where, tune, composition, start + (slot.bar + slot.bars) * metre.bar))
            lines.append(_line(placed.lines[index], section, words[index], where))
            origins.add(placed.origins[index])
    return _Sung(tuple(lines), tuple(notes), frozenset(origins))


def _all_set(shared: Callable[..., _Shared], most: int, *, again: bool) -> _Shared:
    """Return the slots of the first lines that are all sung, as many as can be, and where their syllables are.

    The first lines are sung, not those that happen to fall on wide places.
    """
    found = shared(most, again=again)
    if all(found[1]):
        return found
    least, most = 1, max((slot.line for slot in found[0]), default=0) + 1
    found = shared(least, again=False)
    while most - least > 1:
        middle = (least + most) // 2
        tried = shared(middle, again=False)
        if all(tried[1]):
            least, found = middle, tried
        else:
            most = middle
    return found


def _places(
    words: Sequence[Sequence[WordSyllable]],
    slots: Sequence[Slot],
    place: tuple[Fraction, int],
    metre: TimeSignature,
    quarter: float,
    onsets: Sequence[Fraction],
) -> list[list[tuple[Fraction, Fraction]]]:
    """Return where the syllables of each slot's line are sung, none for a line that does not fit its slot.

    `place` is where the section begins and after how many of its bars its words return.
    """
    start, cell = place
    found: list[list[tuple[Fraction, Fraction]]] = []
    set_before: list[tuple[Slot, list[Fraction]]] = []
    for slot, span in zip(slots, spans(slots, start, metre.bar, quarter, cell), strict=True):
        echo = _echo(slot, start, metre.bar, onsets, set_before)
        where = set_line(words[slot.line], span, metre, quarter, onsets, echo)
        if where:
            set_before.append((slot, [onset for onset, _ in where]))
        found.append(where)
    return found


def _echo(
    slot: Slot,
    start: Fraction,
    bar: Fraction,
    onsets: Sequence[Fraction],
    set_before: Sequence[tuple[Slot, Sequence[Fraction]]],
) -> list[Fraction]:
    """Return where the syllables of the earlier line whose tune moves most like this one's would come; none is none."""

    def moves(one: Slot) -> frozenset[Fraction]:
        first = start + one.bar * bar
        within = onsets[bisect_left(onsets, first) : bisect_left(onsets, first + one.bars * bar)]
        return frozenset(onset - first for onset in within)

    mine = moves(slot)
    likes = [(len(mine & moves(one)), one, places) for one, places in set_before if one.bars == slot.bars]
    most, model, places = max(likes, key=lambda item: item[0], default=(0, slot, ()))
    return [place + (slot.bar - model.bar) * bar for place in places] if 2 * most > len(mine) else []


def _peaking(
    sections: Sequence[Section],
    sung: Sequence[_Sung],
    vocal: Part,
    song: UnifiedComposition,
    cells: Mapping[str, int],
) -> list[_Sung]:
    """Return what is sung with the highest note of every goal where the tune's peak is, above all that is no goal.

    A goal that returns longer than it was (`cells`) has the peak it had before as well.
    """
    found: list[_Sung] = []
    pitches = [note.pitch for each in sung for note in each.notes]
    elsewhere = [
        note.pitch
        for section, each in zip(sections, sung, strict=True)
        if section.kind not in PEAKS
        for note in each.notes
    ]
    home, bar = song.context.key.tonic, song.time_signature.bar
    for section, each in zip(sections, sung, strict=True):
        if section.kind in PEAKS and each.notes:
            lift = (song.key_at(song.section_start(section)).tonic - home + 5) % 12 - 5
            limits = (max(elsewhere, default=0), min(pitches) + COMPASS + lift)
            notes = list(each.notes)
            for bars in sorted({cells.get(section.name, section.bars), section.bars}):
                part = replace(section, bars=bars)
                inside = [note for note in notes if note.start < song.section_start(part) + bars * bar]
                notes[: len(inside)] = with_climax(inside, _tune(song, vocal, part), song, part, limits)
            found.append(replace(each, notes=tuple(notes)))
        else:
            found.append(each)
    return found


def _line(
    text: str, section: Section, words: Sequence[WordSyllable], places: Sequence[tuple[Fraction, Fraction]]
) -> LyricLine:
    syllables = (
        Syllable(word.text, word.stressed, word.ends_word, start, duration, word.phonemes)
        for word, (start, duration) in zip(words, places, strict=True)
    )
    return LyricLine(text, section.name, tuple(syllables))


def _with_words(composition: UnifiedComposition, vocal: Part, sung: Sequence[_Sung]) -> tuple[Part, ...]:
    notes = tuple(sorted(note for each in sung for note in each.notes))
    return tuple(
        replace(part, notes=notes) if part.name == vocal.name else without_overlap(part, notes)
        for part in composition.parts
    )
