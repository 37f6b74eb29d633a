"""Tempo as people keep it: a slow wandering, a push in choruses, a ritard at the end of a ballad.

Players without a click drift by about one per cent over tens of seconds and rise with the music; what a machine plays
keeps its tempo. The length of the song stays that of its steady tempo, a ritard apart.
"""

from __future__ import annotations

from text2song.compose.decisions import Decisions
from text2song.compose.elements.endings import slows
from text2song.compose.style import Style
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import TempoMap

#: The tempo is written anew every so many bars, and remembers this much of where it was.
_STEP_BARS, _MEMORY = 4, 0.7
#: A clock tighter than this is a machine, milliseconds; one as loose as the second has the style's whole drift.
_TIGHT_MS, _LOOSE_MS = 2.0, 5.0
#: Nobody is further from the asked tempo than this, ritards apart.
_MOST = 0.014
_SHORT_BARS = 12
_PUSHED = (SectionKind.CHORUS, SectionKind.SOLO, SectionKind.DROP)
#: A song up to this tempo whose end is quiet slows down over its last bars, to this much of its tempo.
_BALLAD_BPM, _QUIET, _RITARD_BARS, _RITARD = 92, 0.5, 2, 0.8
#: What of a bar over the asked length, ring-out included, a ritard may use.
_ROOM_BARS, _RING_SECONDS = Fraction(9, 10), Fraction(3, 10)


def drifting(composition: UnifiedComposition, style: Style, decisions: Decisions) -> TempoMap:
    """Return the tempo of a song as its players keep it; it begins at the asked tempo."""
    table = style.table("groove")
    clock = float(table.get("clock_ms", 5.0))
    amount = float(table.get("drift", 0.0)) / 100 * min(1.0, clock / _LOOSE_MS)
    bpm = composition.context.bpm
    if amount <= 0 or clock < _TIGHT_MS or composition.bars < _SHORT_BARS:
        return TempoMap.constant(bpm)
    steps = _wandering(composition, amount, float(table.get("push", 0.0)) / 100, decisions)
    tempo = TempoMap(_written(bpm, _levelled(steps, composition), composition.time_signature.bar))
    return _slowed(composition, tempo)


def _wandering(
    composition: UnifiedComposition, amount: float, push: float, decisions: Decisions
) -> list[tuple[int, float]]:
    """Return (bar, departure as a share) from the first bar on, whose departure is none."""
    found = []
    walk = 0.0
    for section in composition.sections:
        for bar in range(section.start_bar, section.end_bar, _STEP_BARS):
            walk = _MEMORY * walk + amount * decisions.jitter(f"feel/drift/{bar}")
            off = walk + (push * (1 if _pushes(section) else -0.5))
            found.append((bar, min(max(off, -_MOST), _MOST) if bar else 0.0))
    return found


def _pushes(section: Section) -> bool:
    return section.kind in _PUSHED and section.energy >= _QUIET


def _levelled(steps: list[tuple[int, float]], composition: UnifiedComposition) -> list[tuple[int, float]]:
    """Move all but the first step so that the song lasts as long as at its steady tempo, to the first order."""
    ends = [bar for bar, _ in steps[1:]] + [composition.bars]
    lengths = [end - bar for (bar, _), end in zip(steps, ends, strict=True)]
    rest = sum(lengths[1:])
    if not rest:
        return steps
    mean = sum(off * length for (_, off), length in zip(steps[1:], lengths[1:], strict=True)) / rest
    return [steps[0], *((bar, min(max(off - mean, -_MOST), _MOST)) for bar, off in steps[1:])]


def _written(bpm: Fraction, steps: list[tuple[int, float]], bar: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
    return tuple((number * bar, bpm if number == 0 else _near(bpm, 1 + off)) for number, off in steps)


def _near(bpm: Fraction, factor: float) -> Fraction:
    """Return a tempo to the thousandth of a beat per minute."""
    return Fraction(round(float(bpm) * factor * 1000), 1000)


def _slowed(composition: UnifiedComposition, tempo: TempoMap) -> TempoMap:
    """Return the tempo with a ritard into the last chord, as far as the asked length has room for one."""
    last = composition.sections[-1]
    if composition.context.bpm > _BALLAD_BPM or last.energy > _QUIET or not slows(composition):
        return tempo
    metre = composition.time_signature
    end = composition.length
    # The last section slows, not what comes before it.
    bars = min(_RITARD_BARS, last.bars - 1)
    start = end - (bars + 1) * metre.bar
    before = tempo.bpm_at(start)
    bar_seconds = metre.bar * 60 / before
    asked = Fraction(composition.context.duration_seconds).limit_denominator(10_000)
    room = asked + _ROOM_BARS * bar_seconds - _RING_SECONDS - tempo.exact_seconds(end)
    # Slowing evenly to a factor over some bars and holding it for one costs about this much of a bar at full depth.
    cost = bar_seconds * Fraction(round(1000 * (bars * 0.5 + 1) * (1 / _RITARD - 1)), 1000)
    depth = (1 - _RITARD) * min(1.0, max(0.0, float(room / cost)))
    if depth < 0.03:
        return tempo
    beats = int(bars * metre.bar / metre.pulse)
    kept = tuple(change for change in tempo.changes if change[0] < start)
    slower = [(start + beat * metre.pulse, 1 - depth * (beat + 1) / (beats + 1)) for beat in range(beats)]
    slower.append((end - metre.bar, 1 - depth))
    return TempoMap((*kept, *((position, _near(before, factor)) for position, factor in slower)))
