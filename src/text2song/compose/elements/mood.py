"""What a mood does to the playing: changes of energy, register, articulation, force and brightness.

Directions as reviewed by Gabrielsson & Lindström (2010, "The role of structure in the musical expression of emotions"):
happy music is higher, brighter and more detached, excited music faster, denser, louder, brighter and shorter of note.
Mode and tempo are chosen where the prompt is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from text2song.domain.context import CompositionContext, Source
from text2song.domain.rational import Fraction


@dataclass(frozen=True, slots=True)
class Mood:
    """All effects of one mood; a neutral one changes nothing. Each grows with valence and with arousal."""

    #: Added to the energy of every section that a style decides.
    energy: float
    #: Added to the level from which players come in.
    layers: float
    #: Semitones by which parts above the bass move.
    register: int
    #: Factor on how long notes are held.
    gate: Fraction
    #: Added to every velocity.
    velocity: float
    #: Added to the air shelf of the master, dB.
    air_db: float


def mood_of(context: CompositionContext) -> Mood:
    """Return the effects of a context's valence and arousal, both in −1..1.

    A genre's own feeling is already in its style, so only a mood that somebody named changes it.
    """
    reading = context.sources.get("moods")
    named = reading is None or reading.source is not Source.STYLE
    valence, arousal = (context.valence, context.arousal) if named else (0.0, 0.0)
    return Mood(
        energy=0.1 * arousal + 0.02 * valence,
        layers=0.1 * arousal + 0.04 * valence,
        register=round(2.0 * valence + 2.0 * arousal),
        gate=Fraction(round(1000 * (1 - 0.16 * arousal - 0.08 * valence)), 1000),
        velocity=7.0 * arousal + 2.0 * valence,
        air_db=0.8 * arousal + 0.7 * valence,
    )
