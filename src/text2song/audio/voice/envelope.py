"""The spectral envelope of speech: what the throat and mouth do, apart from pitch.

CheapTrick (Morise 2015, "CheapTrick, a spectral envelope estimator …", Speech Communication 67), computed for all
frames at once. The reference implementation adds noise from a generator that cannot be seeded; this one adds none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

FFT_SIZE = 1024
#: Assumed for unvoiced frames, Hz: a short window.
_UNVOICED_F0 = 500.0
#: Frames below this F0 (Hz) would need a longer transform.
_LOWEST_F0 = 71.0
_FLOOR = 1e-14
#: Compensation of the smoothing (q0, q1 of the paper).
_Q0, _Q1 = 1.18, -0.09


def spectral_envelope(
    samples: NDArray[np.float64], f0: NDArray[np.float64], times: NDArray[np.float64], sample_rate: int
) -> NDArray[np.float64]:
    """Return power spectra (frames, 513) of mono `samples` at `times` (s), given F0 in Hz (0 where unvoiced)."""
    pitch = np.where(f0 > 0, np.maximum(f0, _LOWEST_F0), _UNVOICED_F0)
    power = np.abs(fft.rfft(_windowed(samples, pitch, times, sample_rate), n=FFT_SIZE, axis=1)) ** 2
    bins = pitch * FFT_SIZE / sample_rate
    smooth = _smoothed(_mirrored(power, bins), bins * 2.0 / 3.0)
    return _liftered(np.maximum(smooth, _FLOOR), pitch, sample_rate)


def _windowed(
    samples: NDArray[np.float64], pitch: NDArray[np.float64], times: NDArray[np.float64], sample_rate: int
) -> NDArray[np.float64]:
    """Cut three periods around each time with a Hann window of unit energy, the weighted mean removed."""
    half = np.round(1.5 * sample_rate / pitch).astype(int)
    widest = int(half.max())
    offsets = np.arange(-widest, widest + 1)
    centre = np.round(times * sample_rate).astype(int)
    index = np.clip(centre[:, None] + offsets, 0, samples.size - 1)
    inside = np.abs(offsets) <= half[:, None]
    window = np.where(inside, 0.5 + 0.5 * np.cos(np.pi * offsets / (half[:, None] + 1)), 0.0)
    window /= np.sqrt((window**2).sum(axis=1, keepdims=True))
    cut = samples[index] * window
    mean = cut.sum(axis=1, keepdims=True) / window.sum(axis=1, keepdims=True)
    return np.asarray(cut - window * mean)


def _mirrored(power: NDArray[np.float64], bins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill what lies below F0 with its mirror image about F0/2, since no harmonic shows the envelope there."""
    axis = np.arange(power.shape[1])
    rows = np.arange(power.shape[0])[:, None]
    mirror = np.clip(np.round(bins[:, None] - axis).astype(int), 0, power.shape[1] - 1)
    return np.where(axis < bins[:, None], power + power[rows, mirror], power)


def _smoothed(power: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over a band of `width` bins around each bin, by differences of the running integral."""
    pad = int(np.ceil(width.max())) + 1
    padded = np.concatenate([power[:, pad:0:-1], power, power[:, -2 : -pad - 2 : -1]], axis=1)
    integral = np.cumsum(padded, axis=1) - 0.5 * padded
    rows = np.arange(power.shape[0])[:, None]
    centre = np.arange(power.shape[1]) + pad

    def at(position: NDArray[np.float64]) -> NDArray[np.float64]:
        low = position.astype(int)
        part = position - low
        return np.asarray((1 - part) * integral[rows, low] + part * integral[rows, low + 1])

    half = width[:, None] / 2.0
    return np.asarray((at(centre + half) - at(centre - half)) / width[:, None])


def _liftered(power: NDArray[np.float64], pitch: NDArray[np.float64], sample_rate: int) -> NDArray[np.float64]:
    """Take the trace of the harmonics out of the cepstrum, and put back what smoothing took from the peaks."""
    cepstrum = fft.irfft(np.log(power), axis=1)
    index = np.arange(FFT_SIZE)
    quefrency = np.minimum(index, FFT_SIZE - index) / sample_rate
    phase = pitch[:, None] * quefrency
    lifter = np.sinc(phase) * (_Q0 + 2.0 * _Q1 * np.cos(2.0 * np.pi * phase))
    return np.asarray(np.exp(fft.rfft(cepstrum * lifter, axis=1).real))
