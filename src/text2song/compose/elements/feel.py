"""Feel: swing, a shared clock that wanders a little, hands that never strike twice alike.

Everything is written into `nudge_us` and `velocity`; the grid stays exact. One slow random walk moves the whole band
(an autoregressive clock, as measured on drummers' takes in the Groove MIDI corpus: lag-one correlation about 0.4),
small noise moves each hit, and the style says how much of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import pi, sin, sqrt

from text2song.compose.decisions import Decisions
from text2song.compose.elements.drift import drifting
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.production import production_of
from text2song.compose.elements.swing import Swing
from text2song.compose.metre import level
from text2song.compose.style import Style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

#: Lag-one autocorrelation of the clock, step by step of an eighth.
PHI = 0.4
#: Standard deviation of `Decisions.jitter`, triangular on [−1, 1).
_JITTER_SD = 1 / sqrt(6)
_EIGHTH = Fraction(1, 2)
_SNARES = (37, 38, 39, 40)
_HATS = (42, 44, 46, 51, 53, 54, 69, 70, 82)
#: Change of velocity by depth in the metre; hands on cymbals alternate more.
_ACCENTS = (5.0, 1.0, -2.0, -4.0)
_HAT_ACCENTS = (5.0, 1.0, -7.0, -12.0)
#: Depth by `metre.level`: a strong beat is struck as any beat.
_DEPTHS = (3, 2, 1, 1, 0)
#: Nobody is further off the grid than this, swing apart.
_MOST_US = 30_000
_TUNE = (Role.VOCAL, Role.BACKING, Role.LEAD)
#: What the whole range of energy means to a tune, in velocity.
_TUNE_LIFT = 32.0


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


@dataclass(frozen=True, slots=True)
class Moment:
    """What is the same for everybody at one position."""

    swing_us: float
    clock_us: float
    #: 0 on the bar line, 1 on a beat, 2 on an eighth, 3 between.
    depth: int
    #: The phrase's rise and fall, in steps of velocity.
    arch: float
    #: How far the bar's energy is above its section's.
    lift: float


class FeelElement:
    """Runs after every part is written, over all of them."""

    name = "feel"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with timing, dynamics and tempo as people play them."""
        felt = apply_feel(composition, style, decisions)
        return replace(felt, tempo=drifting(felt, style, decisions))


def apply_feel(composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
    """Return the composition with every note nudged and its velocity shaped; starts, pitches and lengths stay."""
    table = style.table("groove")
    loose = production_of(composition.context).loose
    human = Human(
        clock_ms=loose * float(table.get("clock_ms", 5.0)),
        hit_ms=loose * float(table.get("hit_ms", 2.5)),
        late_ms=float(table.get("late_ms", 0.0)),
        velocity=float(table.get("velocity_sd", 5.0)),
    )
    swing = Swing.of(composition, table, decisions)
    clock = _clock(composition, human, decisions)
    # Most positions are shared by several parts: each is worked out once.
    starts = {note.start for part in composition.parts for note in part.notes}
    moments = {start: _moment(start, composition, swing, clock) for start in starts}
    force = mood_of(composition.context).velocity
    parts = tuple(_felt(part, human, moments, force, decisions) for part in composition.parts)
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


def _felt(part: Part, human: Human, moments: Mapping[Fraction, Moment], force: float, decisions: Decisions) -> Part:
    notes = []
    for index, note in enumerate(part.notes):
        moment = moments[note.start]
        whim = decisions.jitter(f"feel/{part.name}/{index}") / _JITTER_SD
        nudge = note.nudge_us + moment.swing_us + _timing(part, note, human, moment, whim)
        velocity = note.velocity + force + _dynamics(part, note, moment, human, whim)
        shaped = min(max(round(velocity), 6), 127)
        notes.append(Note(note.start, note.pitch, note.duration, shaped, round(nudge), note.why))
    return replace(part, notes=tuple(notes))


def _moment(start: Fraction, composition: UnifiedComposition, swing: Swing, clock: list[float]) -> Moment:
    metre = composition.time_signature
    number, place = divmod(start, metre.bar)
    sections = composition.sections
    section = next((section for section in sections if section.start_bar <= number < section.end_bar), sections[-1])
    phrase = float(((number - section.start_bar) * metre.bar + place) % (4 * metre.bar) / (4 * metre.bar))
    depth = _DEPTHS[level(place, metre)]
    shared = clock[min(int(start / _EIGHTH), len(clock) - 1)]
    lift = composition.energy_at(start) - section.energy
    return Moment(swing.delay_us(start), shared, depth, 4.0 * sin(pi * phrase), lift)


def _timing(part: Part, note: Note, human: Human, moment: Moment, whim: float) -> float:
    """Return microseconds; singers and leads breathe on their own, the bass stays close to the kick."""
    own = human.hit_ms * 1000 * whim
    if part.role is Role.BASS:
        own *= 0.6
    late = human.late_ms * 1000 if part.role is Role.DRUMS and note.pitch in _SNARES else 0.0
    return min(max(moment.clock_us + own, -_MOST_US), _MOST_US) + late


def _dynamics(part: Part, note: Note, moment: Moment, human: Human, whim: float) -> float:
    """Return the change of velocity: metre, phrase arch and chance."""
    # The same whim moves time and force with opposite signs half of the time, so they do not sound tied together.
    noise = human.velocity * (whim if note.pitch % 2 else -whim)
    if part.role in _TUNE:
        # Tunes are written to the energy of their section; a bar's own moves them on.
        return 0.5 * noise + _TUNE_LIFT * moment.lift
    accents = _HAT_ACCENTS if part.role is Role.DRUMS and note.pitch in _HATS else _ACCENTS
    return accents[moment.depth] * (1.0 if part.role is Role.DRUMS else 0.7) + moment.arch + noise
