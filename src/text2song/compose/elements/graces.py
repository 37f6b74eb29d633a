"""What an instrument adds to a tune that a voice would not: grace notes before the beat, and double stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.changes import Changes
from text2song.compose.elements.theme import PHRASE_BARS
from text2song.domain.composition import PartPlan, Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role
from text2song.domain.theory import Key

#: A grace takes this much of the time before its note, and the note before keeps at least twice that, quarter notes.
_GRACE = Fraction(1, 8)
#: Shorter than this a grace is no more than a click, in seconds.
_SHORTEST_SECONDS = 0.04
#: Only notes of a beat and more are worth a grace or a second voice.
_WORTH = Fraction(1)
#: Instruments on which two notes at once lie under one hand.
DOUBLE_STOPPERS = frozenset({"violin", "solo_violin", "accordion", "harmonica", "banjo", "mandolin"})
#: Semitones below the tune at which a second voice sounds well, the best first.
_BELOW = (4, 3, 9, 8, 5, 7)


def adorned(
    notes: Sequence[Note],
    place: tuple[UnifiedComposition, Section, PartPlan],
    table: Mapping[str, Any],
    decisions: Decisions,
) -> tuple[Note, ...]:
    """Return a section's tune with the ornaments of the style (`graces`, `graces_from`, `double_stops` in `table`).

    A voice is left as it is: every note of it carries a syllable.
    """
    song, section, plan = place
    if plan.role is Role.VOCAL:
        return tuple(notes)
    found = list(notes)
    share = float(table.get("graces", 0.0))
    if share and float(_GRACE) * song.tempo.seconds(Fraction(1)) >= _SHORTEST_SECONDS:
        below = table.get("graces_from", "below") == "below"
        key = song.key_at(song.section_start(section))
        phrase = PHRASE_BARS * song.time_signature.bar
        found = _graced(found, (song.section_start(section), key, below, phrase), plan, share, decisions)
    share = float(table.get("double_stops", 0.0))
    if share and plan.instrument in DOUBLE_STOPPERS:
        phrase = PHRASE_BARS * song.time_signature.bar
        found = _stopped(found, (Changes(song), song.section_start(section), phrase), plan, share, decisions)
    return tuple(found)


def _graced(
    notes: list[Note], origin: tuple[Fraction, Key, bool, Fraction], plan: PartPlan, share: float, decisions: Decisions
) -> list[Note]:
    start, key, below, phrase = origin
    found: list[Note] = []
    for note in notes:
        moment = note.start - _GRACE
        room = moment - found[-1].start if found else moment - start
        pitch = note.pitch - 1 if below else _above(note.pitch, key)
        fits = room >= 2 * _GRACE and moment >= start and plan.low <= pitch <= plan.high
        # The same place in a phrase that returns has the same grace, so that a tune stays itself.
        path = f"{note.why.split('/')[0]}/melody/grace/{(note.start - start) % phrase}"
        if note.duration >= _WORTH and fits and (decisions.jitter(path) + 1) / 2 < share:
            if found:
                found[-1] = replace(found[-1], duration=min(found[-1].duration, room))
            found.append(Note(moment, pitch, _GRACE, max(1, note.velocity - 12), why=f"{note.why}/grace"))
        found.append(note)
    return found


def _above(pitch: int, key: Key) -> int:
    return next(pitch + way for way in (1, 2, 3) if (pitch + way) % 12 in key.scale)


def _stopped(
    notes: list[Note], origin: tuple[Changes, Fraction, Fraction], plan: PartPlan, share: float, decisions: Decisions
) -> list[Note]:
    changes, start, phrase = origin
    found: list[Note] = []
    for note in notes:
        tones = set(changes.at(note.start).chord.pitch_classes)
        lower = next(
            (note.pitch - way for way in _BELOW if (note.pitch - way) % 12 in tones and note.pitch - way >= plan.low),
            None,
        )
        path = f"{note.why.split('/')[0]}/melody/double/{(note.start - start) % phrase}"
        if lower is not None and note.duration >= _WORTH and (decisions.jitter(path) + 1) / 2 < share:
            found.append(replace(note, pitch=lower, velocity=max(1, note.velocity - 10), why=f"{note.why}/double"))
        found.append(note)
    return found
