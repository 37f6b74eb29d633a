from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.levelling import Levels, wanted_powers
from text2song.audio.loudness import SILENCE, integrated_loudness
from text2song.audio.master import mastered
from text2song.domain.composition import MixPlan
from text2song.domain.errors import CancelledError


def _music(level: float) -> Stereo:
    """A beat over a chord: peaks far above the loudness, as music has them."""
    time = np.arange(12 * SAMPLE_RATE) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * hertz * time + hertz) for hertz in (110, 220, 277, 330, 880, 3520))
    hits = np.exp(-25 * (time % 0.5)) * np.random.default_rng(2).standard_normal(time.size)
    left = 0.1 * chord + 0.8 * hits
    return (level * np.stack((left, 0.9 * left + 0.05 * np.roll(hits, 300)), axis=1)).astype(np.float32)


@pytest.mark.parametrize("level", [0.02, 0.3, 1.5])
@pytest.mark.parametrize("target", [-14.0, -10.0])
def test_loudness_and_ceiling_are_met(level: float, target: float) -> None:
    plan = MixPlan(lufs=target)
    result = mastered(_music(level), plan)
    assert result.loudness.integrated == pytest.approx(target, abs=0.3)
    assert result.loudness.true_peak_dbtp <= plan.true_peak_dbtp
    theirs = 20 * np.log10(np.abs(resample_poly(result.audio, 4, 1, axis=0)).max())
    assert theirs <= plan.true_peak_dbtp


def test_air_brightens() -> None:
    flat, bright = (mastered(_music(0.3), MixPlan(air_db=air)).audio for air in (0.0, 4.0))

    def top(audio: Stereo) -> float:
        spectrum = np.abs(np.fft.rfft(audio[:, 0])) ** 2
        cut = int(10_000 * audio.shape[0] / SAMPLE_RATE)
        return float(10 * np.log10(spectrum[cut:].sum() / spectrum.sum()))

    # The limiter takes back some of it: what is brightened here is the hits that it holds.
    assert top(bright) > top(flat) + 1.5


def test_silence_stays_silence() -> None:
    result = mastered(np.zeros((SAMPLE_RATE, 2), np.float32), MixPlan())
    assert not result.audio.any()
    assert result.loudness.integrated == SILENCE


def test_the_same_twice() -> None:
    assert np.array_equal(mastered(_music(0.3), MixPlan()).audio, mastered(_music(0.3), MixPlan()).audio)


def test_it_stops_when_nobody_wants_it() -> None:
    def cancel(stage: str, fraction: float) -> None:
        raise CancelledError(stage, fraction)

    with pytest.raises(CancelledError):
        mastered(_music(0.3), MixPlan(), cancel)


def test_a_master_follows_the_energy_of_the_bars() -> None:
    music = np.tile(_music(0.2), (4, 1))
    edges = np.linspace(0, music.shape[0], 9).astype(np.int64)
    levels = Levels(edges, wanted_powers(np.asarray([0.2, 0.2, 0.2, 0.2, 0.9, 0.9, 0.9, 0.9])), (0, 4))
    result = mastered(music, MixPlan(), levels=levels)
    half = music.shape[0] // 2
    quiet, loud = (integrated_loudness(part) for part in (result.audio[:half], result.audio[half:]))
    assert loud - quiet > 3.0
    assert result.loudness.integrated == pytest.approx(-14.0, abs=0.2)
