"""From played notes to written ones: one voice on a readable grid, cut at bars and beats, with ties and rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from text2song.domain.rational import Fraction
from text2song.domain.score import Note
from text2song.domain.theory import TimeSignature

#: Divisions per quarter note: thirty-seconds (3) and sixteenth triplets (4) are whole numbers.
DIVISIONS = 24

#: Written lengths in divisions: note type, dots, and whether three stand for two.
LENGTHS = MappingProxyType(
    {
        96: ("whole", 0, False),
        72: ("half", 1, False),
        48: ("half", 0, False),
        36: ("quarter", 1, False),
        24: ("quarter", 0, False),
        18: ("eighth", 1, False),
        16: ("quarter", 0, True),
        12: ("eighth", 0, False),
        9: ("16th", 1, False),
        8: ("eighth", 0, True),
        6: ("16th", 0, False),
        4: ("16th", 0, True),
        3: ("32nd", 0, False),
    }
)
_STRAIGHT = tuple(length for length, (_, _, triplet) in LENGTHS.items() if not triplet)
_TRIPLET = (24, 16, 8, 4)
#: A rest shorter than this is how a player breathes, not how music is written.
_SHORTEST_REST = 6


@dataclass(frozen=True, slots=True)
class Symbol:
    """One written note or rest, within one bar; lengths in `DIVISIONS` per quarter."""

    #: From the start of the song.
    start: int
    length: int
    #: None is a rest.
    pitch: int | None
    #: Whether a tie comes from the symbol before, and goes to the one after.
    tied_from: bool = False
    tied_to: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    pitch: int | None


def single_line(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the highest note of each onset, each ending where the next begins: one voice."""
    highest: dict[Fraction, Note] = {}
    for note in notes:
        if note.start not in highest or note.pitch > highest[note.start].pitch:
            highest[note.start] = note
    return tuple(highest[start] for start in sorted(highest))


def written(notes: Sequence[Note], metre: TimeSignature, bars: int) -> tuple[tuple[Symbol, ...], ...]:
    """Return the symbols of each of `bars` bars; every bar is filled exactly, with rests where nothing sounds."""
    bar = round(metre.bar * DIVISIONS)
    beat = round(metre.pulse * DIVISIONS)
    line = single_line(notes)
    triplets = _triplet_beats(line, beat)
    spans = _filled(_quantised(line, beat, bars * bar, triplets), bars * bar)
    pages: list[list[Symbol]] = [[] for _ in range(bars)]
    for span in spans:
        pieces = [piece for piece in _pieces(span, bar, beat, triplets) if piece[1] > 0]
        for index, (start, length) in enumerate(pieces):
            sounding = span.pitch is not None
            pages[start // bar].append(
                Symbol(start, length, span.pitch, sounding and index > 0, sounding and index + 1 < len(pieces))
            )
    return tuple(tuple(page) for page in pages)


def _triplet_beats(notes: Sequence[Note], beat: int) -> frozenset[int]:
    """Return the beats (by number) whose onsets fit thirds of a quarter better than sixteenths."""
    if beat % DIVISIONS:
        # Compound time divides by three already.
        return frozenset()
    errors: dict[int, list[Fraction]] = {}
    for note in notes:
        place = note.start * DIVISIONS
        straight, triple = errors.setdefault(int(place // beat), [Fraction(0), Fraction(0)])
        errors[int(place // beat)] = [straight + _distance(place, 6), triple + _distance(place, 8)]
    return frozenset(number for number, (straight, triple) in errors.items() if triple < straight)


def _distance(place: Fraction, grid: int) -> Fraction:
    return abs(place - round(place / grid) * grid)


def _grid(place: Fraction, beat: int, triplets: frozenset[int]) -> int:
    return 8 if int(place // beat) in triplets else 6


def _snapped(place: Fraction, beat: int, triplets: frozenset[int]) -> int:
    grid = _grid(place, beat, triplets)
    return round(place / grid) * grid


def _quantised(line: Sequence[Note], beat: int, end: int, triplets: frozenset[int]) -> list[_Span]:
    """Snap onsets and endings to the grid of their beat; notes that fall together or past `end` are dropped."""
    starts = [_snapped(note.start * DIVISIONS, beat, triplets) for note in line]
    spans = []
    for index, note in enumerate(line):
        start = starts[index]
        limit = min(end, starts[index + 1] if index + 1 < len(line) else end)
        shortest = start + _grid(Fraction(start), beat, triplets)
        stop = min(limit, max(shortest, _snapped((note.start + note.duration) * DIVISIONS, beat, triplets)))
        if limit - stop <= _SHORTEST_REST:
            stop = limit
        if stop > start:
            spans.append(_Span(start, stop, note.pitch))
    return spans


def _filled(spans: Sequence[_Span], end: int) -> Iterator[_Span]:
    """Put rests between the notes."""
    now = 0
    for span in spans:
        if span.start > now:
            yield _Span(now, span.start, None)
        yield span
        now = span.end
    if now < end:
        yield _Span(now, end, None)


def _pieces(span: _Span, bar: int, beat: int, triplets: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Cut a span into lengths that can be written, at bar lines, and at beats unless it begins on one."""
    now = span.start
    while now < span.end:
        edge = min(span.end, (now // bar + 1) * bar)
        if now % beat:
            edge = min(edge, (now // beat + 1) * beat)
        elif edge - now >= beat:
            edge = now + (edge - now) // beat * beat
        grid = _TRIPLET if now // beat in triplets and edge - now < beat else _STRAIGHT
        length = _longest(edge - now, grid)
        yield now, length
        now += length


def _longest(room: int, lengths: Sequence[int]) -> int:
    """Return the longest writable length that fits and leaves a writable rest."""
    for length in lengths:
        if length <= room and (length == room or room - length >= min(lengths)):
            return length
    return room
