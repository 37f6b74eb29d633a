"""Tables hold the partials they should and no others."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.wavetable import CYCLE, LEVELS, LOWEST_HZ, PER_OCTAVE, table_level, wavetable


@pytest.mark.parametrize("shape", ["saw", "square", "triangle", "sine", "soft_saw", (1.0, 0.5, 0.25)])
def test_tables_join_at_their_ends_without_offset(shape: str | tuple[float, ...]) -> None:
    tables = wavetable(shape)
    assert tables.shape == (LEVELS, CYCLE + 1)
    assert np.array_equal(tables[:, 0], tables[:, -1])
    assert np.abs(tables[:, :-1].mean(axis=1)).max() < 1e-6


def test_no_partial_passes_the_nyquist_frequency() -> None:
    for level in range(LEVELS):
        top = LOWEST_HZ * 2 ** (level / PER_OCTAVE)
        spectrum = np.abs(np.fft.rfft(wavetable("saw")[level, :-1]))
        highest = int(np.nonzero(spectrum > 1e-2)[0].max())
        assert highest * top < SAMPLE_RATE / 2


def test_the_level_covers_the_frequency() -> None:
    for hertz in (20.0, 30.0, 31.0, 440.0, 4000.0, 15_000.0):
        assert hertz <= LOWEST_HZ * 2 ** (table_level(hertz) / PER_OCTAVE) * 1.0001 or table_level(hertz) == LEVELS - 1


def test_spectra_keep_their_partials() -> None:
    spectrum = np.abs(np.fft.rfft(wavetable((1.0, 0.0, 0.4))[0, :-1])) / (CYCLE / 2)
    np.testing.assert_allclose(spectrum[1:5], [1.0, 0.0, 0.4, 0.0], atol=1e-6)


def test_an_unknown_shape_is_an_error() -> None:
    with pytest.raises(KeyError):
        wavetable("wobble")
