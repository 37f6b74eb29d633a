"""Spoken sound to sung sound: analysis, time and pitch from the score, synthesis.

F0 is tracked by WORLD's DIO and StoneMask (Morise, Yokomori & Ozawa 2016, IEICE). The rest of WORLD draws noise from a
generator that cannot be seeded, so the same recipe would give other samples; envelope and synthesis are our own:
harmonic plus noise (Stylianou 2001), a sum of harmonics with minimum phase, and seeded noise shaped frame by frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel
from text2song.audio.voice.envelope import spectral_envelope
from text2song.audio.voice.speech import Speech

#: Samples between frames at the studio's rate, and the same in seconds.
HOP = 220
PERIOD = HOP / SAMPLE_RATE
_NOISE_WINDOW = 4 * HOP
_NOISE_FFT = 1024
_SINGER_FORMANT_HZ, _SINGER_FORMANT_DB = 2900.0, 5.0
#: How fast breath noise falls above the source voice's band, dB per octave.
_AIR_SLOPE_DB = 9.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Knots of a time map: at `sung` seconds of the phrase, `spoken` seconds of the line sound."""

    sung: float
    spoken: float


@dataclass(frozen=True, slots=True)
class _Frames:
    """Every frame: F0 (Hz, 0 unvoiced), power envelope and aperiodicity (frames, bins) up to `nyquist`."""

    f0: NDArray[np.float64]
    envelope: NDArray[np.float64]
    aperiodicity: NDArray[np.float64]
    nyquist: float


def sing(
    speech: Speech, timings: Sequence[Timing], f0: NDArray[np.float64], *, formant_shift: float = 1.0
) -> NDArray[np.float64]:
    """Return mono samples at `SAMPLE_RATE`: `HOP` for every value of `f0` (Hz).

    `timings` rise strictly in sung time; before the first and after the last knot there is silence. `formant_shift`
    scales the spectral envelope's frequencies: above 1 a smaller head, below 1 a larger.
    """
    frames = _retimed(speech, timings, f0, formant_shift)
    return _harmonics(frames) + _noise(frames)


def _retimed(speech: Speech, timings: Sequence[Timing], f0: NDArray[np.float64], shift: float) -> _Frames:
    # An optional extra, imported only where it is used.
    import pyworld  # noqa: PLC0415

    samples, rate = np.ascontiguousarray(speech.samples), speech.sample_rate
    rough, axis = pyworld.dio(samples, rate, frame_period=PERIOD * 1000)
    spoken_f0 = pyworld.stonemask(samples, rough, axis, rate)
    envelope = spectral_envelope(samples, spoken_f0, axis, rate)

    times = np.arange(f0.size) * PERIOD
    source = np.interp(times, [knot.sung for knot in timings], [knot.spoken for knot in timings]) / PERIOD
    inside = (times >= timings[0].sung) & (times <= timings[-1].sung)
    power = _shifted(np.exp(_at(np.log(envelope + 1e-16), source)), shift) * _ring(envelope.shape[1], rate)
    power[~inside] = 0.0
    voiced = inside & (_at((spoken_f0 > 0).astype(np.float64)[:, None], source)[:, 0] > 0.5)
    noise = np.where(voiced[:, None], _breath(power.shape[1], rate), 1.0)
    return _Frames(np.where(voiced, f0, 0.0), power, noise, rate / 2)


def _at(frames: NDArray[np.float64], positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read rows of `frames` at fractional positions."""
    last = frames.shape[0] - 1
    low = np.clip(positions.astype(int), 0, last)
    part = np.clip(positions - low, 0.0, 1.0)[:, None]
    return np.asarray((1 - part) * frames[low] + part * frames[np.minimum(low + 1, last)])


def _shifted(spectrum: NDArray[np.float64], shift: float) -> NDArray[np.float64]:
    if shift == 1.0:
        return spectrum
    return _at(spectrum.T, np.arange(spectrum.shape[1]) / shift).T


def _ring(bins: int, sample_rate: int) -> NDArray[np.float64]:
    """Power gain of the singer's formant: a bump near 2.9 kHz that carries a voice over a band."""
    frequencies = np.linspace(0, sample_rate / 2, bins)
    bump = np.exp(-0.5 * ((frequencies - _SINGER_FORMANT_HZ) / 450.0) ** 2)
    return np.asarray(10.0 ** (_SINGER_FORMANT_DB * bump / 10.0))


def _breath(bins: int, sample_rate: int) -> NDArray[np.float64]:
    """Share of noise in a sung vowel's power: almost none in the low partials, a third at the top."""
    frequencies = np.linspace(0, sample_rate / 2, bins)
    return np.asarray(0.3 / (1.0 + np.exp(-(frequencies - 5500.0) / 900.0)) + 0.001)


def _harmonics(frames: _Frames) -> NDArray[np.float64]:
    """Sum the harmonics below the envelope's top, with the minimum phase of the envelope."""
    power = frames.envelope * (1.0 - frames.aperiodicity)
    spectrum = _minimum_phase(power)
    count = int(frames.nyquist / max(60.0, float(frames.f0[frames.f0 > 0].min(initial=1000.0))))
    numbers = np.arange(1, count + 1)
    positions = frames.f0[:, None] * numbers / frames.nyquist * (power.shape[1] - 1)
    low = np.minimum(positions.astype(int), power.shape[1] - 2)
    part = np.clip(positions - low, 0.0, 1.0)
    rows = np.arange(power.shape[0])[:, None]
    value = (1 - part) * spectrum[rows, low] + part * spectrum[rows, low + 1]
    # Power of a harmonic = density times its share of the band, f0 wide.
    value *= np.sqrt(4.0 * np.maximum(frames.f0, 0.0) / (2 * frames.nyquist))[:, None]
    value[positions >= power.shape[1] - 1] = 0.0
    value[frames.f0 <= 0] = 0.0
    held = _held(frames.f0)
    return _sum_harmonics(np.ascontiguousarray(value.real), np.ascontiguousarray(value.imag), held, HOP, PERIOD)


def _held(f0: NDArray[np.float64]) -> NDArray[np.float64]:
    """F0 with unvoiced gaps bridged, so that fades at their edges keep their pitch."""
    voiced = np.flatnonzero(f0 > 0)
    return np.interp(np.arange(f0.size), voiced, f0[voiced]) if voiced.size else np.full(f0.size, 100.0)


def _minimum_phase(power: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the minimum-phase amplitude spectrum of each row of a one-sided power spectrum (Oppenheim & Schafer)."""
    half = 0.5 * np.log(np.maximum(power, 1e-14))
    cepstrum = fft.irfft(half, axis=1)
    size = cepstrum.shape[1]
    fold = np.zeros(size)
    fold[0] = fold[size // 2] = 1.0
    fold[1 : size // 2] = 2.0
    return np.asarray(np.exp(fft.rfft(cepstrum * fold, axis=1)))


@kernel
def _sum_harmonics(
    real: NDArray[np.float64], imaginary: NDArray[np.float64], f0: NDArray[np.float64], hop: int, period: float
) -> NDArray[np.float64]:
    """Oscillators locked to one phase, coefficients gliding linearly from frame to frame."""
    frames, count = real.shape
    out = np.zeros(frames * hop)
    phase = 0.0
    for frame in range(frames):
        after = min(frame + 1, frames - 1)
        for sample in range(hop):
            part = sample / hop
            frequency = (1.0 - part) * f0[frame] + part * f0[after]
            phase += 2.0 * np.pi * frequency * period / hop
            if phase > 2.0 * np.pi:
                phase -= 2.0 * np.pi
            twice = 2.0 * np.cos(phase)
            cos_now, cos_before = np.cos(phase), 1.0
            sin_now, sin_before = np.sin(phase), 0.0
            total = 0.0
            for number in range(count):
                a = (1.0 - part) * real[frame, number] + part * real[after, number]
                b = (1.0 - part) * imaginary[frame, number] + part * imaginary[after, number]
                total += a * cos_now - b * sin_now
                cos_now, cos_before = twice * cos_now - cos_before, cos_now
                sin_now, sin_before = twice * sin_now - sin_before, sin_now
            out[frame * hop + sample] = total
    return out


def _noise(frames: _Frames) -> NDArray[np.float64]:
    """Shape seeded white noise with the aperiodic part of the envelope, four windows overlapping."""
    count = frames.f0.size
    white = np.random.default_rng(0x5EED).standard_normal(count * HOP + _NOISE_WINDOW)
    pieces = np.lib.stride_tricks.sliding_window_view(white, _NOISE_WINDOW)[::HOP][:count]
    window = np.hanning(_NOISE_WINDOW)
    spectrum = fft.rfft(pieces * window, n=_NOISE_FFT, axis=1) * _noise_gain(frames)
    shaped = fft.irfft(spectrum, n=_NOISE_FFT, axis=1)
    out = np.zeros(count * HOP + _NOISE_FFT)
    for index in range(count):
        out[index * HOP : index * HOP + _NOISE_FFT] += shaped[index]
    # Hann windows a quarter apart sum to 2; the frame's time is the middle of its window.
    middle = _NOISE_WINDOW // 2
    return np.asarray(out[middle : middle + count * HOP] / 2.0)


def _noise_gain(frames: _Frames) -> NDArray[np.float64]:
    """Amplitude of the noise per frame and bin; above the source's band it falls off as breath does."""
    power = frames.envelope * frames.aperiodicity
    frequencies = fft.rfftfreq(_NOISE_FFT, 1.0 / SAMPLE_RATE)
    positions = np.minimum(frequencies / frames.nyquist, 0.97) * (power.shape[1] - 1)
    gain = np.sqrt(_at(np.ascontiguousarray(power.T), positions).T * (SAMPLE_RATE / (2 * frames.nyquist)))
    above = np.maximum(np.log2(np.maximum(frequencies, 1.0) / (0.97 * frames.nyquist)), 0.0)
    return np.asarray(gain * 10.0 ** (-_AIR_SLOPE_DB * above / 20.0))
