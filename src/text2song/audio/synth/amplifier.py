"""The amplifier of guitars and basses: a waveshaper at four times the rate between filters, and a loudspeaker in a box.

A tube stage bends the wave; bent at the common rate its harmonics would fold back as sour tones. A cabinet is no plain
low-pass: its box booms, its cone breaks up in ridges, its sound ends steeply near 5 kHz. Its response is drawn as
points and played as a minimum-phase filter.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, oaconvolve

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel

#: Samples inside the shaper for one outside, and the length of its filters in samples outside.
_TIMES, _REACH = 4, 16
_CABINET_TAPS = 1024
_FFT = 8192


def drive(signal: NDArray[np.float32], gain: float, bias: float) -> None:
    """Drive `signal` (channels, frames) in place into x / √(1 + x²), `gain` (linear) into the bend, level kept."""
    filters = _filters()
    for channel in signal:
        _drive(channel, filters, gain, bias)


def cabinet(signal: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Return `signal` (channels, frames) through a loudspeaker of `cabinets.toml`; raises KeyError."""
    through = oaconvolve(signal, _impulse(name)[None, :], axes=1)
    return np.ascontiguousarray(through[:, : signal.shape[1]], dtype=np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """Return the low-pass by phase, float32 (times, reach), for the way up; the way down reads it backwards."""
    taps = firwin(_TIMES * _REACH, 0.92 / _TIMES, window=("kaiser", 9.0))
    phases = np.stack([_TIMES * taps[phase::_TIMES] for phase in range(_TIMES)]).astype(np.float32)
    phases.flags.writeable = False
    return phases


@cache
def _impulse(name: str) -> NDArray[np.float32]:
    file = resources.files("text2song.audio.synth").joinpath("cabinets.toml")
    points = np.asarray(tomllib.loads(file.read_text(encoding="utf-8"))[name]["response"], dtype=np.float64)
    hertz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    response = np.interp(np.log(np.maximum(hertz, 5.0)), np.log(points[:, 0]), points[:, 1])
    taps = _minimum_phase(response)[:_CABINET_TAPS]
    taps[-256:] *= np.hanning(512)[256:]
    taps.flags.writeable = False
    return taps.astype(np.float32)


def _minimum_phase(decibels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the impulse response of least delay with that magnitude, by folding the cepstrum (Oppenheim, Schafer)."""
    cepstrum = np.fft.irfft(decibels * np.log(10) / 20)
    folded = np.zeros_like(cepstrum)
    half = _FFT // 2
    folded[0], folded[half] = cepstrum[0], cepstrum[half]
    folded[1:half] = 2 * cepstrum[1:half]
    return np.asarray(np.fft.irfft(np.exp(np.fft.rfft(folded))))


@kernel
def _drive(signal: NDArray[np.float32], phases: NDArray[np.float32], gain: float, bias: float) -> None:
    rest = bias / np.sqrt(1 + bias * bias)
    scale = 1 / np.sqrt(gain)
    frames, times, reach = signal.shape[0], phases.shape[0], phases.shape[1]
    heard = np.zeros(reach)
    bent = np.zeros((times, reach))
    before, root_before = bias, np.sqrt(1 + bias * bias)
    quiet = 4 * reach
    # Up and down each look half their length ahead: what comes out went in this many frames before.
    late = reach - 1
    for frame in range(frames + late):
        value = np.float64(signal[frame]) if frame < frames else 0.0
        quiet = 0 if value != 0.0 else quiet + 1
        if quiet >= 4 * reach and frame >= late:
            signal[frame - late] = 0.0
            continue
        place = frame % reach
        heard[place] = value
        for phase in range(times):
            raised = 0.0
            for tap in range(reach):
                raised += phases[phase, tap] * heard[(place - tap) % reach]
            now = raised * gain + bias
            root = np.sqrt(1 + now * now)
            # The mean of the curve over the step (Parker et al. 2016) takes what four times the rate leaves.
            bent[phase, place] = (now + before) / (root + root_before) - rest
            before, root_before = now, root
        if frame < late:
            continue
        lowered = 0.0
        for phase in range(times):
            for tap in range(reach):
                lowered += phases[phase, tap] * bent[times - 1 - phase, (place - tap) % reach]
        signal[frame - late] = lowered / times * scale
