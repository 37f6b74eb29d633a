"""Mastering: tonal balance, glue, and a true-peak limiter that arrives at the asked loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.dynamics import Compression, compress, limiter_gains
from text2song.audio.filters import filter_stem, high_shelf, highpass, lowpass
from text2song.audio.instrument import Stereo
from text2song.audio.levelling import SETTLED_DB, Levels, move, moved
from text2song.audio.loudness import (
    SILENCE,
    Loudness,
    gated_loudness,
    hop_energies,
    integrated_loudness,
    mean_square,
    measure,
    peak_envelope,
)
from text2song.audio.tone import OCTAVES, balancing, excite, octave_levels, response_db
from text2song.audio.wear import crackle, run_unevenly
from text2song.domain.composition import MixPlan
from text2song.domain.progress import Progress, silent

_STAGE = "mastering"

#: Kept below the asked ceiling: meters differ by some hundredths, and lossy codecs overshoot.
_MARGIN_DB = 0.15
_TOLERANCE_LU = 0.05
_PASSES = 8
#: The limiter lets through about two thirds of a move of the fader.
_EAGERNESS = 1.5
#: Peaks below this share of the ceiling are not looked at closely: neither drive nor fader will lift them to it.
_FLOOR = 0.5
_LOOKAHEAD_SECONDS = 0.003
_RELEASE_SECONDS = 0.09
_RUMBLE_HZ = 24.0
#: What lies above is not heard, but lifts true peaks and costs lossy codecs their bits.
_TOP_HZ = 19_500.0
_AIR_HZ = 8000.0
#: How many dB darker the top octave may be for each dB of air that the plan takes away.
_DARK_STYLE = 3.0
#: The widest finished sound is 14 dB from power to peak: a song with quiet parts keeps within, whatever the fader's
#: last moves take from its power.
_MOST_CREST_DB = 13.4
#: How far the loudest bars of a usual song want to lie above its mean power, dB.
_USUAL_DB = 0.5
#: Glue: about 1–2 dB on the loud parts, slow enough to let transients through.
_GLUE_OVER_LOUDNESS_DB = 3.0
_GLUE = Compression(0.0, 2.0, attack_seconds=0.025, release_seconds=0.18, knee_db=10.0)


@dataclass(frozen=True, slots=True)
class Master:
    """A finished master and its figures."""

    #: float32 (frames, 2).
    audio: Stereo
    loudness: Loudness


def mastered(mix: Stereo, plan: MixPlan, progress: Progress = silent, levels: Levels | None = None) -> Master:
    """Return the master of `mix` at the plan's loudness (±0.1 LU where its peaks allow) under its true-peak ceiling.

    With `levels` a slow fader before the limiter makes the loudness of the bars, as it leaves the limiter, follow the
    song's energy.

    `mix` is used up. Silence stays silence. Raises `CancelledError` when `progress` does, which is asked between the
    steps.
    """
    _tone(mix, plan)
    loudness = integrated_loudness(mix)
    if loudness <= SILENCE:
        return Master(np.zeros_like(mix), measure(np.zeros_like(mix)))
    progress(_STAGE, 0.25)
    glue = Compression(
        loudness + _GLUE_OVER_LOUDNESS_DB, _GLUE.ratio, _GLUE.attack_seconds, _GLUE.release_seconds, _GLUE.knee_db
    )
    compress(mix, glue)
    run_unevenly(mix, plan.wow_cents)
    if plan.vinyl_db is not None:
        # The surface is heard at its level in the finished master.
        crackle(mix, plan.vinyl_db + integrated_loudness(mix) - plan.lufs)
    limited = _at_loudness(mix, plan, progress, levels)
    progress(_STAGE, 0.95)
    figures = measure(limited)
    # Gain that moves between samples can lift an interpolated peak by some hundredths of a dB.
    over = figures.true_peak_dbtp - (plan.true_peak_dbtp - _MARGIN_DB / 2)
    if over > 0:
        limited *= _gain(-over)
        figures = measure(limited)
    return Master(limited, figures)


def target_db(plan: MixPlan) -> NDArray[np.float64]:
    """Return where the octave bands of a master are to be, dB, the plan's air with them."""
    air = high_shelf(_AIR_HZ, plan.air_db)
    return np.asarray([level + response_db((air,), hertz) for level, hertz in zip(plan.bands_db, OCTAVES, strict=True)])


def _tone(mix: Stereo, plan: MixPlan) -> None:
    air = (high_shelf(_AIR_HZ, plan.air_db),) if plan.air_db else ()
    filter_stem(mix, (highpass(_RUMBLE_HZ), *balancing(octave_levels(mix), plan.bands_db), *air, lowpass(_TOP_HZ)))
    # A style that wants to be dark, such as lo-fi, is left dark.
    excite(mix, plan.air_db * (_DARK_STYLE if plan.air_db < 0 else 1.0), plan.bands_db)


def _at_loudness(audio: Stereo, plan: MixPlan, progress: Progress, levels: Levels | None) -> Stereo:
    """Limit and measure until the loudness is met, and every section's place in it; `audio` is used up.

    Limiting takes loudness away, so the drive grows with what is missing, and the fader where it is missing.
    """
    fader = _levelled(audio, levels)
    audio *= _gain(plan.lufs - integrated_loudness(audio))
    power = 10 * float(np.log10(mean_square(audio)))
    crest = min(plan.crest_db + _above_mean(levels), _MOST_CREST_DB)
    ceiling = float(_gain(min(plan.true_peak_dbtp - _MARGIN_DB, power + crest)))
    peaks = peak_envelope(audio, floor=_FLOOR * ceiling)
    drive = 0.0
    limited = np.empty_like(audio)
    for number in range(_PASSES):
        progress(_STAGE, 0.4 + 0.5 * number / _PASSES)
        # Peaks that grow by the drive under a ceiling are peaks under a ceiling that falls by it.
        gains = limiter_gains(peaks, ceiling / float(_gain(drive)), _LOOKAHEAD_SECONDS, _RELEASE_SECONDS)
        gains *= _gain(drive)
        np.multiply(audio, gains[:, None], out=limited)
        hops = hop_energies(limited)
        missing = plan.lufs - gated_loudness(hops)
        fresh = fader if levels is None else moved(fader, hops, levels, _EAGERNESS)
        settled = float(np.abs(fresh - fader).max(initial=0.0)) < SETTLED_DB
        if number == _PASSES - 1 or (settled and abs(missing) < _TOLERANCE_LU):
            break
        if levels is not None and not settled:
            move(audio, peaks, levels, fresh - fader)
            fader = fresh
        # The deeper the limiting, the less of a rise gets through: overshoot a little to arrive in few passes.
        drive += missing * (1.25 if missing > 0 else 1.0)
    return limited


def _above_mean(levels: Levels | None) -> float:
    """Return how far, dB, the peaks of a song of wide dynamics may pass what its style has: loud parts keep theirs."""
    if levels is None:
        return 0.0
    return max(0.0, -10 * float(np.log10(np.average(levels.powers, weights=np.diff(levels.edges)))) - _USUAL_DB)


def _levelled(audio: Stereo, levels: Levels | None) -> NDArray[np.float64]:
    """Move the fader to where it would be right without a limiter, in place, and return where that is."""
    if levels is None:
        return np.zeros(0)
    still = np.zeros(levels.powers.size)
    fader = moved(still, hop_energies(audio), levels)
    move(audio, np.empty(audio.shape[0], np.float32), levels, fader)
    return fader


def _gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))
