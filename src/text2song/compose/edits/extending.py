"""A longer song: sections played once more, and everything after them moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from text2song.compose.edits.targets import sections_named
from text2song.domain.composition import ChordSpan, KeyChange, Section, UnifiedComposition
from text2song.domain.context import Reading, Source
from text2song.domain.edits import InvalidEditError
from text2song.domain.lyrics import LyricLine, Lyrics
from text2song.domain.rational import Fraction
from text2song.domain.request import DURATION_SECONDS
from text2song.domain.score import Part


def with_section_again(song: UnifiedComposition, name: str) -> tuple[UnifiedComposition, tuple[str, ...]]:
    """Return the song with a section played once more after itself, and the new section's name.

    Of a kind, the last is taken. Raises `InvalidEditError` for the song's ending and for what is not there.
    """
    named = [each for each in song.sections[:-1] if each.name in sections_named(song, name, "extend")]
    if not named:
        raise InvalidEditError(f"the song ends with {name}; extend it by a section before that", field="extend")
    section = named[-1]
    return _inserted(song, section, song.sections.index(section) + 1, section.bars, "extend")


def to_duration(song: UnifiedComposition, seconds: float) -> tuple[UnifiedComposition, tuple[str, ...]]:
    """Return the song as long as asked, to the bar, its last sections before the ending played again.

    Raises `InvalidEditError` when it is that long already.
    """
    bar = float(song.tempo.exact_seconds(song.length)) / song.bars
    missing = round(seconds / bar) - song.bars
    if missing < 1:
        message = f"the song lasts {song.seconds:.1f} s already, and extending makes it longer only"
        raise InvalidEditError(message, field="duration_seconds")
    sources = _sources(song.sections)
    place, made = max(1, len(song.sections) - 1), list[str]()
    if len(song.sections) == 1:
        place = 0
    turn = 0
    while missing > 0:
        source = sources[turn % len(sources)]
        bars = min(source.bars, missing)
        song, names = _inserted(song, source, place, bars, "duration_seconds")
        made += names
        missing -= bars
        place += 1
        turn += 1
    return song, tuple(made)


def _sources(sections: Sequence[Section]) -> list[Section]:
    """Return the sections to be played again, in turn: the last two kinds of the song's body."""
    if len(sections) == 1:
        only = sections[0]
        # The last bar is the ending.
        return [replace(only, bars=max(1, only.bars - 1))]
    body = [section for section in sections[1:-1] if section.kind.value != "intro"] or [sections[0]]
    last = body[-1]
    before = next((section for section in reversed(body[:-1]) if section.kind is not last.kind), None)
    return [last] if before is None else [before, last]


def _inserted(
    song: UnifiedComposition, source: Section, place: int, bars: int, field: str
) -> tuple[UnifiedComposition, tuple[str, ...]]:
    """Return the song with the first `bars` bars of `source` again before the section at `place`."""
    bar = song.time_signature.bar
    at_bar = song.sections[place].start_bar if place < len(song.sections) else song.bars
    start, at, length = source.start_bar * bar, at_bar * bar, bars * bar
    copy = _Copy(start, start + length, at, length)
    name = _next_name(song, source)
    section = replace(source, name=name, start_bar=at_bar, bars=bars)
    after = (replace(each, start_bar=each.start_bar + bars) for each in song.sections[place:])
    energy = song.energy
    repeat = energy[source.start_bar : source.start_bar + bars]
    child = replace(
        song,
        sections=(*song.sections[:place], section, *after),
        energy=(*energy[:at_bar], *repeat, *energy[at_bar:]) if energy else energy,
        arrangement=tuple(
            replace(plan, sections=(*plan.sections, name)) if source.name in plan.sections else plan
            for plan in song.arrangement
        ),
        harmony=copy.harmony(song.harmony, name),
        keys=_keys(song, copy),
        parts=tuple(copy.part(part) for part in song.parts),
        lyrics=copy.lyrics(song.lyrics, name),
        mix=replace(song.mix, trigger=None, sung=copy.spans(song.mix.sung)),
    )
    seeds = song.provenance.cells
    again = {
        f"{name}/{cell.partition('/')[2]}": seed for cell, seed in seeds.items() if cell.startswith(f"{source.name}/")
    }
    child = replace(child, provenance=replace(child.provenance, cells={**seeds, **again}))
    if child.seconds > DURATION_SECONDS[1]:
        raise InvalidEditError(f"the song would last more than {DURATION_SECONDS[1]:g} s", field=field)
    longer = song.context.duration_seconds + child.seconds - song.seconds
    sources = {**song.context.sources, "duration_seconds": Reading(Source.USER)}
    return replace(child, context=replace(child.context, duration_seconds=longer, sources=sources)), (name,)


def _next_name(song: UnifiedComposition, source: Section) -> str:
    taken = {section.name for section in song.sections}
    numbers = range(1, len(taken) + 2)
    return next(f"{source.kind.value}.{number}" for number in numbers if f"{source.kind.value}.{number}" not in taken)


def _keys(song: UnifiedComposition, copy: _Copy) -> tuple[KeyChange, ...]:
    """Return the modulations moved; the copy sounds in the key of what it copies, and what follows in its own."""
    if not song.keys:
        return ()
    moved = {change.start + (copy.length if change.start >= copy.at else 0): change.key for change in song.keys}
    here = {copy.at: song.key_at(copy.start), copy.at + copy.length: song.key_at(copy.at)}
    sounding, found = song.context.key, list[KeyChange]()
    for start, key in sorted({**moved, **here}.items()):
        if key != sounding or start == 0:
            found.append(KeyChange(start, key))
        sounding = key
    return tuple(found)


class _Copy:
    """Copies [start, end) to `at` and moves what was there and later by `length`; quarter notes."""

    def __init__(self, start: Fraction, end: Fraction, at: Fraction, length: Fraction) -> None:
        self.start, self.end, self.at, self.length = start, end, at, length

    def part(self, part: Part) -> Part:
        """Return a part with the stretch again."""
        before = [note for note in part.notes if note.start < self.at]
        after = [replace(note, start=note.start + self.length) for note in part.notes if note.start >= self.at]
        again = [
            replace(
                note,
                start=note.start - self.start + self.at,
                duration=min(note.duration, self.end - note.start) if self.end - note.start > 0 else note.duration,
            )
            for note in part.notes
            if self.start <= note.start < self.end
        ]
        # What rings over the seam would be struck again.
        held = [replace(note, duration=min(note.duration, self.at - note.start)) for note in before]
        return replace(part, notes=(*held, *again, *after))

    def harmony(self, spans: Sequence[ChordSpan], name: str) -> tuple[ChordSpan, ...]:
        """Return the chords with those of the stretch again, under the name of the new section."""
        again = [
            replace(
                span,
                start=span.start - self.start + self.at,
                duration=min(span.duration, self.end - span.start),
                section=name,
            )
            for span in spans
            if self.start <= span.start < self.end
        ]
        before = [span for span in spans if span.start < self.at]
        after = [replace(span, start=span.start + self.length) for span in spans if span.start >= self.at]
        return (*before, *again, *after)

    def spans(self, spans: Sequence[tuple[Fraction, Fraction]]) -> tuple[tuple[Fraction, Fraction], ...]:
        """Return stretches of time with those of the stretch again, none of them over a seam."""
        before = [(start, min(end, self.at)) for start, end in spans if start < self.at]
        over = [(max(start, self.start), min(end, self.end)) for start, end in spans]
        inside = [(start, end) for start, end in over if start < end]
        again = [(start - self.start + self.at, end - self.start + self.at) for start, end in inside]
        after = [(start + self.length, end + self.length) for start, end in spans if start >= self.at]
        return (*before, *again, *after)

    def lyrics(self, lyrics: Lyrics | None, name: str) -> Lyrics | None:
        """Return the words with those sung in the stretch again."""
        if lyrics is None:
            return None
        sung = [line for line in lyrics.lines if line.syllables]
        again = [
            self._moved(line, self.at - self.start, name)
            for line in sung
            if self.start <= line.syllables[0].start
            and line.syllables[-1].start + line.syllables[-1].duration <= self.end
        ]
        before = [line for line in lyrics.lines if not line.syllables or line.syllables[0].start < self.at]
        after = [self._moved(line, self.length, line.section) for line in sung if line.syllables[0].start >= self.at]
        return replace(lyrics, lines=(*before, *again, *after))

    def _moved(self, line: LyricLine, by: Fraction, section: str) -> LyricLine:
        syllables = tuple(replace(each, start=each.start + by) for each in line.syllables)
        return LyricLine(line.text, section, syllables)
