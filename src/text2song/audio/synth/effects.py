"""What belongs to an instrument after its voices are summed: amplifier, body, cabinet and what swings and turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.synth.amplifier import cabinet, drive
from text2song.audio.synth.equaliser import Band, filter_in_place, sections
from text2song.audio.synth.modulation import phaser, rotary

#: float32, shape (channels, frames), one or two channels. Sums, filters and phases inside the kernels are float64.
Signal = NDArray[np.float32]
#: Slow swings are straight lines between values this many frames apart.
_SWING = 64


@dataclass(frozen=True, slots=True)
class Effects:
    """The chain, in this order; a zero leaves a step out."""

    #: Filters before the amplifier.
    before: tuple[Band, ...] = ()
    #: Gain into the soft clipper (linear), and the offset that makes even harmonics.
    drive: float = 0.0
    bias: float = 0.0
    #: Filters after it: body, formants, tone.
    body: tuple[Band, ...] = ()
    #: A loudspeaker of `cabinets.toml`, "" for none.
    cabinet: str = ""
    phaser_hz: float = 0.0
    phaser_depth: float = 0.8
    #: Turns a second of a rotary loudspeaker.
    rotary_hz: float = 0.0
    rotary_depth: float = 1.0
    chorus_hz: float = 0.0
    chorus_ms: float = 2.0
    #: 0 dry … 1 as much delayed as dry sound.
    chorus_mix: float = 0.5
    #: Level or position swings `tremolo_hz` times a second; depth in 0..1, spread 0 in phase … 1 left against right.
    tremolo_hz: float = 0.0
    tremolo_depth: float = 0.0
    tremolo_spread: float = 0.0
    #: Last gain, linear.
    level: float = 1.0


@kernel
def chorus(signal: Signal, hertz: float, milliseconds: float, mix: float) -> Signal:
    """Return two channels: the dry sound and two delays that swing against each other, left and right."""
    frames = signal.shape[1]
    result = np.empty((2, frames), dtype=np.float32)
    depth = milliseconds * 0.001 * SAMPLE_RATE
    dry = 1 / (1 + 0.6 * mix)
    step, delay = 0.0, 0.0
    for channel in range(2):
        source = min(channel, signal.shape[0] - 1)
        for frame in range(frames):
            if frame % _SWING == 0:
                angle = 2 * np.pi * hertz * frame / SAMPLE_RATE + np.pi * channel
                after = 2 * np.pi * hertz * (frame + _SWING) / SAMPLE_RATE + np.pi * channel
                delay = depth * (2.5 + np.sin(angle))
                step = (depth * (2.5 + np.sin(after)) - delay) / _SWING
            position = frame - delay
            delay += step
            whole = int(np.floor(position))
            part = position - whole
            wet = 0.0
            if whole >= 0:
                wet = signal[source, whole] + part * (signal[source, whole + 1] - signal[source, whole])
            result[channel, frame] = dry * (signal[source, frame] + mix * wet)
    return result


@kernel
def tremolo(signal: Signal, hertz: float, depth: float, spread: float) -> Signal:
    """Return two channels whose levels swing between 1 − depth and 1, `spread` half turns apart."""
    result = np.empty((2, signal.shape[1]), dtype=np.float32)
    for channel in range(2):
        source = min(channel, signal.shape[0] - 1)
        turn = np.pi * spread * channel
        for begin in range(0, signal.shape[1], _SWING):
            phase = 2 * np.pi * hertz * begin / SAMPLE_RATE + turn
            gain = 1 - depth * (0.5 + 0.5 * np.sin(phase))
            after = 1 - depth * (0.5 + 0.5 * np.sin(phase + 2 * np.pi * hertz * _SWING / SAMPLE_RATE))
            for frame in range(begin, min(begin + _SWING, signal.shape[1])):
                result[channel, frame] = signal[source, frame] * (gain + (after - gain) * (frame - begin) / _SWING)
    return result


def finish(signal: Signal, effects: Effects) -> Stereo:
    """Return float32 (frames, 2) of a summed instrument after its chain.

    `signal` is used up, and given back as soon as the next array of the chain is there: ten minutes of two channels are
    200 MB, so nobody else should hold it.
    """
    filter_in_place(signal, sections(effects.before))
    if effects.drive:
        drive(signal, effects.drive, effects.bias)
        # The offset of the curve changes with the level: what is left of it at 0 Hz goes.
        filter_in_place(signal, sections((("highpass", 25.0, 0.0, 0.7),) if effects.bias else ()))
    filter_in_place(signal, sections(effects.body))
    if effects.cabinet:
        signal = cabinet(signal, effects.cabinet)
    if effects.phaser_hz:
        phaser(signal, effects.phaser_hz, effects.phaser_depth)
    if effects.rotary_hz:
        signal = rotary(signal, effects.rotary_hz, effects.rotary_depth)
    if effects.chorus_hz:
        signal = chorus(signal, effects.chorus_hz, effects.chorus_ms, effects.chorus_mix)
    if effects.tremolo_hz:
        signal = tremolo(signal, effects.tremolo_hz, effects.tremolo_depth, effects.tremolo_spread)
    result = np.empty((signal.shape[1], 2), dtype=np.float32)
    np.multiply(signal[0], np.float32(effects.level), out=result[:, 0])
    if len(signal) == 1:
        result[:, 1] = result[:, 0]
    else:
        np.multiply(signal[-1], np.float32(effects.level), out=result[:, 1])
    return result
