"""Feel: swing, a shared clock that wanders a little, hands that never strike twice alike.

Everything is written into `nudge_us` and `velocity`; the grid stays exact. One slow random walk moves the whole band
(an autoregressive clock, as measured on drummers' takes in the Groove MIDI corpus: lag-one correlation about 0.4),
small noise moves each hit, and the style says how much of both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import pi, sin, sqrt

from text2song.compose.decisions import Decisions
from text2song.compose.elements.swing import Swing
from text2song.compose.style import Style
from text2song.domain.composition import Section, UnifiedComposition
from text2song.domain.score import Note, Part, Role

#: Lag-one autocorrelation of the clock, step by step of an eighth.
PHI = 0.4
#: Standard deviation of `Decisions.jitter`, triangular on [−1, 1).
_JITTER_SD = 1 / sqrt(6)
_EIGHTH = Fraction(1, 2)
_SNARES = (37, 38, 39, 40)
_HATS = (42, 44, 46, 51, 53, 54, 69, 70, 82)
#: Nobody is further off the grid than this, swing apart.
_MOST_US = 30_000
_TUNE = (Role.VOCAL, Role.LEAD)


@dataclass(frozen=True, slots=True)
class Human:
    """How human a style is."""

    #: Standard deviation of the clock and of each hit about it, milliseconds.
    clock_ms: float
    hit_ms: float
    #: How late the back beat lies, milliseconds.
    late_ms: float
    #: Standard deviation of velocities.
    velocity: float


class FeelElement:
    """Runs after every part is written, over all of them."""

    name = "feel"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with timing and dynamics as people play them."""
        return apply_feel(composition, style, decisions)


def apply_feel(composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
    """Return the composition with every note nudged and its velocity shaped; starts, pitches and lengths stay."""
    table = style.table("groove")
    human = Human(
        clock_ms=float(table.get("clock_ms", 5.0)),
        hit_ms=float(table.get("hit_ms", 2.5)),
        late_ms=float(table.get("late_ms", 0.0)),
        velocity=float(table.get("velocity_sd", 5.0)),
    )
    swing = Swing.of(composition, table, decisions)
    clock = _clock(composition, human, decisions)
    parts = tuple(_felt(part, composition, human, swing, clock, decisions) for part in composition.parts)
    return replace(composition, parts=parts)


def _clock(composition: UnifiedComposition, human: Human, decisions: Decisions) -> list[float]:
    """Return how late the band is at each eighth of the song, microseconds."""
    scale = human.clock_ms * 1000 * sqrt(1 - PHI**2) / _JITTER_SD
    late = 0.0
    found = []
    for eighth in range(int(composition.length / _EIGHTH) + 2):
        late = PHI * late + (scale * decisions.jitter(f"feel/clock/{eighth}") if scale else 0.0)
        found.append(late)
    return found


def _felt(
    part: Part, composition: UnifiedComposition, human: Human, swing: Swing, clock: list[float], decisions: Decisions
) -> Part:
    notes = []
    sections = iter(composition.sections)
    section = next(sections)
    bar = composition.time_signature.bar
    for index, note in enumerate(part.notes):
        while note.start >= section.end_bar * bar and section is not composition.sections[-1]:
            section = next(sections)
        whim = decisions.jitter(f"feel/{part.name}/{index}") / _JITTER_SD
        nudge = note.nudge_us + swing.delay_us(note.start) + _timing(part, note, human, clock, whim)
        velocity = note.velocity + _dynamics(part, note, composition, section, human, whim)
        notes.append(replace(note, nudge_us=round(nudge), velocity=min(max(round(velocity), 6), 127)))
    return replace(part, notes=tuple(notes))


def _timing(part: Part, note: Note, human: Human, clock: list[float], whim: float) -> float:
    """Return microseconds; singers and leads breathe on their own, the bass stays close to the kick."""
    shared = clock[min(int(note.start / _EIGHTH), len(clock) - 1)]
    own = human.hit_ms * 1000 * whim
    if part.role is Role.BASS:
        own *= 0.6
    late = human.late_ms * 1000 if part.role is Role.DRUMS and note.pitch in _SNARES else 0.0
    return min(max(shared + own, -_MOST_US), _MOST_US) + late


def _dynamics(
    part: Part, note: Note, composition: UnifiedComposition, section: Section, human: Human, whim: float
) -> float:
    """Return the change of velocity: metre, phrase arch and chance."""
    # The same whim moves time and force with opposite signs half of the time, so they do not sound tied together.
    noise = human.velocity * (whim if note.pitch % 2 else -whim)
    if part.role in _TUNE:
        return 0.5 * noise
    bar = composition.time_signature.bar
    inside = (note.start - section.start_bar * bar) % (4 * bar)
    arch = 4.0 * sin(pi * float(inside / (4 * bar)))
    accent = _accent(note, composition) * (1.0 if part.role is Role.DRUMS else 0.7)
    return accent + arch + noise


def _accent(note: Note, composition: UnifiedComposition) -> float:
    metre = composition.time_signature
    place = note.start % metre.bar
    hat = note.pitch in _HATS
    if place == 0:
        return 5.0
    if place % metre.pulse == 0:
        return 1.0
    if place % _EIGHTH == 0:
        return -7.0 if hat else -2.0
    return -12.0 if hat else -4.0
