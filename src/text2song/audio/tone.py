"""Tonal balance: octave bands of finished music, and the gentle equaliser that moves a mix towards the usual fall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from text2song.audio.filters import Biquad, high_shelf, highpass, low_shelf, lowpass, paired, peak
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.lanes import (
    LANES,
    RUN_UP,
    SEGMENTS,
    TILE,
    TOGETHER,
    beside,
    gather,
    run_pairs,
    scatter,
    segment_tiles,
    silence_behind,
)
from text2song.domain.composition import OCTAVES_DB

#: Centres of the octave bands, Hz.
OCTAVES = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)

_WINDOW = 8192
_MANY_WINDOWS = 80
#: Windows in memory at a time.
_AT_ONCE = 8
#: Only windows within this many dB of the loudest count: rests and endings say nothing about balance.
_GATE_DB = 20.0
#: This much of a deviation is corrected, the first of it is taste, and no band is moved further than this.
_SHARE = 0.9
_TASTE_DB = 0.5
_MOST_DB = 8.0
#: Above this, a mix that is too dark is given harmonics of its own presence rather than louder noise.
_EXCITED_HZ = 8500.0
_PRESENCE_HZ = (2800.0, 8000.0)
#: Harmonics are added where the top octave lacks more than this, dB, and by no more than this factor.
_DARK_DB = 1.5
_MOST_HARMONICS = 6.0
#: What is rectified, and what is kept of that; rows as of `filters.paired`.
_RECTIFIED = np.stack(
    (
        paired((highpass(_PRESENCE_HZ[0]), lowpass(_PRESENCE_HZ[1]))),
        paired((highpass(_EXCITED_HZ, 0.54), highpass(_EXCITED_HZ, 1.31))),
    )
)


def octave_levels(audio: Stereo) -> NDArray[np.float64]:
    """Return the level in dB of each band of `OCTAVES`, both channels, relative to the whole; all 0 for silence."""
    return band_levels(spectrum(audio))


def spectrum(audio: Stereo) -> NDArray[np.float64]:
    """Return the power of `audio`, both channels and its loud parts alone, per bin of `_WINDOW`; 0 for silence."""
    padded = audio if audio.shape[0] >= _WINDOW else np.pad(audio, ((0, _WINDOW - audio.shape[0]), (0, 0)))
    count = padded.shape[0] // _WINDOW
    # Every second window says as much about a song as all of them.
    step = 2 if count >= _MANY_WINDOWS else 1
    blocks = padded[: count * _WINDOW].reshape(count, _WINDOW, 2)[::step]
    loudness = np.einsum("nfc,nfc->n", blocks, blocks)
    if not loudness.max() > 0:
        return np.zeros(_WINDOW // 2 + 1)
    return _power(blocks, np.flatnonzero(loudness > loudness.max() * 10 ** (-_GATE_DB / 10)))


def equalised(power: NDArray[np.float64], biquads: Sequence[Biquad]) -> NDArray[np.float64]:
    """Return what becomes of a `spectrum` when its sound runs through the biquads in a row."""
    z = np.exp(-2j * np.pi * np.arange(power.size) / _WINDOW)
    through = power.copy()
    for b0, b1, b2, a1, a2 in biquads:
        through *= np.abs((b0 + z * (b1 + z * b2)) / (1 + z * (a1 + z * a2))) ** 2
    return through


def band_levels(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level in dB of each band of `OCTAVES` relative to the whole of a `spectrum`; all 0 for silence."""
    if not power.any():
        return np.zeros(len(OCTAVES))
    hertz = fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE)
    bands = [power[(hertz >= low) & (hertz < 2 * low)].sum() for low in (np.asarray(OCTAVES) / 2**0.5)]
    return np.asarray(10 * np.log10(np.maximum(bands, 1e-12) / float(power.sum())))


def _power(blocks: NDArray[np.float32], kept: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the power per bin of the blocks that are kept, summed over them and both channels."""
    window = signal.windows.hann(_WINDOW, sym=False).astype(np.float32)[None, :, None]
    both = np.zeros(_WINDOW)
    for start in range(0, len(kept), _AT_ONCE):
        # Left and right are the real and the imaginary part of one spectrum, whose two sides then share their powers.
        pairs = (blocks[kept[start : start + _AT_ONCE]] * window).view(np.complex64)[:, :, 0]
        spectrum = fft.fft(pairs, axis=1, overwrite_x=True)
        both += np.sum(spectrum.real**2 + spectrum.imag**2, axis=0, dtype=np.float64)
    power = both[: _WINDOW // 2 + 1].copy()
    power[1:-1] = (power[1:-1] + both[: _WINDOW // 2 : -1]) / 2
    return power


def corrections(levels: NDArray[np.float64], target: Sequence[float] = OCTAVES_DB) -> NDArray[np.float64]:
    """Return the gain in dB per band that brings `levels` part of the way to the target's shape.

    Bands without content (60 dB below the rest) are left alone: raising them would raise noise.
    """
    deviation = levels - np.asarray(target)
    present = levels > levels.max() - 60
    middle = deviation[2:7]
    deviation = deviation - float(np.median(middle))
    beyond = np.sign(deviation) * np.maximum(0.0, np.abs(deviation) - _TASTE_DB)
    return np.where(present, np.clip(-_SHARE * beyond, -_MOST_DB, _MOST_DB), 0.0)


def balancing(levels: NDArray[np.float64], target: Sequence[float] = OCTAVES_DB) -> tuple[Biquad, ...]:
    """Return the equaliser of `corrections`: a shelf at either end and bells between them."""
    gains = _solved(corrections(levels, target))
    return _equaliser(gains)


def _equaliser(gains: NDArray[np.float64]) -> tuple[Biquad, ...]:
    shelves = (low_shelf(88.0, float(gains[0])), high_shelf(11_300.0, float(gains[-1])))
    bells = [peak(hertz, float(gain), 1.1) for hertz, gain in zip(OCTAVES[1:-1], gains[1:-1], strict=True)]
    return (*shelves, *bells)


def _solved(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gains whose bells and shelves, overlapping as they do, add up to what is wanted at every centre."""
    gains = wanted.copy()
    for _ in range(4):
        gains += wanted - np.asarray([response_db(_equaliser(gains), hertz) for hertz in OCTAVES])
    return np.clip(gains, -1.5 * _MOST_DB, 1.5 * _MOST_DB)


def response_db(biquads: Sequence[Biquad], hertz: float) -> float:
    """Return the gain in dB of biquads in a row at a frequency."""
    z = np.exp(-2j * np.pi * hertz / SAMPLE_RATE)
    total = 0.0
    for b0, b1, b2, a1, a2 in biquads:
        total += 20 * np.log10(abs((b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z)))
    return float(total)


def excite(audio: Stereo, levels: NDArray[np.float64], wanted_db: float, target: Sequence[float] = OCTAVES_DB) -> bool:
    """Add to a dark mix, in place, the harmonics that it lacks above 8 kHz; say whether it lacked any.

    `levels` are its octave bands, and `wanted_db` moves the usual level of the top one. The rectified presence band
    follows the music, so cymbals, strings and voices gain air while rests stay silent; what is added scales with
    `audio`.
    """
    lacking = _lacking(levels, np.asarray(target), wanted_db)
    if lacking <= 0:
        return False
    whole, harmonics = _excited(audio, 0.0)
    if harmonics > 0 and whole > 0:
        _excited(audio, min(_MOST_HARMONICS, lacking / float(np.sqrt(harmonics / max(1e-20, whole)))))
    return True


def _excited(audio: Stereo, gain: float) -> tuple[float, float]:
    """Add `gain` times the harmonics; return the energy of the sound as it was and of its harmonics."""
    length, groups = segment_tiles(audio.shape[0]), SEGMENTS // TOGETHER
    states, sums = np.zeros((groups, 2, 2, 2, LANES)), np.zeros((groups, 2, LANES))

    def run(first: int, start: int, end: int) -> None:
        group = first // TOGETHER
        _excite(audio, (first, length, start, end), _RECTIFIED, states[group], gain, sums[group])

    # Every run-up is heard before the first frame of any segment is written over.
    beside(lambda first: run(first, -RUN_UP, 0))
    beside(lambda first: run(first, 0, length))
    whole, harmonics = sums.sum(axis=(0, 2)).tolist()
    return whole, harmonics


def _lacking(levels: NDArray[np.float64], target: NDArray[np.float64], wanted_db: float) -> float:
    """Return the amplitude, relative to the whole, that the top octave lacks; no more than the one below allows."""
    usual = target + float(np.median((levels - target)[2:7]))
    if levels[-1] > usual[-1] + wanted_db - _DARK_DB:
        return 0.0
    top = 10 ** ((usual[-1] + wanted_db) / 10) - 10 ** (levels[-1] / 10)
    return float(np.sqrt(max(0.0, top) * 2))


@kernel
def _excite(
    audio: Stereo,
    span: tuple[int, int, int, int],
    filters: NDArray[np.float64],
    states: NDArray[np.float64],
    gain: float,
    sums: NDArray[np.float64],
) -> None:
    """Add the harmonics to some tiles of a group of segments; in the run-up, filters alone are fed."""
    first, length, start, end = span
    sound, band = np.empty((TILE, LANES)), np.empty((TILE, LANES))
    for number in range(start, end):
        at = (first * length + number) * TILE
        gather(audio, at, length * TILE, sound)
        band[:] = sound
        run_pairs(band, filters[0], states[0])
        _rectify(band)
        run_pairs(band, filters[1], states[1])
        if number >= 0:
            silence_behind(band, audio.shape[0], at, length * TILE)
            _add(sound, band, gain, sums)
            if gain > 0.0:
                scatter(sound, audio, at, length * TILE)


@kernel
def _rectify(tile: NDArray[np.float64]) -> None:
    for frame in range(tile.shape[0]):
        row = tile[frame]
        for lane in range(LANES):
            row[lane] = abs(row[lane])


@kernel
def _add(sound: NDArray[np.float64], harmonics: NDArray[np.float64], gain: float, sums: NDArray[np.float64]) -> None:
    whole, added = sums[0], sums[1]
    for frame in range(sound.shape[0]):
        row, more = sound[frame], harmonics[frame]
        for lane in range(LANES):
            whole[lane] += row[lane] * row[lane]
            added[lane] += more[lane] * more[lane]
            row[lane] += gain * more[lane]
