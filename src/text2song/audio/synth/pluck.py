"""Plucked strings: an extended Karplus–Strong loop, tuned exactly and damped by frequency (Jaffe and Smith 1983)."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel
from text2song.audio.synth.equaliser import equalise
from text2song.audio.synth.modal import loudness
from text2song.audio.synth.noise import seed_of, white
from text2song.audio.synth.struck import Strike

#: Damping of high partials is given at this frequency.
_BRIGHT_HZ = 4000.0


@dataclass(frozen=True, slots=True)
class Pluck:
    """A string and what plucks it; times in seconds to −60 dB, at middle C."""

    decay: float = 4.0
    #: Octaves of shortening per octave of pitch.
    decay_track: float = 0.5
    #: Decay time of partials at 4 kHz.
    bright_decay: float = 0.5
    #: Where the string is plucked, and where a pickup listens (0 for none), as shares of its length.
    position: float = 0.18
    pickup: float = 0.0
    #: Low-pass of the pluck in the soft and the hard layer.
    soft_hz: float = 1200.0
    hard_hz: float = 5000.0
    #: Fall of the partials: partial n is plucked with n^−slope; a thumb is steeper than a plectrum.
    slope: float = 0.4
    #: Share of noise in the pluck: the rasp of nail or pick.
    rasp: float = 0.15
    #: Level and band of the noise that body and pick make beside the string.
    knock: float = 0.0
    knock_hz: float = 2000.0
    #: Second string this many cents away (mandolin, harpsichord); 0 for none.
    course_cents: float = 0.0
    #: Level of a string an octave higher beside each (twelve-string guitar).
    octave: float = 0.0
    width: float = 0.0
    longest: float = 5.0
    variants: int = 2

    def strike(self, pitch: int, variant: int) -> Strike:
        """Return the soft and the hard layer of a key."""
        frequency = 440.0 * 2 ** ((pitch - 69) / 12)
        seed = seed_of("pluck", pitch, variant)
        frames = int(min(self.longest, 1.3 * self.seconds(frequency)) * SAMPLE_RATE)
        strike = np.zeros((2, frames), dtype=np.float32)
        knock = self._knock(seed + 1, frames)
        apart = 2 ** (self.course_cents / 2400)
        for row, cut, share in zip(strike, (self.soft_hz, self.hard_hz), (0.4, 1.0), strict=True):
            tone = self._string(frequency * apart, cut, seed, frames)
            if self.course_cents:
                tone = tone + self._string(frequency / apart, cut, seed + 2, frames)
            if self.octave:
                tone = tone + self.octave * self._string(2 * frequency / apart, cut, seed + 3, frames)
            row[:] = tone / loudness(tone) + self.knock * share * knock
            row[-2205:] *= np.linspace(1, 0, 2205, dtype=np.float32)
        return strike

    def place(self, pitch: int) -> float:
        """Return the place of a string: harps and harpsichords are wide."""
        return max(-1.0, min(1.0, self.width * (pitch - 64) / 44))

    def choked_by(self, pitch: int) -> frozenset[int]:
        """Return the key itself: one string rings one note."""
        return frozenset({pitch})

    def seconds(self, frequency: float) -> float:
        """Return the time in which a string falls by 60 dB."""
        return float(self.decay * 2 ** (-self.decay_track * np.log2(frequency / 261.63)))

    def _string(self, frequency: float, cut: float, seed: int, frames: int) -> NDArray[np.float64]:
        out = np.zeros(frames)
        period = SAMPLE_RATE / frequency
        pluck = _sloped(_excitation(period, self.position, self.rasp, seed), period, self.slope)
        bands = (("lowpass", cut, 0.0, 0.6), ("highpass", 0.5 * frequency, 0.0, 0.7))
        shaped = equalise(np.concatenate([pluck, np.zeros(int(period) + 400)]), bands)[:frames]
        out[: len(shaped)] = shaped
        vibrate(out, *_loop(frequency, self.seconds(frequency), self.bright_decay))
        if self.pickup:
            lag = max(1, round(2 * self.pickup * period))
            out[lag:] -= 0.9 * out[:-lag].copy()
        return out

    def _knock(self, seed: int, frames: int) -> NDArray[np.float64]:
        time = np.arange(frames) / SAMPLE_RATE
        burst = white(seed, min(frames, 1800)) * np.exp(-time[:1800] / 0.006) * (1 - np.exp(-time[:1800] / 0.0005))
        knock = np.zeros(frames)
        knock[: len(burst)] = equalise(burst, (("bandpass", self.knock_hz, 0.0, 0.9),))
        return knock


def _excitation(period: float, position: float, rasp: float, seed: int) -> NDArray[np.float64]:
    """Return one period: a pulse and its reflection from the bridge, and noise."""
    frames = int(period) + 2
    pulse = np.zeros(frames)
    pulse[0] = 1.0
    reflection = min(position, 0.5) * period
    whole = int(reflection)
    pulse[whole] -= 1 - (reflection - whole)
    pulse[whole + 1] -= reflection - whole
    noise = white(seed, frames)
    noise -= noise.mean()
    # Every partial of the pulse has a level up to 2, every partial of the noise one about √(period / 3).
    return pulse + 2 * rasp * sqrt(3 / period) * noise


def _sloped(pluck: NDArray[np.float64], period: float, slope: float) -> NDArray[np.float64]:
    """Return the pluck with falling partials, the low ones late as a stiff string carries them: no lone spike."""
    spectrum = np.fft.rfft(pluck, 4 * len(pluck))
    omega = np.linspace(0, np.pi, len(spectrum))
    fall = np.maximum(omega * period / (2 * np.pi), 1.0) ** -slope
    lag, corner = min(0.4 * period, 66.0), 2 * np.pi * 1500 / SAMPLE_RATE
    # The phase is the integral of the group delay lag·exp(−ω / corner).
    phase = -lag * corner * (1 - np.exp(-omega / corner))
    return np.asarray(np.fft.irfft(spectrum * fall * np.exp(1j * phase), 4 * len(pluck))[: len(pluck)])


def _loop(frequency: float, decay: float, bright_decay: float) -> tuple[int, float, float, float]:
    """Return whole frames of delay, loop gain, share of the delayed sample in the loss filter, all-pass coefficient.

    The phase delays of loss filter and all-pass at the fundamental are exact, so the string is in tune.
    """
    omega, bright = 2 * pi * frequency / SAMPLE_RATE, 2 * pi * _BRIGHT_HZ / SAMPLE_RATE
    loss = 10 ** (-6 / frequency * (1 / min(bright_decay, decay) - 1 / decay))
    reach = (1 - cos(bright)) - loss * (1 - cos(omega))
    product = min(max((1 - loss) / reach, 0.0), 0.499) if reach > 1e-6 else 0.0
    share = (1 - sqrt(1 - 2 * product)) / 2
    size = sqrt(1 - product * (1 - cos(omega)))
    gain = min(10 ** (-3 / (frequency * decay)) / size, 0.99999)
    lag = atan2(share * sin(omega), 1 - share + share * cos(omega)) / omega
    rest = SAMPLE_RATE / frequency - lag
    whole = int(rest - 0.3)
    part = rest - whole
    return whole, gain, share, sin((1 - part) * omega / 2) / sin((1 + part) * omega / 2)


@kernel
def vibrate(out: NDArray[np.float64], delay: int, gain: float, share: float, allpass: float) -> None:
    """Let a string ring in place: `out` holds the excitation and becomes the sound."""
    before, passed, filtered_before = 0.0, 0.0, 0.0
    for frame in range(delay, len(out)):
        value = out[frame - delay]
        filtered = gain * ((1.0 - share) * value + share * before)
        passed = allpass * (filtered - passed) + filtered_before
        before, filtered_before = value, filtered
        out[frame] += passed
