"""Compass: where in a part's register a tune lies, in every key, and how far the goal stands above the verses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from text2song.compose.elements.form import PEAKS
from text2song.compose.elements.line import Ladder, nearest_step
from text2song.domain.composition import PartPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.theory import Key

#: Semitones from the lowest to the highest comfortable note of a tune.
COMPASS = 14
#: Semitones from which a register has room for a margin at both ends.
_ROOM = 10

#: Semitones by which a goal stands above the verses.
_RISE_LEAST, _RISE_MOST = 2.6, 4.4
#: Semitones up to which another key is the same tune lifted.
_LIFTED = 2


def lowest_step(key: Key, plan: PartPlan, compass: int) -> int:
    """Return the lowest comfortable step: a tonic or dominant that leaves the compass inside the part's register."""
    spare = max(0, plan.high - plan.low - compass)
    wanted = plan.low + spare // 2
    steps = range(nearest_step(key, plan.low), nearest_step(key, plan.low + spare) + 1)
    home = [step for step in steps if step % 7 in (0, 4) and plan.low <= key.pitch(step, -1) <= plan.low + spare]
    return min(home or [nearest_step(key, wanted)], key=lambda step: (abs(key.pitch(step, -1) - wanted), step))


def moved(bottom: int, home: Key, key: Key) -> int:
    """Return the lowest comfortable step in another key: the same degree after a lift, else the nearest pitch."""
    if key.mode == home.mode and (key.tonic - home.tonic) % 12 <= _LIFTED:
        # Steps count from the tonic: lifted past B, the same tune counts an octave of steps more.
        return bottom + (7 if key.tonic < home.tonic else 0)
    return nearest_step(key, home.pitch(bottom, -1))


def mean_of(pitches: Sequence[int]) -> float:
    """Return the mean pitch, 0 for none."""
    return sum(pitches) / len(pitches) if pitches else 0.0


def lean_toward_goal(kind: SectionKind, mean: float, means: Mapping[SectionKind, float]) -> int:
    """Return the steps by which a verse should be written lower (-1) or higher (1) beside the goal there is."""
    goal = next((means[goal] for goal in sorted(PEAKS) if goal in means), None)
    if kind is not SectionKind.VERSE or goal is None:
        return 0
    rise = goal - mean
    return 1 if rise > _RISE_MOST else -1 if rise < _RISE_LEAST else 0


def ladder_of(song: UnifiedComposition, plan: PartPlan, section: Section, table: Mapping[str, Any]) -> Ladder:
    """Return the steps that a part may take in a section; `table` is the style's `[melody]`."""
    key = tune_key(song, section, table)
    low, high = nearest_step(key, plan.low), nearest_step(key, plan.high)
    # A step that a chord alters by a semitone must stay in the part's register too.
    if plan.high - plan.low >= _ROOM:
        low += key.pitch(low, -1) <= plan.low
        high -= key.pitch(high, -1) >= plan.high
    home = _scaled(song.context.key, table)
    bottom = moved(lowest_step(home, plan, COMPASS), home, key)
    top = nearest_step(key, key.pitch(bottom, -1) + COMPASS)
    low = min(max(low, bottom - 2), high)
    pentatonic = float(table.get("pentatonic", 0.0))
    return Ladder(key, low, min(high, top + 1), (max(low, bottom), min(top, high)), pentatonic)


def tune_key(song: UnifiedComposition, section: Section, table: Mapping[str, Any]) -> Key:
    """Return the key a section's tune is in; a style with a scale of its own keeps it in every key."""
    return _scaled(song.key_at(song.section_start(section)), table)


def _scaled(key: Key, table: Mapping[str, Any]) -> Key:
    # A blues tune is minor whatever its chords.
    scale = str(table.get("scale", ""))
    return replace(key, mode=scale) if scale else key
