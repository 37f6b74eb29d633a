from dataclasses import replace

import numpy as np
import pytest
from tests.evaluation.sounds import RATE, composition

from text2song.domain.composition import UnifiedComposition
from text2song.evaluation.sections import band_spectra, bar_novelty, heard_boundaries, structure_finding

KINDS = ("intro", "verse", "chorus")


def _sound(*frequencies: tuple[float, ...]) -> np.ndarray:
    """Four bars (8 s) of sines for each tuple."""
    time = np.arange(8 * RATE) / RATE
    noise = np.random.default_rng(3).standard_normal(8 * RATE) * 1e-3
    pieces = [sum(0.1 * np.sin(2 * np.pi * one * time) for one in some) + noise for some in frequencies]
    mono = np.concatenate(pieces)
    return np.stack([mono, mono], axis=1).astype(np.float32)


CHANGING = _sound((110.0,), (110.0, 1000.0, 5000.0), (220.0, 3000.0))
STILL = _sound((110.0,), (110.0,), (110.0,))


def _asked(*kinds: str) -> UnifiedComposition:
    return composition(structure=kinds)


def test_changes_are_heard_where_they_are() -> None:
    novelty = bar_novelty(composition(), band_spectra(CHANGING, RATE))
    assert heard_boundaries(novelty) == (4, 8)


def test_an_asked_form_that_is_there_and_heard() -> None:
    finding = structure_finding(_asked(*KINDS), band_spectra(CHANGING, RATE))
    assert finding.reason == ""
    assert finding.asked == list(KINDS)
    assert finding.measured["share"] == 1.0


def test_an_asked_form_that_is_another_or_not_heard() -> None:
    assert "asked was" in structure_finding(_asked("verse", "chorus"), band_spectra(CHANGING, RATE)).reason
    early = _sound((110.0,), (110.0,), (110.0,))
    early[: 2 * RATE] *= 0.01
    assert "heard" in structure_finding(_asked(*KINDS), band_spectra(early, RATE)).reason


def test_a_form_nobody_asked_for_cannot_miss() -> None:
    finding = structure_finding(composition(), band_spectra(STILL, RATE))
    assert finding.reason == ""
    assert finding.asked == list(KINDS)


def test_brightness_is_where_the_power_is() -> None:
    assert band_spectra(_sound((110.0,)), RATE).brightness_hz < 200
    assert band_spectra(_sound((5000.0,)), RATE).brightness_hz > 3000


@pytest.mark.parametrize("frames", [0, 1, 3 * RATE])
def test_silence_and_sound_that_is_too_short(frames: int) -> None:
    spectra = band_spectra(np.zeros((frames, 2), np.float32), RATE)
    song = composition()
    assert structure_finding(replace(song, sections=song.sections), spectra).measured["heard"] == 0
