"""Loudness and true peak of finished audio, by another road than the one the master takes.

The master filters in the time domain; here the K-weighting of ITU-R BS.1770-5 is applied to power spectra of 100 ms
chunks (Parseval), so an error in either would show as a disagreement.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

Powers = NDArray[np.float64]

#: What silence is written as, LUFS or dBFS: JSON has no infinity.
SILENCE = -120.0
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0


def chunk_powers(audio: NDArray[np.float32], sample_rate: int) -> Powers:
    """Return the K-weighted power of each whole 100 ms chunk of stereo `audio` (frames, 2), channels summed."""
    size = sample_rate // 10
    count = max(1, audio.shape[0] // size)
    padded = audio if audio.shape[0] >= size else np.pad(audio, ((0, size - audio.shape[0]), (0, 0)))
    # Left and right as one complex sound: its spectrum's two sides, weighted alike, have the powers of both.
    pairs = np.ascontiguousarray(padded[: count * size], dtype=np.float32).view(np.complex64).reshape(count, size)
    weights = _k_weights(size, sample_rate)
    powers = np.empty(count)
    # A few seconds at a time keeps the spectra in the cache and the memory small.
    for first in range(0, count, 32):
        spectrum = fft.fft(pairs[first : first + 32], axis=1)
        powers[first : first + 32] = np.einsum("nf,f->n", spectrum.real**2 + spectrum.imag**2, weights)
    return powers


def integrated_lufs(audio: NDArray[np.float32], sample_rate: int) -> float:
    """Return the gated integrated loudness in LUFS (ITU-R BS.1770-5); `SILENCE` when nothing passes the gate."""
    return gated_lufs(chunk_powers(audio, sample_rate))


def gated_lufs(powers: Powers) -> float:
    """Return the integrated loudness of 100 ms chunk powers: blocks of 400 ms every 100 ms, gated twice."""
    blocks = np.convolve(powers, np.full(4, 0.25), mode="valid") if powers.size >= 4 else powers
    loud = blocks[_lufs(blocks) > _ABSOLUTE_GATE]
    if loud.size == 0:
        return SILENCE
    kept = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
    return float(_lufs(kept.mean()))


def decibels(amplitude: float) -> float:
    """Return 20·log10 of an amplitude, `SILENCE` for zero."""
    return max(SILENCE, 20.0 * float(np.log10(amplitude))) if amplitude > 0 else SILENCE


def _lufs(power: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10.0 * np.log10(np.maximum(power, 1e-13)))


@cache
def _k_weights(size: int, sample_rate: int) -> NDArray[np.float64]:
    """Return |H|² of the K-weighting per fft bin, scaled so that a weighted sum is the mean power of a chunk."""
    frequencies = np.abs(fft.fftfreq(size, 1.0 / sample_rate))
    shelf = _biquad_response(frequencies, sample_rate, _shelf(sample_rate))
    highpass = _biquad_response(frequencies, sample_rate, _highpass(sample_rate))
    return np.asarray(shelf * highpass / size**2)


def _biquad_response(
    frequencies: NDArray[np.float64], sample_rate: int, coefficients: tuple[list[float], list[float]]
) -> NDArray[np.float64]:
    _, response = signal.freqz(*coefficients, worN=frequencies, fs=sample_rate)
    return np.asarray(np.abs(response) ** 2)


def _shelf(sample_rate: int) -> tuple[list[float], list[float]]:
    """The head-effect shelf of BS.1770 at any sample rate (De Man 2014, "Evaluation of implementations …")."""
    k = np.tan(np.pi * 1681.974450955533 / sample_rate)
    quality, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    mid = high**0.4996667741545416
    norm = 1 + k / quality + k * k
    numerator = [(high + mid * k / quality + k * k) / norm, 2 * (k * k - high) / norm]
    numerator.append((high - mid * k / quality + k * k) / norm)
    return numerator, [1.0, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm]


def _highpass(sample_rate: int) -> tuple[list[float], list[float]]:
    """The RLB high-pass of BS.1770 at any sample rate."""
    k = np.tan(np.pi * 38.13547087602444 / sample_rate)
    quality = 0.5003270373238773
    norm = 1 + k / quality + k * k
    return [1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm]
