"""The weights pass a tone unharmed and keep what would alias out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.audio.soundfont.interpolation import narrow_weights, wide_weights
from text2song.audio.soundfont.kernel import FAST_STEPS, NARROW, PHASES, WIDE


def read(weights: NDArray[np.float32], signal: NDArray[np.float64], step: float, count: int) -> NDArray[np.float64]:
    taps = weights.shape[1]
    position = 100 + step * np.arange(count)
    whole = np.floor(position).astype(int)
    rows = weights[((position - whole) * PHASES).astype(int)]
    out: NDArray[np.float64] = np.sum(rows * signal[whole[:, None] + np.arange(taps) - taps // 2 + 1], axis=1)
    return out


def test_shapes_and_unit_gain_at_zero_frequency() -> None:
    assert narrow_weights().shape == (PHASES, NARROW)
    assert wide_weights().shape == (len(FAST_STEPS), PHASES, WIDE)
    assert narrow_weights().sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert wide_weights().sum(axis=2) == pytest.approx(1, abs=1e-6)


def test_a_tone_read_slowly_keeps_its_level_and_purity() -> None:
    frequency, step = 0.1, 0.613
    signal = np.sin(2 * np.pi * frequency * np.arange(3000))
    out = read(narrow_weights(), signal, step, 4096) * np.blackman(4096)
    spectrum = np.abs(np.fft.rfft(out))
    peak = int(np.argmax(spectrum))
    assert peak == pytest.approx(frequency * step * 4096, abs=1)
    spectrum[peak - 4 : peak + 5] = 0
    assert (
        20
        * np.log10(
            spectrum.max() / np.abs(np.fft.rfft(np.sin(2 * np.pi * 0.0613 * np.arange(4096)) * np.blackman(4096))).max()
        )
        < -50
    )


@pytest.mark.parametrize("index", range(5))
def test_what_would_alias_is_held_back(index: int) -> None:
    step = FAST_STEPS[index]
    signal = np.sin(2 * np.pi * 0.49 * np.arange(int(step * 2000) + 200))
    out = read(wide_weights()[index], signal, step, 2000)
    assert np.sqrt(np.mean(out**2)) < (0.3 if step < 1.5 else 0.05)
    low = np.sin(2 * np.pi * 0.02 * np.arange(len(signal)))
    assert np.abs(read(wide_weights()[index], low, step, 2000)).max() == pytest.approx(1, abs=0.05)
