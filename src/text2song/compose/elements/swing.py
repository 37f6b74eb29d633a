"""Swing: the second half of each pair of short notes comes late, everything between moves in proportion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.production import production_of
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

#: Above this tempo an eighth swings less and less, as measured on jazz drummers (Friberg & Sundström 2002).
_FAST_BPM = 140.0


@dataclass(frozen=True, slots=True)
class Swing:
    """Long to short ratio of a pair of notes in one song; 1 is straight, 2 a triplet shuffle."""

    ratio: float
    #: The notes that swing: an eighth (1/2) or a sixteenth (1/4), in quarter notes.
    unit: Fraction
    metre: TimeSignature
    #: Seconds per quarter note.
    quarter: float

    @classmethod
    def of(cls, composition: UnifiedComposition, table: Mapping[str, Any], decisions: Decisions) -> Swing:
        """Return the swing of a song from `swing` (ratios with weights) and `swing_unit` of the `[groove]` table."""
        rows = table.get("swing", [[1.0, 1.0]])
        wished = production_of(composition.context).swing
        ratio = float(decisions.decide("feel/swing", [row[0] for row in rows], [float(row[1]) for row in rows]))
        ratio = ratio if wished is None else wished
        unit = Fraction(1, 4) if table.get("swing_unit", "1/8") == "1/16" else Fraction(1, 2)
        bpm = float(composition.tempo.bpm)
        if unit == Fraction(1, 2) and bpm > _FAST_BPM:
            ratio = 1 + (ratio - 1) * _FAST_BPM / bpm
        return cls(ratio, unit, composition.time_signature, 60.0 / bpm)

    def delay_us(self, position: Fraction) -> float:
        """Return how late a grid position sounds, in microseconds.

        Triplets already say where they lie, and compound metres swing by nature: neither moves.
        """
        if self.ratio == 1.0 or self.metre.pulse == Fraction(3, 2) or position.denominator % 3 == 0:
            return 0.0
        pair = 2 * self.unit
        inside = position % self.metre.bar
        whole = inside - inside % pair
        if whole + pair > self.metre.bar:
            return 0.0
        return self._late(float((inside - whole) / self.unit)) * float(self.unit) * self.quarter * 1e6

    def _late(self, place: float) -> float:
        """Return the delay in units of a place 0..2 in the pair: the middle moves, the ends stay."""
        middle = 2 * self.ratio / (1 + self.ratio)
        return place * (middle - 1) if place <= 1 else (2 - place) * (middle - 1)
