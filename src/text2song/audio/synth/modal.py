"""Struck bars, bells, strings and skins as sums of decaying partials: mallets, pianos, timpani.

Strings follow Fletcher's inharmonicity and decay in two stages, prompt and after-sound (Weinreich 1977); bars and bells
list their own ratios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel
from text2song.audio.synth.equaliser import equalise
from text2song.audio.synth.noise import seed_of, white
from text2song.audio.synth.struck import Strike

#: Partials are rung eight frames at a time, in eight independent rotations.
_LANES = 8
_SILENT = 2e-5


@dataclass(frozen=True, slots=True)
class Modes:
    """The partials of one instrument and what strikes them; times in seconds to −60 dB, at middle C."""

    #: Frequencies, amplitudes and relative decay times of the partials; without any, `harmonics` of a stiff string.
    ratios: tuple[float, ...] = ()
    amplitudes: tuple[float, ...] = ()
    decays: tuple[float, ...] = ()
    harmonics: int = 0
    #: Fall of the amplitudes: partial n has n^−slope.
    slope: float = 0.8
    #: Where the hammer meets the string, as a share of its length.
    position: float = 0.12
    #: B of f(n) = n·f·√(1 + B·n²) at middle C.
    stiffness: float = 0.0
    decay: float = 6.0
    #: Octaves of shortening per octave of pitch.
    decay_track: float = 0.6
    #: Frequency whose partials decay twice as fast as the lowest.
    damping_hz: float = 2500.0
    #: Share of the sound that decays slowly, four times as long, a little out of tune.
    after: float = 0.0
    after_cents: float = 0.4
    #: Brightness of the soft and the hard layer: partials fall by e at this frequency.
    soft_hz: float = 1200.0
    hard_hz: float = 6000.0
    knock: float = 0.0
    knock_hz: float = 1500.0
    knock_ms: float = 8.0
    #: Keyboard from left to right: 0 centre … 1 the whole field.
    width: float = 0.0
    longest: float = 6.0
    variants: int = 1

    def strike(self, pitch: int, variant: int) -> Strike:
        """Return the soft and the hard layer of a key."""
        frequency = 440.0 * 2 ** ((pitch - 69) / 12)
        layers = [self._layer(frequency, hertz) for hertz in (self.soft_hz, self.hard_hz)]
        frames = max(layer.shape[0] for layer in layers)
        strike = np.zeros((2, frames), dtype=np.float32)
        for row, layer, share in zip(strike, layers, (0.4, 1.0), strict=True):
            row[: len(layer)] = layer / loudness(layer)
            burst = self._burst(seed_of("knock", pitch, variant))[:frames]
            row[: len(burst)] += (self.knock * share * burst).astype(np.float32)
        return strike

    def place(self, pitch: int) -> float:
        """Return the place of a key across the keyboard."""
        return max(-1.0, min(1.0, self.width * (pitch - 64) / 44))

    def choked_by(self, pitch: int) -> frozenset[int]:
        """Return the key itself: striking it again stops what it rings."""
        return frozenset({pitch})

    def partials(self, frequency: float, cut: float) -> NDArray[np.float64]:
        """Return rows of frequency in Hz, amplitude and seconds to 1/e, all below the hearing limit."""
        ratios, amplitudes, decays = self._spectrum(frequency)
        hertz = ratios * frequency
        track = 2.0 ** (-self.decay_track * np.log2(frequency / 261.63))
        seconds = self.decay * track * decays / (1 + hertz / self.damping_hz) / 6.91
        amplitudes = amplitudes * np.exp(-np.maximum(hertz - frequency, 0.0) / cut)
        heard = (hertz < 0.45 * SAMPLE_RATE) & (np.abs(amplitudes) > 1e-4)
        rows = np.stack([hertz, amplitudes, seconds], axis=1)[heard]
        if not self.after:
            return rows
        later = rows * (2 ** (self.after_cents / 1200), self.after, 4.0)
        return np.concatenate([rows * (1.0, 1 - self.after, 1.0), later])

    def _spectrum(self, frequency: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        if self.ratios:
            ratios = np.array(self.ratios)
            return ratios, np.array(self.amplitudes), np.array(self.decays or [1.0] * len(ratios))
        number = np.arange(1, self.harmonics + 1, dtype=np.float64)
        # Short strings are stiffer for their length: about twice the B every eight semitones.
        stiffness = self.stiffness * 2 ** (1.5 * np.log2(frequency / 261.63))
        ratios = number * np.sqrt((1 + stiffness * number**2) / (1 + stiffness))
        amplitudes = number**-self.slope * np.sin(np.pi * number * self.position)
        return ratios, amplitudes, np.ones_like(number)

    def _layer(self, frequency: float, cut: float) -> NDArray[np.float64]:
        rows = self.partials(frequency, cut)
        seconds = min(self.longest, float(np.max(rows[:, 2])) * 9)
        out = np.zeros(int(seconds * SAMPLE_RATE) // _LANES * _LANES)
        ring(out, rows)
        # The hammer stays on the string for a moment: no edge at the start. The end is let down where it is cut off.
        rise, fall = 44, min(4410, len(out) // 2)
        out[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
        out[-fall:] *= np.linspace(1, 0, fall)
        return out

    def _burst(self, seed: int) -> NDArray[np.float64]:
        frames = int(self.knock_ms * 0.008 * SAMPLE_RATE)
        time = np.arange(frames) / SAMPLE_RATE
        envelope = np.exp(-time / (self.knock_ms * 0.001)) * (1 - np.exp(-time / 0.0004))
        return equalise(white(seed, frames) * envelope, (("bandpass", self.knock_hz, 0.0, 0.8),))


def loudness(layer: NDArray[np.float64]) -> float:
    """Return the RMS of the first quarter of a second over 0.12, so that every key of an instrument is as loud."""
    return float(np.sqrt(np.mean(layer[: SAMPLE_RATE // 4] ** 2)) / 0.12) or 1.0


@kernel
def ring(out: NDArray[np.float64], partials: NDArray[np.float64]) -> None:
    """Add decaying sines to `out` (frames, a multiple of eight); rows of frequency, amplitude, seconds to 1/e."""
    real, imaginary = np.zeros(_LANES), np.zeros(_LANES)
    for index in range(len(partials)):
        omega = 2 * np.pi * partials[index, 0] / SAMPLE_RATE
        amplitude, shrink = partials[index, 1], np.exp(-1.0 / (partials[index, 2] * SAMPLE_RATE))
        for lane in range(_LANES):
            size = amplitude * shrink**lane
            real[lane], imaginary[lane] = size * np.cos(omega * lane), size * np.sin(omega * lane)
        cosine, sine = shrink**_LANES * np.cos(omega * _LANES), shrink**_LANES * np.sin(omega * _LANES)
        audible = np.log(max(abs(amplitude) / _SILENT, 1.0)) * partials[index, 2] * SAMPLE_RATE
        for begin in range(0, min(len(out), int(audible)) // _LANES * _LANES, _LANES):
            for lane in range(_LANES):
                out[begin + lane] += imaginary[lane]
                turned = real[lane] * cosine - imaginary[lane] * sine
                imaginary[lane] = real[lane] * sine + imaginary[lane] * cosine
                real[lane] = turned
