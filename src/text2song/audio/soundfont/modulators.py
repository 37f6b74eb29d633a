"""SoundFont modulators: how velocity, key and controllers at rest move the generators of a note.

Source: SoundFont Technical Specification 2.04, sections 8.2, 8.4 and 9.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from text2song.audio.soundfont.generators import ATTENUATION, COUNT, FILTER_CUTOFF

Values = NDArray[np.float64]

_NONE, _VELOCITY, _KEY, _WHEEL, _WHEEL_RANGE = 0, 2, 3, 14, 16
_ABSOLUTE = 2

#: Controllers that do not rest at zero: volume, balance, pan, expression.
_RESTING = MappingProxyType({7: 100 / 127, 8: 0.5, 10: 0.5, 11: 1.0})


@dataclass(frozen=True, slots=True)
class Modulator:
    """One connection: target += amount × shape(source) × shape(amount source)."""

    source: int
    #: A generator number.
    target: int
    amount: int
    amount_source: int = 0
    transform: int = 0

    @property
    def identity(self) -> tuple[int, int, int, int]:
        """Two modulators of one identity are the same connection; the more local one wins."""
        return self.source, self.target, self.amount_source, self.transform

    @property
    def reads_velocity(self) -> bool:
        """Whether the note's velocity is its source."""
        return self.source & 0xFF == _VELOCITY

    @property
    def usable(self) -> bool:
        """Whether it does something at all: a known target, a source, no link to another modulator."""
        linked = self.target & 0x8000 or self.source & 0xFF == 127
        return not linked and self.target < COUNT and self.amount != 0


#: Those default modulators that matter when no controller is moved.
VELOCITY_TO_ATTENUATION = Modulator(0x0502, ATTENUATION, 960)
# 1.2 octaves, where the specification has two: players leave this one out because two make drums and pads dull.
VELOCITY_TO_CUTOFF = Modulator(0x0102, FILTER_CUTOFF, -1_440)
# Where a font leaves the filter open and has one layer for all velocities, soft notes would be as bright as loud
# ones. This pair draws the cutoff from open at velocity 127 towards 1.5 octaves above the note at velocity 0.
_OPEN_BRIGHTNESS = (Modulator(0x0102, FILTER_CUTOFF, -11_700), Modulator(0x0102, FILTER_CUTOFF, 12_700, 0x0003))


def with_defaults(own: Iterable[Modulator], *, one_open_layer: bool) -> tuple[Modulator, ...]:
    """Add to a zone's own modulators those that it does not replace; `one_open_layer` asks for brightness of ours."""
    modulators = {modulator.identity: modulator for modulator in own}
    modulators.setdefault(VELOCITY_TO_ATTENUATION.identity, VELOCITY_TO_ATTENUATION)
    brighteners = [each for each in modulators.values() if each.reads_velocity and each.target == FILTER_CUTOFF]
    if one_open_layer and not any(each.usable for each in brighteners):
        modulators |= {each.identity: each for each in _OPEN_BRIGHTNESS}
    elif not brighteners:
        modulators[VELOCITY_TO_CUTOFF.identity] = VELOCITY_TO_CUTOFF
    return tuple(modulator for modulator in modulators.values() if modulator.usable)


def offsets(modulator: Modulator, keys: Values, velocities: Values) -> Values:
    """Return what the modulator adds to its target for each note; keys and velocities in 0..127."""
    if modulator.source & 0xFF == _NONE:
        return np.zeros_like(keys)
    amounts = modulator.amount * _source(modulator.source, keys, velocities)
    if modulator.amount_source & 0xFF != _NONE:
        amounts = amounts * _source(modulator.amount_source, keys, velocities)
    return np.abs(amounts) if modulator.transform == _ABSOLUTE else amounts


def _source(code: int, keys: Values, velocities: Values) -> Values:
    number, is_controller = code & 0x7F, bool(code & 0x80)
    if is_controller:
        value = np.full_like(keys, _RESTING.get(number, 0.0))
    elif number in (_VELOCITY, _KEY):
        value = (velocities if number == _VELOCITY else keys) / 127.0
    else:
        # The wheel rests in the middle, its range at two semitones; pressure rests at zero.
        value = np.full_like(keys, {_WHEEL: 0.5, _WHEEL_RANGE: 2 / 127}.get(number, 0.0))
    if code & 0x100:
        value = 1.0 - value
    if not code & 0x200:
        return _shape(code >> 10, value)
    if code >> 10 == 3:
        return np.where(value >= 0.5, 1.0, -1.0)
    return np.sign(value - 0.5) * _shape(code >> 10, np.abs(2.0 * value - 1.0))


def _shape(kind: int, value: Values) -> Values:
    if kind == 1:
        return _concave(value)
    if kind == 2:
        return 1.0 - _concave(1.0 - value)
    if kind == 3:
        return np.where(value >= 0.5, 1.0, 0.0)
    return value


def _concave(value: Values) -> Values:
    # 96 dB over the range, so that 960 cB of attenuation follow 40·log10 of the velocity.
    return np.clip(-40.0 / 96.0 * np.log10(np.maximum(1.0 - value, 1e-6)), 0.0, 1.0)
