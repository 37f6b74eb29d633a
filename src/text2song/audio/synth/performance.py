"""Played notes as rows of numbers for the kernels: frames, frequencies and, for one-voice instruments, legato."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.synth.noise import seed_of

#: Columns of a row: frames, frames, MIDI pitch, pitch to glide from, velocity in 0..1, seed, release scale in 0..1, and
#: whether it may differ from its like (1) or is the plain note (0).
ONSET, HELD, PITCH, FROM_PITCH, VELOCITY, SEED, RELEASE, VARIES = range(8)

#: Notes that start within this time are one chord, never a melody.
_CHORD_SECONDS = 0.012
#: A note that starts this soon after another ends is played legato.
_LEGATO_SECONDS = 0.03


def in_order(notes: Sequence[PlayedNote]) -> list[PlayedNote]:
    """Return the notes in an order that depends on nothing but the notes."""
    return sorted(notes, key=lambda note: (note.onset, note.pitch, note.velocity, note.duration, note.variation))


def note_rows(notes: Sequence[PlayedNote], frames: int, *, mono: bool = False) -> NDArray[np.float64]:
    """Return float64 (notes, 8), the columns named above; notes that start after the end are left out.

    `mono` ends each note where the next begins and lets a legato note glide from the one before.
    """
    ordered = [note for note in in_order(notes) if round(note.onset * SAMPLE_RATE) < frames]
    rows = np.zeros((len(ordered), 8))
    for row, note in zip(rows, ordered, strict=True):
        row[ONSET] = round(note.onset * SAMPLE_RATE)
        row[HELD] = max(1, round(note.duration * SAMPLE_RATE))
        row[PITCH] = row[FROM_PITCH] = note.pitch
        row[VELOCITY] = note.velocity / 127
        row[SEED] = seed_of(note.pitch, note.variation)
        row[RELEASE] = 1.0
        row[VARIES] = float(note.variation != 0)
    if mono:
        _join(rows)
    return rows


def _join(rows: NDArray[np.float64]) -> None:
    before = 0
    for index in range(1, len(rows)):
        if rows[index, ONSET] - rows[before, ONSET] < _CHORD_SECONDS * SAMPLE_RATE:
            continue
        gap = rows[index, ONSET] - (rows[index - 1, ONSET] + rows[index - 1, HELD])
        if gap < _LEGATO_SECONDS * SAMPLE_RATE:
            rows[index, FROM_PITCH] = rows[index - 1, PITCH]
        for earlier in range(before, index):
            room = rows[index, ONSET] - rows[earlier, ONSET]
            if rows[earlier, HELD] + _LEGATO_SECONDS * SAMPLE_RATE > room:
                rows[earlier, HELD] = min(rows[earlier, HELD], room)
                # The voice moves on: only a short fade is left, or two notes would sound at once.
                rows[earlier, RELEASE] = 0.1
        before = index
