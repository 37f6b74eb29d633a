"""Mastering: tonal balance, glue, and a true-peak limiter that arrives at the asked loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.dynamics import Compression, compression_curve
from text2song.audio.equalising import Equalised, equalise
from text2song.audio.filters import high_shelf, highpass, lowpass
from text2song.audio.gain import sweep
from text2song.audio.instrument import Stereo
from text2song.audio.levelling import Levels
from text2song.audio.limiting import MARGIN_DB, Limited, at_loudness
from text2song.audio.loudness import (
    SILENCE,
    Loudness,
    figures,
    gated_loudness,
    hops_of,
    integrated_loudness,
    measure,
    true_peak,
)
from text2song.audio.tone import OCTAVES, balancing, band_levels, equalised, excite, response_db, spectrum
from text2song.audio.wear import crackle, run_unevenly
from text2song.audio.weighting import Floats, block_energies
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
    tone = _toned(mix, plan)
    loudness = gated_loudness(hops_of(tone.energies[0]))
    if loudness <= SILENCE:
        return Master(np.zeros_like(mix), measure(np.zeros_like(mix)))
    progress(_STAGE, 0.25)
    glue = Compression(
        loudness + _GLUE_OVER_LOUDNESS_DB, _GLUE.ratio, _GLUE.attack_seconds, _GLUE.release_seconds, _GLUE.knee_db
    )
    energies, curve = tone.energies, compression_curve(tone.loudest, glue)
    if plan.wow_cents > 0 or plan.vinyl_db is not None:
        energies, curve = _worn(mix, curve, plan)
    limited = at_loudness(mix, energies, curve, plan, progress, levels)
    progress(_STAGE, 0.95)
    return _measured(limited, plan)


def target_db(plan: MixPlan) -> NDArray[np.float64]:
    """Return where the octave bands of a master are to be, dB, the plan's air with them."""
    air = high_shelf(_AIR_HZ, plan.air_db)
    return np.asarray([level + response_db((air,), hertz) for level, hertz in zip(plan.bands_db, OCTAVES, strict=True)])


def _toned(mix: Stereo, plan: MixPlan) -> Equalised:
    """Bring the octave bands to where the plan has them, in place."""
    power = spectrum(mix)
    air = (high_shelf(_AIR_HZ, plan.air_db),) if plan.air_db else ()
    row = (highpass(_RUMBLE_HZ), *balancing(band_levels(power), plan.bands_db), *air, lowpass(_TOP_HZ))
    tone = equalise(mix, row)
    # A style that wants to be dark, such as lo-fi, is left dark.
    wanted = plan.air_db * (_DARK_STYLE if plan.air_db < 0 else 1.0)
    excited = excite(mix, band_levels(equalised(power, row)), wanted, plan.bands_db)
    return equalise(mix, ()) if excited else tone


def _worn(mix: Stereo, curve: Floats, plan: MixPlan) -> tuple[Floats, Floats]:
    """Turn by the curve and wear, in place; return the energies then, and a curve that is still to be drawn."""
    sweep(mix, curve)
    run_unevenly(mix, plan.wow_cents)
    if plan.vinyl_db is not None:
        # The surface is heard at its level in the finished master.
        crackle(mix, plan.vinyl_db + integrated_loudness(mix) - plan.lufs)
    return block_energies(mix), np.ones(curve.size)


def _measured(limited: Limited, plan: MixPlan) -> Master:
    audio, power = limited.audio, float(limited.energies[1].sum()) / (2 * limited.audio.shape[0])
    hops, highest = hops_of(limited.energies[0]), true_peak(audio)
    crest = 20 * float(np.log10(limited.peak)) - 10 * float(np.log10(power))
    # Gain that moves between samples can lift an interpolated peak by some hundredths of a dB.
    over = max(0.0, highest - (plan.true_peak_dbtp - MARGIN_DB / 2))
    if over > 0:
        audio *= _gain(-over)
    return Master(audio, figures(hops * 10 ** (-over / 10), highest - over, crest))


def _gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))
