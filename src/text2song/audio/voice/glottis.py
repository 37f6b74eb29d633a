"""The voice source: one period of the Liljencrants–Fant glottal flow derivative, kept as tables free of aliasing.

Fant, Liljencrants & Lin 1985, "A four-parameter model of glottal flow", STL-QPSR 4; the single shape parameter Rd and
its regression to the four is Fant 1995, "The LF-model revisited", STL-QPSR 2–3: 0.5 pressed … 1 modal … 2.7 breathy.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

TABLE = 2048
#: Shapes kept, evenly spaced in Rd.
RD_LOW, RD_HIGH, RD_STEPS = 0.5, 2.7, 12
#: One set of tables for every third of an octave up from the lowest pitch, Hz.
F0_LOW, F0_STEPS, PER_OCTAVE = 55.0, 16, 3
#: No partial above this, Hz.
_HIGHEST = 18_000.0


def pulse(rd: float, size: int = TABLE) -> NDArray[np.float64]:
    """Return one period of the flow derivative for shape `rd` (0.5..2.7), float64 (size,), its sharpest edge −1."""
    ra = (-1.0 + 4.8 * rd) / 100.0
    rk = (22.4 + 11.8 * rd) / 100.0
    rg = 0.25 * rk * (0.5 + 1.2 * rk) / (0.11 * rd - ra * (0.5 + 1.2 * rk))
    peak = 1.0 / (2.0 * rg)
    closing = peak * (1.0 + rk)
    omega = np.pi / peak
    epsilon = _return_rate(ra, 1.0 - closing)
    alpha = _growth(omega, closing, epsilon, ra)
    phase = np.arange(size) / size
    opening = -np.exp(alpha * (phase - closing)) * np.sin(omega * phase) / np.sin(omega * closing)
    back = -(np.exp(-epsilon * (phase - closing)) - np.exp(-epsilon * (1.0 - closing))) / (epsilon * ra)
    return np.asarray(np.where(phase < closing, opening, back))


def _return_rate(ra: float, rest: float) -> float:
    """Solve ε·Ta = 1 − exp(−ε·(Tc − Te)) for ε > 0."""
    return float(brentq(lambda rate: rate * ra - 1.0 + np.exp(-rate * rest), 0.1 / ra, 2.0 / ra))


def _growth(omega: float, closing: float, epsilon: float, ra: float) -> float:
    """Find the growth that makes the flow come back to where it was: the derivative's area is zero."""
    rest = 1.0 - closing
    tail = (1.0 / epsilon) * (1.0 - np.exp(-epsilon * rest)) - rest * np.exp(-epsilon * rest)
    area_back = tail / (epsilon * ra)

    def area(alpha: float) -> float:
        scale = np.exp(-alpha * closing) / np.sin(omega * closing)
        grown = np.exp(alpha * closing) * (alpha * np.sin(omega * closing) - omega * np.cos(omega * closing)) + omega
        return float(-scale * grown / (alpha * alpha + omega * omega) - area_back)

    return float(brentq(area, -60.0, 60.0))


@cache
def tables() -> NDArray[np.float64]:
    """Return (RD_STEPS, F0_STEPS, TABLE) periods of unit power, each with only the partials its pitch has room for."""
    found = np.zeros((RD_STEPS, F0_STEPS, TABLE))
    for row, rd in enumerate(np.linspace(RD_LOW, RD_HIGH, RD_STEPS)):
        # Four times as many points, so that the edge of the pulse does not fold back into the table.
        spectrum = np.fft.rfft(pulse(float(rd), 4 * TABLE))[: TABLE // 2 + 1] / 4.0
        spectrum[0] = 0.0
        for column in range(F0_STEPS):
            highest = F0_LOW * 2.0 ** ((column + 1) / PER_OCTAVE)
            kept = np.where(np.arange(spectrum.size) <= min(_HIGHEST / highest, TABLE // 2 - 1), spectrum, 0.0)
            found[row, column] = np.fft.irfft(kept, TABLE)
        found[row] /= np.sqrt(np.mean(found[row, 0] ** 2))
    found.setflags(write=False)
    return found


def table_column(f0: float) -> int:
    """Return which of the `F0_STEPS` tables suits a pitch in Hz.

    >>> table_column(55.0), table_column(SAMPLE_RATE / 2)
    (0, 15)
    """
    return int(np.clip(np.floor(PER_OCTAVE * np.log2(f0 / F0_LOW)), 0, F0_STEPS - 1))
