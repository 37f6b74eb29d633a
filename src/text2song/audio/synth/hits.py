"""Layers of a drum sound: swept tones, filtered noise in bursts, rings of square waves, membranes and cymbals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.equaliser import Band, equalise
from text2song.audio.synth.modal import ring
from text2song.audio.synth.noise import seed_of, white

Signal = NDArray[np.float64]
_HIGHEST_HZ = 20_000.0


@dataclass(frozen=True, slots=True)
class Layer:
    """One ingredient of a hit; times in milliseconds, decays to −60 dB."""

    #: "tone", "noise", "metal", "modes" or "cymbal".
    kind: str
    level: float = 1.0
    #: Share of the level that a soft stroke keeps.
    soft: float = 0.6
    attack: float = 0.3
    #: Time at full level before the decay.
    hold: float = 0.0
    decay: float = 200.0
    #: Tone, lowest mode, or lowest square wave.
    hz: float = 200.0
    #: The tone starts this much higher and loses 1/e of it in `sweep_time`; a second, faster fall is the click.
    sweep: float = 0.0
    sweep_time: float = 20.0
    snap: float = 0.0
    snap_time: float = 3.0
    #: Gain into a soft clipper, 0 for none.
    drive: float = 0.0
    #: Frequencies of metal and modes over `hz`.
    ratios: tuple[float, ...] = ()
    #: Cymbal: number of partials between `hz` and `top`.
    partials: int = 60
    top: float = 14_000.0
    #: Start times of further bursts: hand claps.
    bursts: tuple[float, ...] = ()
    filters: tuple[Band, ...] = ()

    def render(self, seed: int, tune: float, stretch: float) -> Signal:
        """Return the layer, tuned `tune` semitones away and with `stretch` times the decay."""
        decay = self.decay * stretch
        frames = int((self.attack + self.hold + decay * 1.1 + max(self.bursts, default=0.0)) * 0.001 * SAMPLE_RATE)
        source = self._source(frames // 8 * 8 + 8, seed, self.hz * 2 ** (tune / 12), decay)
        if self.drive:
            source = np.tanh(self.drive * source) / np.tanh(self.drive)
        return self.level * equalise(source * self._envelope(len(source), decay), self.filters)

    def _source(self, frames: int, seed: int, hertz: float, decay: float) -> Signal:
        if self.kind == "noise":
            return white(seed, frames)
        if self.kind == "tone":
            return self._tone(frames, hertz)
        rows = {"metal": self._squares, "modes": self._membrane, "cymbal": self._cymbal}[self.kind](hertz, seed, decay)
        out = np.zeros(frames)
        ring(out, rows[rows[:, 0] < _HIGHEST_HZ])
        return out

    def _tone(self, frames: int, hertz: float) -> Signal:
        time = np.arange(frames) / SAMPLE_RATE * 1000
        frequency = hertz * (
            1 + self.sweep * np.exp(-time / self.sweep_time) + self.snap * np.exp(-time / self.snap_time)
        )
        phase = np.cumsum(frequency) / SAMPLE_RATE
        return np.asarray(np.sin(2 * np.pi * (phase - phase[0])))

    def _squares(self, hertz: float, seed: int, decay: float) -> Signal:
        del seed, decay
        odd = np.arange(1, 200, 2, dtype=np.float64)
        rows = [np.stack([hertz * ratio * odd, 1 / odd, np.full_like(odd, 1e3)], axis=1) for ratio in self.ratios]
        return np.concatenate(rows) / len(self.ratios)

    def _membrane(self, hertz: float, seed: int, decay: float) -> Signal:
        del seed
        ratios = np.array(self.ratios or (1.0, 1.59, 2.14, 2.3, 2.65, 2.92))
        # The envelope gives the decay of the lowest mode; the others are shorter by their frequency.
        seconds = decay / 6910 / np.maximum(ratios - 1, 1e-3)
        return np.stack([hertz * ratios, ratios**-1.2, np.minimum(seconds, 1e3)], axis=1)

    def _cymbal(self, hertz: float, seed: int, decay: float) -> Signal:
        del seed
        spread = (white(seed_of("cymbal", self.partials), self.partials) + 1) / 2
        places = (np.arange(self.partials) + spread) / self.partials
        frequency = hertz * (self.top / self.hz) ** places
        level = (0.4 + spread[::-1]) / np.sqrt(self.partials)
        return np.stack([frequency, level, decay / 6910 * (hertz / frequency) ** 0.25 * 2], axis=1)

    def _envelope(self, frames: int, decay: float) -> Signal:
        time = np.arange(frames) / SAMPLE_RATE * 1000
        # All but the last burst of a clap are short.
        shape = _stroke(time, self.attack, self.hold, 0.2 * decay if self.bursts else decay)
        for index, start in enumerate(self.bursts):
            length = decay if index + 1 == len(self.bursts) else 0.2 * decay
            shape = np.maximum(shape * (time < start), _stroke(time - start, self.attack, 0.0, length))
        return shape


def _stroke(time: Signal, attack: float, hold: float, decay: float) -> Signal:
    rise = np.clip(time / max(attack, 0.02), 0.0, 1.0)
    fall = np.exp(-6.91 * np.maximum(time - attack - hold, 0.0) / decay)
    end = np.clip((attack + hold + decay * 1.08 - time) / (0.05 * decay), 0.0, 1.0)
    return np.asarray(rise * fall * end * (time >= 0))


@dataclass(frozen=True, slots=True)
class Room:
    """The air of the room that every hit of a kit was recorded in."""

    level: float = 0.0
    #: Reverberation time, ms; a gate ends it at `gate` ms where that is not 0.
    decay: float = 350.0
    gate: float = 0.0
    highest_hz: float = 7000.0
    lowest_hz: float = 150.0

    def around(self, hit: Signal, seed: int) -> Signal:
        """Return the hit with the room after it."""
        if not self.level:
            return hit
        length = self.gate or self.decay
        time = np.arange(int(length * 0.001 * SAMPLE_RATE)) / SAMPLE_RATE * 1000
        tail = white(seed, len(time)) * np.exp(-6.91 * time / self.decay) * np.clip((length - time) / 15, 0, 1)
        tail[: int(0.006 * SAMPLE_RATE)] = 0.0
        tail = equalise(tail, (("lowpass", self.highest_hz, 0, 0.6), ("highpass", self.lowest_hz, 0, 0.6)))
        tail *= self.level / np.sqrt(np.sum(tail**2))
        wet = np.asarray(fftconvolve(hit, tail), dtype=np.float64)
        wet[: len(hit)] += hit
        return wet


def padded_sum(signals: list[Signal]) -> Signal:
    """Return the sum of signals of different lengths."""
    total = np.zeros(max(len(signal) for signal in signals))
    for signal in signals:
        total[: len(signal)] += signal
    return total
