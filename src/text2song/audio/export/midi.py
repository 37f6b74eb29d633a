"""Standard MIDI file, type 1: one track per part, tempo and sections in the first (MIDI 1.0, RP-001)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import InstrumentInfo, instrument
from text2song.domain.lyrics import Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.domain.theory import Key

#: Ticks per quarter note: divides by 2⁶, 3 and 5, so straight and swung grids are exact.
TICKS = 960

_PERCUSSION_CHANNEL = 9
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != _PERCUSSION_CHANNEL)
_PAN, _REVERB = 10, 91
_TEXT, _NAME, _LYRIC, _MARKER = 0x01, 0x03, 0x05, 0x06


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    tick: int
    #: Decides among events of one tick: set-up first, then endings, then beginnings.
    rank: int
    data: bytes


def midi_bytes(composition: UnifiedComposition, *, feel: bool = True) -> bytes:
    """Return the MIDI file of a composition.

    With `feel` notes stand where they are played, else on the grid. Percussion is on channel 10; the other parts
    have channels of their own, shared from the sixteenth part on.
    """
    tracks = [_conductor(composition)]
    melodic = 0
    for part in composition.parts:
        info = instrument(part.instrument)
        channel = _PERCUSSION_CHANNEL if info.percussion else _MELODIC_CHANNELS[melodic % len(_MELODIC_CHANNELS)]
        melodic += not info.percussion
        tracks.append(_track(part, info, channel, composition, feel=feel))
    header = struct.pack(">4sIHHH", b"MThd", 6, 1, len(tracks), TICKS)
    return header + b"".join(_chunk(track, composition) for track in tracks)


def _conductor(composition: UnifiedComposition) -> list[_Event]:
    metre = composition.time_signature
    clocks = round(24 * metre.pulse)
    events = [
        _text(0, _NAME, composition.context.title or "Song"),
        _text(0, _TEXT, "AI-generated"),
        _meta(0, 0x58, bytes((metre.numerator, metre.denominator.bit_length() - 1, clocks, 8))),
        _meta(0, 0x59, _key_signature(composition.key_at(Fraction(0)))),
        *(_meta(_ticks(change.start), 0x59, _key_signature(change.key)) for change in composition.keys if change.start),
    ]
    events.extend(
        _meta(_ticks(position), 0x51, round(60_000_000 / bpm).to_bytes(3, "big"))
        for position, bpm in composition.tempo.changes
    )
    events.extend(
        _text(_ticks(composition.section_start(section)), _MARKER, section.name) for section in composition.sections
    )
    return events


def _key_signature(key: Key) -> bytes:
    return struct.pack(">bB", fifths_of(key), int(key.is_minor))


def fifths_of(key: Key) -> int:
    """Return the sharps (positive) or flats (negative) of the key signature, −7..7.

    >>> fifths_of(Key.parse("A minor")), fifths_of(Key.parse("Eb major")), fifths_of(Key.parse("E dorian"))
    (0, -3, 2)
    """
    sharps = key.relative_major * 7 % 12
    return sharps - 12 if key.flats and sharps else sharps


def _track(
    part: Part, info: InstrumentInfo, channel: int, composition: UnifiedComposition, *, feel: bool
) -> list[_Event]:
    events = [
        _text(0, _NAME, part.name),
        _Event(0, 1, bytes((0xC0 | channel, info.program))),
        *_controls(part.name, channel, composition),
    ]
    spans = _spans(part.notes, composition.tempo, feel=feel)
    for start, end, pitch, velocity in spans:
        events.append(_Event(start, 3, bytes((0x90 | channel, pitch, velocity))))
        events.append(_Event(end, 2, bytes((0x80 | channel, pitch, 64))))
    if part.role is Role.VOCAL:
        events.extend(_lyrics(composition))
    return events


def _controls(name: str, channel: int, composition: UnifiedComposition) -> list[_Event]:
    """Pan and reverb send of the mix plan; percussion parts share a channel and keep to the middle."""
    planned = next((one for one in composition.mix.channels if one.part == name), None)
    if planned is None or channel == _PERCUSSION_CHANNEL:
        return []
    pan = min(127, max(0, round(64 + 63 * planned.pan)))
    send = 0 if planned.reverb_db is None else min(127, max(0, round(127 * 10 ** (planned.reverb_db / 20))))
    return [_Event(0, 1, bytes((0xB0 | channel, number, value))) for number, value in ((_PAN, pan), (_REVERB, send))]


def _spans(notes: Sequence[Note], tempo: TempoMap, *, feel: bool) -> list[tuple[int, int, int, int]]:
    """Return (start, end, pitch, velocity) in ticks; a note ends where the same key is struck again."""
    spans = sorted(_span(note, tempo, feel=feel) for note in notes)
    following: dict[int, int] = {}
    trimmed = []
    for start, end, pitch, velocity in reversed(spans):
        trimmed.append((start, max(start + 1, min(end, following.get(pitch, end))), pitch, velocity))
        following[pitch] = start
    return trimmed[::-1]


def _span(note: Note, tempo: TempoMap, *, feel: bool) -> tuple[int, int, int, int]:
    shift = _beats(note.nudge_us, note.start, tempo) if feel else Fraction(0)
    start = max(Fraction(0), note.start + shift)
    return _ticks(start), _ticks(start + note.duration), note.pitch, min(127, max(1, note.velocity))


def _beats(microseconds: int, position: Fraction, tempo: TempoMap) -> Fraction:
    return Fraction(microseconds, 60_000_000) * tempo.bpm_at(position)


def _lyrics(composition: UnifiedComposition) -> Iterable[_Event]:
    lines = () if composition.lyrics is None else composition.lyrics.lines
    for line in lines:
        for syllable in line.syllables:
            yield _text(_ticks(syllable.start), _LYRIC, _sung(syllable), rank=2)


def _sung(syllable: Syllable) -> str:
    return f"{syllable.text} " if syllable.ends_word else f"{syllable.text}-"


def _ticks(position: Fraction) -> int:
    return round(position * TICKS)


def _text(tick: int, kind: int, text: str, rank: int = 0) -> _Event:
    return _Event(tick, rank, _meta(tick, kind, text.encode()).data)


def _meta(tick: int, kind: int, content: bytes) -> _Event:
    return _Event(tick, 0, bytes((0xFF, kind)) + _variable(len(content)) + content)


def _chunk(events: list[_Event], composition: UnifiedComposition) -> bytes:
    """Return a track chunk: delta times, events in order, the end no sooner than the last bar's."""
    out = bytearray()
    now = 0
    for event in sorted(events, key=lambda event: (event.tick, event.rank)):
        out += _variable(event.tick - now) + event.data
        now = event.tick
    end = max(now, _ticks(composition.length))
    out += _variable(end - now) + bytes((0xFF, 0x2F, 0))
    return struct.pack(">4sI", b"MTrk", len(out)) + bytes(out)


def _variable(number: int) -> bytes:
    """Return a variable-length quantity: seven bits a byte, the last without the high bit."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
