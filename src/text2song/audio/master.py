"""Mastering: tonal balance, glue, and a true-peak limiter that arrives at the asked loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.dynamics import Compression, compress
from text2song.audio.filters import filter_stem, high_shelf, highpass, lowpass
from text2song.audio.instrument import Stereo
from text2song.audio.levelling import Levels
from text2song.audio.limiting import MARGIN_DB, at_loudness
from text2song.audio.loudness import SILENCE, Loudness, integrated_loudness, measure
from text2song.audio.tone import OCTAVES, balancing, excite, octave_levels, response_db
from text2song.audio.wear import crackle, run_unevenly
from text2song.domain.composition import MixPlan
from text2song.domain.progress import Progress, silent

_STAGE = "mastering"

_RUMBLE_HZ = 24.0
#: What lies above is not heard, but lifts true peaks and costs lossy codecs their bits.
_TOP_HZ = 19_500.0
_AIR_HZ = 8000.0
#: How many dB darker the top octave may be for each dB of air that the plan takes away.
_DARK_STYLE = 3.0
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
    limited, hops = at_loudness(mix, plan, progress, levels)
    progress(_STAGE, 0.95)
    figures = measure(limited, hops)
    # Gain that moves between samples can lift an interpolated peak by some hundredths of a dB.
    over = figures.true_peak_dbtp - (plan.true_peak_dbtp - MARGIN_DB / 2)
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


def _gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))
