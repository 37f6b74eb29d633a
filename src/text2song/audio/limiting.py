"""The end of the master: a fader that follows the energy, and a limiter that arrives at the asked loudness.

What the limiter takes depends on its drive and on the fader, and both on what it takes: a loop. It is closed on blocks
of a millisecond, where a round costs a hundredth of what it would on the samples; then fader and limiter run over the
sound once, and the drive is put right by what is measured there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.coarse import Blocks, block_gains, block_peaks
from text2song.audio.dynamics import limiter_gains
from text2song.audio.gain import STEP, in_blocks, points, sweep, turned
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.levelling import SETTLED_DB, Levels, fader_gains, moved
from text2song.audio.loudness import gated_loudness, hops_of
from text2song.audio.peaks import peak_envelope
from text2song.audio.weighting import BLOCK, Floats
from text2song.domain.composition import MixPlan
from text2song.domain.progress import Progress

#: Kept below the asked ceiling: meters differ by some hundredths, and lossy codecs overshoot.
MARGIN_DB = 0.15
#: How near the loudness is to be when it is sought, and when it is measured.
_SOUGHT_LU, _TOLERANCE_LU = 0.02, 0.05
#: The most rounds of the search, and the most times the limiter runs over the sound.
_ROUNDS, _PASSES = 24, 4
#: The limiter lets through about two thirds of a move of the fader.
_EAGERNESS = 1.5
#: The deeper the limiting, the less of a rise gets through: overshoot a little to arrive in few passes.
_OVERSHOOT = 1.25
#: Nothing is driven further, dB: what is not loud enough then has no more to give.
_MOST_DRIVE_DB = 30.0
#: Frames, and blocks as near to them as may be.
_LOOKAHEAD, _LOOKAHEAD_BLOCKS = 132, 3
_RELEASE_SECONDS = 0.09
#: The widest finished sound is 14 dB from power to peak: a song with quiet parts keeps within, whatever the fader's
#: last moves take from its power.
_MOST_CREST_DB = 13.4
#: How far the loudest bars of a usual song want to lie above its mean power, dB.
_USUAL_DB = 0.5
_STAGE = "mastering"


@dataclass(frozen=True, slots=True)
class Limited:
    """A song under its ceiling."""

    #: float32 (frames, 2).
    audio: Stereo
    #: As of `weighting.block_energies`, (2, blocks).
    energies: Floats
    #: The greatest sample.
    peak: float


@dataclass(frozen=True, slots=True)
class _Task:
    """What goes into the limiter, and under which ceiling, linear; `levels` are what the fader follows."""

    blocks: Blocks
    #: True peaks of the blocks.
    peaks: Floats
    ceiling: float
    lufs: float
    levels: Levels | None


def at_loudness(
    audio: Stereo, energies: Floats, curve: Floats, plan: MixPlan, progress: Progress, levels: Levels | None
) -> Limited:
    """Return `audio`, once it is turned by `curve`, limited at the plan's loudness with its bars in their places.

    `energies` are those of `audio`, as of `weighting.block_energies`, before the curve (`audio.gain`), which is used
    up. Limiting takes loudness away, so the drive grows with what is missing, and the fader where it is missing.
    """
    frames = audio.shape[0]
    blocks = Blocks(frames, *energies).turned(in_blocks(curve))
    # Where the fader would be right without a limiter.
    fader = np.zeros(0) if levels is None else moved(np.zeros(levels.powers.size), blocks.hops, levels)
    blocks = blocks.turned(_block_gains(blocks, levels, fader))
    gain = _gain(plan.lufs - gated_loudness(blocks.hops))
    blocks = blocks.turned(np.asarray(gain))
    curve *= gain * _fader(frames, levels, fader)
    progress(_STAGE, 0.45)
    peaks = peak_envelope(audio)
    progress(_STAGE, 0.6)
    loudest = block_peaks(peaks) * in_blocks(curve)
    task = _Task(blocks, loudest, _ceiling(blocks.power, plan, levels), plan.lufs, levels)
    by, drive = _sought(task, fader)
    curve *= _fader(frames, levels, by)
    # Gain that moves slowly moves what lies between two samples as it moves the samples.
    sweep(peaks, curve)
    progress(_STAGE, 0.7)
    return _driven(audio, peaks, curve, task, drive, progress)


def _ceiling(power: float, plan: MixPlan, levels: Levels | None) -> float:
    """Return the greatest peak that the plan lets a song of that power have."""
    crest = min(plan.crest_db + _above_mean(levels), _MOST_CREST_DB)
    return _gain(min(plan.true_peak_dbtp - MARGIN_DB, 10 * float(np.log10(power)) + crest))


def _above_mean(levels: Levels | None) -> float:
    """Return how far, dB, the peaks of a song of wide dynamics may pass what its style has: loud parts keep theirs."""
    if levels is None:
        return 0.0
    return max(0.0, -10 * float(np.log10(np.average(levels.powers, weights=np.diff(levels.edges)))) - _USUAL_DB)


def _sought(task: _Task, start: Floats) -> tuple[Floats, float]:
    """Return by how much, dB per bar, the fader is to move from `start`, and the drive, dB, that suits."""
    fader, drive = start, 0.0
    for _ in range(_ROUNDS):
        by = _block_gains(task.blocks, task.levels, fader - start) * _gain(drive)
        held = block_gains(task.peaks * by, task.ceiling, _LOOKAHEAD_BLOCKS, _RELEASE_SECONDS)
        hops = hops_of(task.blocks.weighted * np.square(by * held))
        missing = task.lufs - gated_loudness(hops)
        fresh = fader if task.levels is None else moved(fader, hops, task.levels, _EAGERNESS)
        settled = float(np.abs(fresh - fader).max(initial=0.0)) < SETTLED_DB
        if settled and abs(missing) < _SOUGHT_LU:
            break
        fader = fader if settled else fresh
        drive = _driven_on(drive, missing)
    return fader - start, drive


def _driven(
    audio: Stereo, peaks: NDArray[np.float32], curve: Floats, task: _Task, drive: float, progress: Progress
) -> Limited:
    """Limit at a drive and measure, again while the loudness is not met."""
    out = np.empty_like(audio)
    lookahead = _LOOKAHEAD / SAMPLE_RATE
    for number in range(_PASSES):
        # Peaks that grow by the drive under a ceiling are peaks under a ceiling that falls by it.
        held = limiter_gains(peaks, task.ceiling / _gain(drive), lookahead, _RELEASE_SECONDS)
        energies, peak = turned(audio, held, curve * _gain(drive), out)
        missing = task.lufs - gated_loudness(hops_of(energies[0]))
        if abs(missing) < _TOLERANCE_LU:
            break
        progress(_STAGE, 0.8 + 0.15 * number / _PASSES)
        drive = _driven_on(drive, missing)
    return Limited(out, energies, peak)


def _driven_on(drive: float, missing: float) -> float:
    """Return the next drive, dB, when at `drive` so much is missing."""
    return min(_MOST_DRIVE_DB, drive + missing * (_OVERSHOOT if missing > 0 else 1.0))


def _fader(frames: int, levels: Levels | None, by: Floats) -> Floats:
    """Return the curve of a fader at `by` dB per bar."""
    return np.ones(1) if levels is None else fader_gains(levels, by, STEP, points(frames))


def _block_gains(blocks: Blocks, levels: Levels | None, by: Floats) -> Floats:
    if levels is None:
        return np.ones(1)
    edges = fader_gains(levels, by, BLOCK, blocks.plain.size + 1)
    return (edges[1:] + edges[:-1]) / 2


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))
