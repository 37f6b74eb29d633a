"""Band-limited single-cycle waves: for every half octave one table that holds no partial above the hearing range.

Summing partials up to the limit is exact where polyBLEP only lowers the aliases, and one interpolated read serves
saws, squares and drawbar spectra alike.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel

#: Samples per cycle; each table holds one more, a copy of the first, so that interpolation never wraps.
CYCLE = 2048
#: Phases are integers, 2³² to a cycle: wrapping is a mask, and reading a table twice as fast as with floats.
TURN = 2.0**32
MASK = 0xFFFFFFFF
#: A phase shifted by this is a table index; what is below it, times `PART`, the way to the next one.
SHIFT = 21
BELOW = 0x1FFFFF
PART = 2.0**-21
#: Upper frequency in Hz of the lowest table, and tables per octave.
LOWEST_HZ = 30.0
PER_OCTAVE = 2
#: 30 Hz … 15 kHz.
LEVELS = 19
#: Partials stop below the Nyquist frequency.
_LIMIT_HZ = 0.46 * SAMPLE_RATE

#: float32, shape (LEVELS, CYCLE + 1).
Wavetable = NDArray[np.float32]


@kernel
def table_level(frequency: float) -> int:
    """Return the index of the table for a fundamental in Hz: the first whose partials all stay below the limit."""
    level = int(np.ceil(np.log2(max(frequency, 1.0) / LOWEST_HZ) * PER_OCTAVE))
    return min(max(level, 0), LEVELS - 1)


@cache
def wavetable(shape: str | tuple[float, ...]) -> Wavetable:
    """Return the tables of a shape: "saw", "square", "triangle", "sine", "soft_saw", or amplitudes of partials 1, 2, …

    Amplitudes are absolute: a saw or square runs from −1 to 1. Raises KeyError for an unknown shape.
    """
    amplitudes = _amplitudes(shape)
    # Partials of a spectrum start at scattered phases (Schroeder 1970): the same sound with lower peaks.
    order = np.arange(len(amplitudes))
    turns = np.ones(len(order)) if isinstance(shape, str) else np.exp(-1j * np.pi * order**2 / len(order))
    tables = np.zeros((LEVELS, CYCLE + 1), dtype=np.float32)
    for level in range(LEVELS):
        top = LOWEST_HZ * 2.0 ** (level / PER_OCTAVE)
        partials = min(int(_LIMIT_HZ / top), CYCLE // 2 - 1, len(amplitudes))
        spectrum = np.zeros(CYCLE // 2 + 1, dtype=np.complex128)
        spectrum[1 : partials + 1] = -0.5j * CYCLE * amplitudes[:partials] * turns[:partials]
        tables[level, :CYCLE] = np.fft.irfft(spectrum, CYCLE)
        tables[level, CYCLE] = tables[level, 0]
    tables.flags.writeable = False
    return tables


def _amplitudes(shape: str | tuple[float, ...]) -> NDArray[np.float64]:
    if not isinstance(shape, str):
        return np.asarray(shape, dtype=np.float64)
    number = np.arange(1, CYCLE // 2, dtype=np.float64)
    odd = number % 2
    shapes: dict[str, NDArray[np.float64]] = {
        "saw": -2 / np.pi / number,
        "soft_saw": 2 / np.pi / number**1.35,
        "square": 4 / np.pi * odd / number,
        "triangle": 8 / np.pi**2 * odd * np.sin(np.pi / 2 * number) / number**2,
        "sine": (number == 1).astype(np.float64),
    }
    return shapes[shape]
