"""Edits that are arithmetic on the score: tempo, key and instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from text2song.compose.decisions import Decisions
from text2song.compose.edits.performing import song_seed, style_of
from text2song.compose.edits.remaking import placed, repeated
from text2song.compose.edits.splicing import with_part
from text2song.compose.edits.targets import Cell, notes_in, selected
from text2song.compose.elements.swing import Swing
from text2song.compose.prompt.choices import tempo_word
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.names import instruments_named
from text2song.domain.composition import KeyChange, UnifiedComposition
from text2song.domain.context import Reading, Source
from text2song.domain.edits import InvalidEditError
from text2song.domain.instruments import InstrumentInfo, instrument
from text2song.domain.rational import Fraction
from text2song.domain.request import DURATION_SECONDS
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.domain.theory import Key

Locked = frozenset[Cell]
#: MIDI pitches go no further.
_PITCHES = (0, 127)


def at_tempo(song: UnifiedComposition, bpm: float, locked: Locked) -> UnifiedComposition:
    """Return the song at another tempo: the tempo map changes, and how late swung notes lie; no note moves on the grid.

    Raises `InvalidEditError` where the song would become too long.
    """
    factor = Fraction(str(bpm)) / song.tempo.bpm
    tempo = TempoMap(tuple((start, rate * factor) for start, rate in song.tempo.changes))
    context = replace(
        song.context,
        bpm=tempo.bpm,
        tempo_word=tempo_word(tempo.bpm),
        duration_seconds=song.context.duration_seconds / float(factor),
        sources={**song.context.sources, "bpm": Reading(Source.USER), "tempo_word": Reading(Source.USER)},
    )
    child = replace(song, tempo=tempo, context=context)
    if child.seconds > DURATION_SECONDS[1]:
        message = (
            f"at {bpm:g} BPM the song would last {child.seconds:.0f} s; at most {DURATION_SECONDS[1]:g} s are made"
        )
        raise InvalidEditError(message, field="bpm")
    before, after = _swing(song), _swing(child)
    parts = tuple(_swung(song, part, before, after, locked) for part in song.parts)
    return replace(child, parts=parts)


def _swing(song: UnifiedComposition) -> Swing:
    return Swing.of(song, style_of(song).table("groove"), Decisions(song_seed(song)))


def _swung(song: UnifiedComposition, part: Part, before: Swing, after: Swing, locked: Locked) -> Part:
    if before.ratio == 1.0 and after.ratio == 1.0:
        return part
    notes: list[Note] = []
    for section in song.sections:
        there = notes_in(song, part, section.name)
        if Cell(section.name, part.name) in locked:
            notes.extend(there)
            continue
        for note in there:
            later = round(after.delay_us(note.start) - before.delay_us(note.start))
            notes.append(replace(note, nudge_us=note.nudge_us + later) if later else note)
    return replace(part, notes=tuple(notes))


def in_key(song: UnifiedComposition, text: str, locked: Locked) -> UnifiedComposition:
    """Return the song on another tonic, every pitched note moved by one interval; drums stay.

    Raises `InvalidEditError` for another mode, which no interval gives, and where a pitched part is locked.
    """
    old, new = song.context.key, Key.parse(text)
    if new.mode != old.mode:
        message = f"the song is in {old.name} and a new key keeps its mode; ask for another {old.mode} key"
        raise InvalidEditError(message, field="key")
    pitched = [part for part in song.parts if not instrument(part.instrument).percussion]
    held = next((cell.part for part in pitched for cell in locked if cell.part == part.name and part.notes), "")
    if held:
        raise InvalidEditError(f"“{held}” is locked and would change with the key", field="key")
    interval = (new.tonic - old.tonic + 5) % 12 - 5
    moved = {part.name: _transposed(part, interval) for part in pitched}
    arrangement = tuple(
        plan
        if instrument(plan.instrument).percussion
        else replace(plan, low=_held(plan.low + interval), high=_held(plan.high + interval))
        for plan in song.arrangement
    )
    context = replace(song.context, key=new, sources={**song.context.sources, "key": Reading(Source.USER)})
    return replace(
        song,
        context=context,
        arrangement=arrangement,
        harmony=tuple(replace(span, chord=span.chord.transposed(interval)) for span in song.harmony),
        keys=tuple(KeyChange(change.start, change.key.transposed(interval)) for change in song.keys),
        parts=tuple(moved.get(part.name, part) for part in song.parts),
    )


def _transposed(part: Part, interval: int) -> Part:
    """Return the part moved as a whole, an octave further where that keeps it on its instrument."""
    info = instrument(part.instrument)
    pitches = [note.pitch for note in part.notes]
    ways = (interval, interval - 12 if interval > 0 else interval + 12)
    fitting = (way for way in ways if pitches and info.low <= min(pitches) + way and max(pitches) + way <= info.high)
    way = next(fitting, interval)
    return replace(part, notes=tuple(replace(note, pitch=_held(note.pitch + way)) for note in part.notes))


def _held(pitch: int) -> int:
    low, high = _PITCHES
    return pitch if low <= pitch <= high else pitch - 12 if pitch > high else pitch + 12


def played_by(song: UnifiedComposition, wanted: Mapping[str, str], locked: Locked) -> UnifiedComposition:
    """Return the song with other instruments on some parts; raises `InvalidEditError` where that cannot be."""
    for name, text in wanted.items():
        selected(song, (name,), "instruments")
        part = next((part for part in song.parts if part.name == name), None)
        if part is None:
            raise InvalidEditError(f"“{name}” is not a part; an instrument is set by part", field="instruments")
        if any(cell.part == name for cell in locked):
            raise InvalidEditError(f"“{name}” is locked and keeps its instrument", field="instruments")
        song = _replayed(song, part, _fitting(song, part, text))
    return song


def _fitting(song: UnifiedComposition, part: Part, text: str) -> InstrumentInfo:
    named = instruments_named(text.strip(), style_of(song), lexicon())
    info = instrument(named[0])
    if part.role in (Role.VOCAL, Role.BACKING) or info.id == "voice_lead":
        raise InvalidEditError(
            "a voice is not exchanged for an instrument; remove it and add a part", field="instruments"
        )
    if info.percussion != instrument(part.instrument).percussion:
        kind = "drums" if info.percussion else "an instrument with pitches"
        raise InvalidEditError(f"“{part.name}” cannot be played by {info.name}: that is {kind}", field="instruments")
    return info


def _replayed(song: UnifiedComposition, part: Part, info: InstrumentInfo) -> UnifiedComposition:
    """Return the song with `part` on another instrument: the same notes, in reach; kits play their own drums."""
    arrangement = tuple(
        replace(plan, instrument=info.id) if plan.name == part.name else plan for plan in song.arrangement
    )
    asked = tuple(info.id if id_ == part.instrument else id_ for id_ in song.context.instruments)
    child = replace(song, arrangement=arrangement, context=replace(song.context, instruments=asked))
    child = with_part(child, replace(part, instrument=info.id, notes=_in_reach(part.notes, info)))
    if not info.percussion:
        return child
    sections = [section.name for section in song.sections if notes_in(song, part, section.name)]
    fresh = repeated(child, part.name, sections, {})
    # A kit that lacks what was played leaves the notes as they are.
    return placed(child, part.name, fresh) if all(fresh.notes.values()) else child


def _in_reach(notes: tuple[Note, ...], info: InstrumentInfo) -> tuple[Note, ...]:
    """Return the notes on the instrument: all an octave or two away if that is enough, else each as it must."""
    if info.percussion or not notes:
        return notes
    low, high = min(note.pitch for note in notes), max(note.pitch for note in notes)
    way = next((way for way in (0, 12, -12, 24, -24) if info.low <= low + way and high + way <= info.high), None)
    if way is not None:
        return tuple(replace(note, pitch=note.pitch + way) for note in notes) if way else notes
    return tuple(replace(note, pitch=_folded(note.pitch, info)) for note in notes)


def _folded(pitch: int, info: InstrumentInfo) -> int:
    while pitch < info.low:
        pitch += 12
    while pitch > info.high and pitch - 12 >= info.low:
        pitch -= 12
    return pitch
