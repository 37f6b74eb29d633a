"""Strings are in tune and decay as asked."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.pluck import Pluck, vibrate

STRING = Pluck(decay=4.0, bright_decay=0.5)


@pytest.mark.parametrize("pitch", [28, 40, 52, 64, 76, 88, 96])
def test_every_string_is_in_tune(pitch: int) -> None:
    sound = STRING.strike(pitch, 0)[0][4000:].astype(np.float64)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 2**20))
    expected = 440 * 2 ** ((pitch - 69) / 12)
    hertz = np.fft.rfftfreq(2**20, 1 / SAMPLE_RATE)
    near = np.abs(hertz / expected - 1) < 0.03
    measured = hertz[near][np.argmax(power[near])]
    assert abs(1200 * np.log2(measured / expected)) < 1.5


def test_decay_times_are_those_asked_for() -> None:
    sound = STRING.strike(60, 0)[1].astype(np.float64)
    window = SAMPLE_RATE // 2
    hertz = np.fft.rfftfreq(window, 1 / SAMPLE_RATE)

    def level(start: float, low: float, high: float) -> float:
        begin = int(start * SAMPLE_RATE)
        power = np.abs(np.fft.rfft(sound[begin : begin + window] * np.hanning(window))) ** 2
        return float(10 * np.log10(power[(hertz > low) & (hertz < high)].sum()))

    assert level(0.5, 250, 275) - level(1.5, 250, 275) == pytest.approx(15, abs=1.5)
    assert level(0.1, 3800, 4200) - level(0.3, 3800, 4200) == pytest.approx(24, abs=5)


def test_hard_plucks_are_brighter_and_each_variant_differs() -> None:
    soft, hard = STRING.strike(52, 0)
    assert np.std(np.diff(hard[:6000])) > 1.3 * np.std(np.diff(soft[:6000]))
    other = STRING.strike(52, 1)
    assert not np.array_equal(other[1], hard)
    assert np.array_equal(STRING.strike(52, 1)[1], other[1])


def test_a_course_and_an_octave_add_strings() -> None:
    # The upper string adds to the even partials of the lower and nothing to the odd ones.
    even, odd = (220, 440, 660), (110, 330, 550)

    def balance(octave: float) -> float:
        sound = Pluck(octave=octave).strike(45, 0)[1].astype(np.float64)[2000:40_000]
        power = np.abs(np.fft.rfft(sound, 44_100)) ** 2
        sums = [sum(power[hertz - 4 : hertz + 5].sum() for hertz in partials) for partials in (even, odd)]
        return float(sums[0] / sums[1])

    assert balance(0.8) > 1.5 * balance(0.0)


def test_a_lossless_loop_repeats_what_it_was_given() -> None:
    out = np.zeros(50)
    out[0] = 1.0
    vibrate(out, 9, 1.0, 0.0, 0.0)
    # The all-pass with coefficient 0 is one frame of delay.
    assert np.nonzero(out)[0].tolist() == [0, 10, 20, 30, 40]
