"""Tonal balance: octave bands of finished music, and the gentle equaliser that moves a mix towards the usual fall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from text2song.audio.filters import Biquad, filtered, high_shelf, highpass, low_shelf, lowpass, peak
from text2song.audio.instrument import SAMPLE_RATE, Stereo

#: Centres of the octave bands, Hz.
OCTAVES = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)

#: Band levels of well-mastered popular music, dB: flat to 100 Hz, then about −3 dB per octave, steeper at the top
#: (after Pestana et al. 2013, "Spectral characteristics of popular commercial recordings 1950–2010").
TARGET_DB = (0.0, 0.0, -2.5, -5.0, -7.5, -10.0, -13.0, -17.5, -24.0)

_WINDOW = 8192
_MANY_WINDOWS = 80
#: Only windows within this many dB of the loudest count: rests and endings say nothing about balance.
_GATE_DB = 20.0
#: Half of a deviation is corrected, the first dB of it is taste, and no band is moved further than this.
_SHARE = 0.6
_TASTE_DB = 1.0
_MOST_DB = 4.0
#: Above this, a mix that is too dark is given harmonics of its own presence rather than louder noise.
_EXCITED_HZ = 8500.0
_PRESENCE_HZ = (2800.0, 8000.0)
#: Harmonics are added where the top octave lacks more than this, dB, and by no more than this factor.
_DARK_DB = 1.5
_MOST_HARMONICS = 6.0


def octave_levels(audio: Stereo) -> NDArray[np.float64]:
    """Return the level in dB of each band of `OCTAVES`, both channels, relative to the whole; all 0 for silence."""
    padded = audio if audio.shape[0] >= _WINDOW else np.pad(audio, ((0, _WINDOW - audio.shape[0]), (0, 0)))
    count = padded.shape[0] // _WINDOW
    # Every second window says as much about a song as all of them.
    step = 2 if count >= _MANY_WINDOWS else 1
    blocks = padded[: count * _WINDOW].reshape(count, _WINDOW, 2)[::step]
    loudness = np.einsum("nfc,nfc->n", blocks, blocks)
    if not loudness.max() > 0:
        return np.zeros(len(OCTAVES))
    kept = blocks[loudness > loudness.max() * 10 ** (-_GATE_DB / 10)]
    window = signal.windows.hann(_WINDOW, sym=False).astype(np.float32)
    spectrum = fft.rfft(kept * window[None, :, None], axis=1)
    power = np.asarray(np.sum(spectrum.real**2 + spectrum.imag**2, axis=(0, 2), dtype=np.float64))
    hertz = fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE)
    bands = [power[(hertz >= low) & (hertz < 2 * low)].sum() for low in (np.asarray(OCTAVES) / 2**0.5)]
    return np.asarray(10 * np.log10(np.maximum(bands, 1e-12) / float(power.sum())))


def corrections(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gain in dB per band that brings `levels` part of the way to the target's shape.

    Bands without content (60 dB below the rest) are left alone: raising them would raise noise.
    """
    deviation = levels - np.asarray(TARGET_DB)
    present = levels > levels.max() - 60
    middle = deviation[2:7]
    deviation = deviation - float(np.median(middle))
    beyond = np.sign(deviation) * np.maximum(0.0, np.abs(deviation) - _TASTE_DB)
    return np.where(present, np.clip(-_SHARE * beyond, -_MOST_DB, _MOST_DB), 0.0)


def balancing(levels: NDArray[np.float64]) -> tuple[Biquad, ...]:
    """Return the equaliser of `corrections`: a shelf at either end and bells between them."""
    gains = corrections(levels)
    shelves = (low_shelf(88.0, float(gains[0])), high_shelf(11_300.0, float(gains[-1])))
    bells = [peak(hertz, float(gain), 1.1) for hertz, gain in zip(OCTAVES[1:-1], gains[1:-1], strict=True)]
    return (*shelves, *bells)


def excited(audio: Stereo, wanted_db: float) -> Stereo | None:
    """Return the harmonics that a dark mix lacks above 8 kHz, to be added to it; None where it is bright enough.

    `wanted_db` moves the usual level of the top octave. The rectified presence band follows the music, so cymbals,
    strings and voices gain air while rests stay silent; the result scales with `audio`.
    """
    levels = octave_levels(audio)
    lacking = _lacking(levels, wanted_db)
    if lacking <= 0:
        return None
    presence = np.abs(filtered(audio, (highpass(_PRESENCE_HZ[0]), lowpass(_PRESENCE_HZ[1]))))
    harmonics = filtered(presence, (highpass(_EXCITED_HZ, 0.54), highpass(_EXCITED_HZ, 1.31)))
    ratio = float(np.sqrt(np.mean(np.square(harmonics)) / max(1e-20, float(np.mean(np.square(audio))))))
    if ratio <= 0:
        return None
    harmonics *= np.float32(min(_MOST_HARMONICS, lacking / ratio))
    return harmonics


def _lacking(levels: NDArray[np.float64], wanted_db: float) -> float:
    """Return the amplitude, relative to the whole, that the top octave lacks; no more than the one below allows."""
    usual = np.asarray(TARGET_DB) + float(np.median((levels - np.asarray(TARGET_DB))[2:7]))
    if levels[-1] > usual[-1] + wanted_db - _DARK_DB:
        return 0.0
    top = 10 ** ((usual[-1] + wanted_db) / 10) - 10 ** (levels[-1] / 10)
    return float(np.sqrt(max(0.0, top) * 2))
