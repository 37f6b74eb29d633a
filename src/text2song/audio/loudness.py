"""Loudness, true peak and loudness range as broadcasters measure them (ITU-R BS.1770-5, EBU Tech 3341 and 3342)."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

#: What stands for the loudness or the peak of silence, in LUFS or dB.
SILENCE = -120.0

#: Loudness is measured in hops of this many frames (100 ms): 4 make a momentary block, 30 a short-term one.
HOP = SAMPLE_RATE // 10

_ABSOLUTE_GATE = -70.0
_OFFSET = -0.691
_PHASES = 4
_TAPS = 24
#: Frames whose peaks are looked for at a time, and those that are skipped together if they are quiet.
_PIECE, _NEAR = 1 << 19, 48
#: Kernels release the interpreter lock, so two pieces are looked at side by side.
_THREADS = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loudness:
    """The loudness figures of one piece of audio."""

    #: Integrated, gated, LUFS.
    integrated: float
    #: Highest short-term (3 s) loudness, LUFS.
    short_term_max: float
    #: Loudness range, LU.
    range: float
    true_peak_dbtp: float
    #: Peak over RMS of the louder channel, dB.
    crest_db: float


def measure(audio: Stereo, energies: Floats | None = None) -> Loudness:
    """Return every figure of `audio`, float32 (frames, 2); silence gives `SILENCE` and a range of 0.

    `energies` are its `hop_energies`, if they are known.
    """
    energies = hop_energies(audio) if energies is None else energies
    curve = block_loudness(energies, 30)
    return Loudness(
        integrated=gated_loudness(energies),
        short_term_max=float(curve.max(initial=SILENCE)),
        range=loudness_range(curve),
        true_peak_dbtp=true_peak(audio),
        crest_db=crest(audio),
    )


def integrated_loudness(audio: Stereo) -> float:
    """Return the integrated loudness of `audio` in LUFS; `SILENCE` when nothing passes the gate."""
    return gated_loudness(hop_energies(audio))


def hop_energies(audio: Stereo) -> Floats:
    """Return the K-weighted power per hop of 100 ms, summed over channels; a rest shorter than a hop is left out.

    Audio shorter than one momentary block (400 ms) is padded with silence to that length.
    """
    short = 4 * HOP - audio.shape[0]
    padded = np.pad(audio, ((0, short), (0, 0))) if short > 0 else audio
    energies = _k_weighted(np.ascontiguousarray(padded, dtype=np.float32), _K_SECTIONS, HOP, padded.shape[0] // HOP)
    return np.asarray(energies[0] / HOP)


def block_energies(audio: Stereo, block: int) -> Floats:
    """Return the energy of each block of so many frames, the last one maybe shorter: float64 (2, blocks).

    Both channels summed; the first row K-weighted, the second as it is.
    """
    blocks = -(-audio.shape[0] // block)
    return _k_weighted(np.ascontiguousarray(audio, dtype=np.float32), _K_SECTIONS, block, blocks)


def block_loudness(energies: Floats, hops: int) -> Floats:
    """Return the loudness in LUFS of every block of `hops` hops, one block per hop (100 ms)."""
    if energies.shape[0] < hops:
        return np.empty(0)
    sums = np.cumsum(np.concatenate((np.zeros(1), energies)))
    return _to_lufs((sums[hops:] - sums[:-hops]) / hops)


def gated_loudness(energies: Floats) -> float:
    """Return the loudness in LUFS of hop energies with the absolute (−70 LUFS) and relative (−10 LU) gates."""
    momentary = block_loudness(energies, 4)
    loud = momentary[momentary > _ABSOLUTE_GATE]
    if loud.size == 0:
        return SILENCE
    kept = loud[loud > _mean_loudness(loud) - 10.0]
    return _mean_loudness(kept)


def loudness_range(short_term: Floats) -> float:
    """Return the loudness range in LU of a short-term curve: 95th minus 10th percentile of what passes the gates."""
    loud = short_term[short_term > _ABSOLUTE_GATE]
    if loud.size < 2:
        return 0.0
    kept = loud[loud > _mean_loudness(loud) - 20.0]
    low, high = np.percentile(kept, (10, 95))
    return float(high - low)


def crest(audio: Stereo) -> float:
    """Return peak over RMS in dB, both over the two channels together; 0 for silence."""
    peak = max(float(audio.max(initial=0.0)), -float(audio.min(initial=0.0)))
    power = mean_square(audio)
    return float(20 * np.log10(peak) - 10 * np.log10(power)) if peak > 0 else 0.0


def mean_square(audio: Stereo) -> float:
    """Return the mean power of both channels together; 0 for nothing."""
    flat = audio.reshape(-1)
    sums = [np.square(flat[start : start + _PIECE], dtype=np.float64).sum() for start in range(0, flat.size, _PIECE)]
    return float(np.sum(sums)) / flat.size if flat.size else 0.0


def true_peak(audio: Stereo) -> float:
    """Return the true peak in dBTP, by four-times oversampling; `SILENCE` for silence."""
    peak = float(peak_envelope(audio, floor=0.0).max(initial=0.0))
    return max(SILENCE, 20 * float(np.log10(peak))) if peak > 0 else SILENCE


def peak_envelope(audio: Stereo, floor: float) -> NDArray[np.float32]:
    """Return per frame the true peak of both channels from that frame up to the next, float32 (frames,).

    Where the neighbourhood is so quiet that no interpolated value can pass `floor`, the sample peak stands instead;
    with `floor` 0 only the greatest value of all is exact.
    """
    # No true peak is lower than the sample peak, so a meter may skip all that cannot reach it.
    least = floor if floor > 0 else max(float(audio.max(initial=0.0)), -float(audio.min(initial=0.0)))
    out = np.empty(audio.shape[0], np.float32)

    def look(start: int) -> None:
        end = min(start + _PIECE, audio.shape[0])
        out[start:end] = _peaks(_padded(audio, start, end), _INTERPOLATORS, np.float32(least / _BOUND))

    with ThreadPoolExecutor(_THREADS) as pool:
        deque(pool.map(look, range(0, audio.shape[0], _PIECE)), maxlen=0)
    return out


def _padded(audio: Stereo, start: int, end: int) -> NDArray[np.float32]:
    """Return a piece with half the filter's length on either side, channel by channel: neighbours in memory."""
    half = _TAPS // 2
    first, last = max(0, start - half), min(audio.shape[0], end + half)
    padded = np.zeros((2, end - start + _TAPS), np.float32)
    padded[:, first - start + half : last - start + half] = audio[first:last].T
    return padded


def _mean_loudness(blocks: Floats) -> float:
    return float(_to_lufs(np.asarray([np.mean(10 ** ((blocks - _OFFSET) / 10))]))[0])


def _to_lufs(power: Floats) -> Floats:
    floor = 10 ** ((SILENCE - _OFFSET) / 10)
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, floor)))


def _k_sections() -> Floats:
    """Return the K-weighting as two biquads (b0, b1, b2, a1, a2) at `SAMPLE_RATE`.

    The analogue prototypes whose bilinear transform at 48 kHz gives the table of BS.1770: a shelf of +4 dB and a
    high-pass at 38 Hz (the same derivation libebur128 documents).
    """
    k = np.tan(np.pi * 1681.974450955533 / SAMPLE_RATE)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0]
    shelf += [2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    k = np.tan(np.pi * 38.13547087602444 / SAMPLE_RATE)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    return np.asarray([shelf, [1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]])


def _interpolators() -> NDArray[np.float32]:
    """Return the three fractional phases (1/4, 1/2, 3/4) of a Kaiser-windowed sinc, float32 (3, taps)."""
    prototype = _PHASES * firwin(_PHASES * _TAPS + 1, 1.0 / _PHASES, window=("kaiser", 5.0))
    # Phase p holds every fourth coefficient, time-reversed so that the kernel may walk forward.
    phases = [prototype[phase : _PHASES * _TAPS : _PHASES][::-1] for phase in range(1, _PHASES)]
    scaled = [phase / phase.sum() for phase in phases]
    return np.ascontiguousarray(scaled, dtype=np.float32)


_K_SECTIONS = _k_sections()
_INTERPOLATORS = _interpolators()
_BOUND = float(np.abs(_INTERPOLATORS).sum(axis=1).max())


@kernel
def _k_weighted(audio: Stereo, sections: Floats, block: int, blocks: int) -> Floats:
    """Return the energy of so many blocks, K-weighted and plain."""
    energies = np.zeros((2, blocks))
    b0, b1, b2, a1, a2 = sections[0]
    c0, c1, c2, d1, d2 = sections[1]
    p1 = p2 = q1 = q2 = r1 = r2 = s1 = s2 = 0.0
    for index in range(blocks):
        total = plain = 0.0
        for frame in range(index * block, min((index + 1) * block, audio.shape[0])):
            # Both channels in one pass: the processor works on them side by side.
            left, right = np.float64(audio[frame, 0]), np.float64(audio[frame, 1])
            y, z = b0 * left + p1, b0 * right + q1
            p1, q1 = (b1 * left + p2) - a1 * y, (b1 * right + q2) - a1 * z
            p2, q2 = b2 * left - a2 * y, b2 * right - a2 * z
            v, w = c0 * y + r1, c0 * z + s1
            r1, s1 = (c1 * y + r2) - d1 * v, (c1 * z + s2) - d1 * w
            r2, s2 = c2 * y - d2 * v, c2 * z - d2 * w
            total += v * v + w * w
            plain += left * left + right * right
        # Keeps the filters' memory of silence out of the slow range of tiny numbers.
        p1, q1, p2, q2 = p1 + 1e-30, q1 + 1e-30, p2 + 1e-30, q2 + 1e-30
        r1, s1, r2, s2 = r1 + 1e-30, s1 + 1e-30, r2 + 1e-30, s2 + 1e-30
        energies[0, index], energies[1, index] = total, plain
    return energies


@kernel
def _peaks(padded: NDArray[np.float32], phases: NDArray[np.float32], quiet: np.float32) -> NDArray[np.float32]:
    frames = padded.shape[1] - _TAPS
    out = np.zeros(frames, np.float32)
    sums = np.zeros(_NEAR, np.float32)
    for channel in range(2):
        row = padded[channel]
        for start in range(0, frames, _NEAR):
            size = min(_NEAR, frames - start)
            loudest = np.float32(0.0)
            for index in range(start, start + size + _TAPS):
                loudest = max(loudest, abs(row[index]))
            for frame in range(size):
                out[start + frame] = max(out[start + frame], abs(row[start + frame + _TAPS // 2]))
            # The loudest sample of the block and its neighbours bounds every value between them.
            if loudest <= quiet:
                continue
            for phase in range(phases.shape[0]):
                _interpolate(row[start + 1 : start + size + _TAPS], phases[phase], sums[:size])
                for frame in range(size):
                    out[start + frame] = max(out[start + frame], abs(sums[frame]))
    return out


@kernel
def _interpolate(row: NDArray[np.float32], weights: NDArray[np.float32], sums: NDArray[np.float32]) -> None:
    """Set `sums` to what lies between the samples of `row`."""
    sums[:] = 0.0
    for tap in range(0, _TAPS, 4):
        a, b, c, d = weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]
        near = row[tap : tap + sums.shape[0] + 3]
        # Frame by frame inside, four taps at once: this order runs as vectors, and sums are seldom fetched.
        for frame in range(sums.shape[0]):
            sums[frame] += (a * near[frame] + b * near[frame + 1]) + (c * near[frame + 2] + d * near[frame + 3])
