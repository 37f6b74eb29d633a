"""Rules 25–29: energy in the writing, change, register, call and response, drop-outs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from text2song.domain.score import Role
from text2song.evaluation.energy import spearman
from text2song.evaluation.rules.rhythm import KICKS, SNARES
from text2song.evaluation.rules.songview import GOALS, GRID, Floats, Line, SongView

#: C3, below which only the bass has a place.
LOWEST_HARMONY = 48
#: Semitones about a sung note that pads leave free, and the level in dB from which they do no harm.
_FREE = 3
_BEHIND_DB = 6.0
_HARMONY = (Role.CHORDS, Role.PAD, Role.ARPEGGIO, Role.COUNTER)


def energy(view: SongView) -> float | None:
    """Rule 25: rank correlation of the energy targets with the notes per bar of each section."""
    if len(view.sections) < 4:
        return None
    return spearman([section.energy for section in view.sections], _density(view))


def goal(view: SongView) -> float | None:
    """Rule 25: notes per bar of the last chorus over those of the fullest section."""
    density = _density(view)
    goals = [index for index, section in enumerate(view.sections) if section.kind in GOALS]
    return density[goals[-1]] / max(density) if goals and max(density, default=0.0) > 0 else None


def _density(view: SongView) -> list[float]:
    found = []
    for section in view.sections:
        spans = [line.between(*view.span(section)) for line in view.lines]
        found.append(sum(span.stop - span.start for span in spans) / section.bars)
    return found


def sameness(view: SongView) -> float | None:
    """Rule 26: the longest stretch in bars in which every four bars repeat the four before, note for note."""
    bars = [bar for section in view.sections for bar in range(section.start_bar, section.end_bar - 3, 4)]
    blocks = [tuple(_pattern(view, line, bar) for line in view.lines) for bar in bars]
    longest = run = 4
    for one, other in pairwise(blocks):
        run = run + 4 if one == other else 4
        longest = max(longest, run)
    return float(longest) if len(blocks) >= 2 else None


def _pattern(view: SongView, line: Line, bar: int) -> tuple[bytes, bytes]:
    inside = line.between(bar * view.bar, (bar + 4) * view.bar)
    places = np.rint((line.start[inside] - bar * view.bar) * GRID).astype(np.int32)
    return places.tobytes(), line.pitch[inside].astype(np.int16).tobytes()


def low_harmony(view: SongView) -> float | None:
    """Rule 27: share of the notes of chords, pads, arpeggios and answers that lie below C3, where a bass plays."""
    pitches = [line.pitch for line in view.of_role(*_HARMONY) if not line.percussion]
    if not pitches or not view.of_role(Role.BASS):
        return None
    return float((np.concatenate(pitches) < LOWEST_HARMONY).mean())


def masking(view: SongView) -> float | None:
    """Rule 27: share of the tune's notes that begin within three semitones of a pad that is not 6 dB softer."""
    levels = {channel.part: channel.lufs for channel in view.composition.mix.channels}
    pads = view.of_role(Role.PAD)
    if not pads or len(view.tune) < 12:
        return None
    hidden = 0
    for tone in view.tune:
        for pad in pads:
            if levels.get(pad.name, 0.0) <= levels.get(tone.part, 0.0) - _BEHIND_DB:
                continue
            last = int(np.searchsorted(pad.start, tone.start + 1e-6))
            sounding = pad.end[max(0, last - 24) : last] > tone.start + 1e-6
            if np.any(np.abs(pad.pitch[max(0, last - 24) : last][sounding] - tone.pitch) <= _FREE):
                hidden += 1
                break
    return hidden / len(view.tune)


def overlap(view: SongView) -> float | None:
    """Rule 28: share of the lead's notes that begin while the voice sings."""
    voices, leads = view.of_role(Role.VOCAL), view.of_role(Role.LEAD)
    if not voices or not leads:
        return None
    voice = voices[0]
    starts = np.concatenate([line.start for line in leads])
    before = np.searchsorted(voice.start, starts + 1e-6) - 1
    sounding = (before >= 0) & (voice.end[np.maximum(before, 0)] > starts + 1e-6)
    return float(sounding.mean())


def dropouts(view: SongView) -> float | None:
    """Rule 29: choruses (or drops) before which the drums, or everybody, leave half a bar or more free."""
    kit = view.kit
    goals = [section for section in view.sections if section.kind in GOALS and section.start_bar > 0]
    if kit is None or not goals:
        return None
    return float(sum(_breathes(view, kit, view.span(section)[0]) for section in goals))


def _breathes(view: SongView, kit: Line, arrival: float) -> bool:
    """Whether the four bars before an arrival hold half a bar without a drum, or a bar without kick and snare.

    The drums must be there afterwards.
    """
    if kit.between(arrival, arrival + view.bar).stop == kit.between(arrival, arrival).start:
        return False
    since = max(0.0, arrival - 4 * view.bar)
    before = kit.between(since, arrival)
    backbone = np.isin(kit.pitch[before], (*KICKS, *SNARES))
    silent = _longest_wait(kit.start[before], since, arrival)
    bare = _longest_wait(kit.start[before][backbone], since, arrival)
    return silent >= view.bar / 2 - 1e-6 or bare >= view.bar - 1e-6


def _longest_wait(starts: Floats, since: float, until: float) -> float:
    return float(np.diff(np.concatenate([[since], starts, [until]])).max())
