"""Loudness, true peak and loudness range as broadcasters measure them (ITU-R BS.1770-5, EBU Tech 3341 and 3342)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.peaks import peak_envelope
from text2song.audio.weighting import BLOCK, Floats, block_energies

#: What stands for the loudness or the peak of silence, in LUFS or dB.
SILENCE = -120.0

#: Loudness is measured in hops of this many frames (100 ms): 4 make a momentary block, 30 a short-term one.
HOP = SAMPLE_RATE // 10

_ABSOLUTE_GATE = -70.0
_OFFSET = -0.691
#: Samples squared at a time.
_PIECE = 1 << 19


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


def measure(audio: Stereo) -> Loudness:
    """Return every figure of `audio`, float32 (frames, 2); silence gives `SILENCE` and a range of 0."""
    return figures(hop_energies(audio), true_peak(audio), crest(audio))


def figures(energies: Floats, true_peak_dbtp: float, crest_db: float) -> Loudness:
    """Return all figures of a sound whose `hop_energies`, true peak and crest are known."""
    curve = block_loudness(energies, 30)
    return Loudness(
        integrated=gated_loudness(energies),
        short_term_max=float(curve.max(initial=SILENCE)),
        range=loudness_range(curve),
        true_peak_dbtp=true_peak_dbtp,
        crest_db=crest_db,
    )


def integrated_loudness(audio: Stereo) -> float:
    """Return the integrated loudness of `audio` in LUFS; `SILENCE` when nothing passes the gate."""
    return gated_loudness(hop_energies(audio))


def hop_energies(audio: Stereo) -> Floats:
    """Return the K-weighted power per hop of 100 ms, summed over channels; a rest shorter than a hop is left out.

    Audio shorter than one momentary block (400 ms) is padded with silence to that length.
    """
    short = 4 * HOP - audio.shape[0]
    return hops_of(block_energies(np.pad(audio, ((0, short), (0, 0))) if short > 0 else audio)[0])


def hops_of(weighted: Floats) -> Floats:
    """Return the power per hop of what `block_energies` found; hops that are not whole are left out, but for four."""
    each = HOP // BLOCK
    whole = max(4, weighted.size // each) * each
    padded = np.pad(weighted[:whole], (0, max(0, whole - weighted.size)))
    return np.asarray(padded.reshape(-1, each).sum(axis=1) / HOP)


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
    peak = float(peak_envelope(audio).max(initial=0.0))
    return max(SILENCE, 20 * float(np.log10(peak))) if peak > 0 else SILENCE


def _mean_loudness(blocks: Floats) -> float:
    return float(_to_lufs(np.asarray([np.mean(10 ** ((blocks - _OFFSET) / 10))]))[0])


def _to_lufs(power: Floats) -> Floats:
    floor = 10 ** ((SILENCE - _OFFSET) / 10)
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, floor)))
