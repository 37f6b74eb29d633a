"""Side bands stand where Chowning says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.synth.effects import Effects
from text2song.audio.synth.fm import FmInstrument, Touch
from text2song.audio.synth.wavetable import wavetable


def play(
    pitch: int = 57, velocity: int = 100, *, index: float = 2.0, ratio: float = 1.0, touch: float = 0.8
) -> NDArray[np.float64]:
    pairs = np.array([[1.0, ratio, 1.0, index, 2.0, 1.0, touch, 0.0]])
    made = FmInstrument("test", Touch(decay_track=0.0), pairs, wavetable("sine")[0], Effects())
    return made.render([PlayedNote(0.0, 0.9, pitch, velocity)], SAMPLE_RATE)[:, 0].astype(np.float64)


def power(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.abs(np.fft.rfft(sound[2000:22_000] * np.hanning(20_000), 44_100)) ** 2


def test_side_bands_stand_at_carrier_and_modulator() -> None:
    found = power(play(57, 127, ratio=1.5))
    # 220 Hz carrier and 330 Hz modulator: 220, 550, 880, … and the reflected −110.
    for hertz in (110, 220, 550, 880):
        assert found[hertz - 3 : hertz + 4].sum() > 1e-4 * found.sum()
    assert found[300:306].sum() < 1e-6 * found.sum()


def test_velocity_brightens() -> None:
    def centroid(sound: NDArray[np.float64]) -> float:
        found = power(sound)
        return float((np.arange(len(found)) * found).sum() / found.sum())

    assert centroid(play(velocity=120)) > 1.15 * centroid(play(velocity=40))


def test_high_notes_do_not_fold_back() -> None:
    found = power(play(100, 127, index=6.0, ratio=7.0))
    fundamental = 440 * 2 ** (31 / 12)
    place = np.arange(len(found)) / fundamental
    strange = np.abs(place - np.round(place)) * fundamental > 12
    assert 10 * np.log10(found[strange].sum() / found.sum()) < -50


def test_no_index_is_a_sine() -> None:
    found = power(play(index=0.0))
    assert found[210:231].sum() > 0.9999 * found.sum()
