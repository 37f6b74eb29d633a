import numpy as np
import pytest

from text2song.audio.voice.envelope import FFT_SIZE, spectral_envelope

RATE = 22_050


def _vowel(f0: float, formants: tuple[float, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(RATE) / RATE
    sound = np.zeros(RATE)
    for number in range(1, int(RATE / 2 / f0)):
        frequency = number * f0
        gain = sum(np.exp(-(((frequency - formant) / 150) ** 2)) for formant in formants) + 0.01
        sound += gain * np.sin(2 * np.pi * frequency * time + number * number)
    return sound


@pytest.mark.parametrize("f0", [100.0, 180.0, 260.0])
def test_the_envelope_peaks_at_the_formants_not_at_the_harmonics(f0: float) -> None:
    times = np.array([0.4, 0.5, 0.6])
    envelope = spectral_envelope(_vowel(f0, (700.0, 2300.0)), np.full(3, f0), times, RATE)
    assert envelope.shape == (3, FFT_SIZE // 2 + 1)
    frequencies = np.fft.rfftfreq(FFT_SIZE, 1 / RATE)
    low, high = (frequencies > 300) & (frequencies < 1500), (frequencies > 1500) & (frequencies < 3500)
    assert frequencies[low][np.argmax(envelope[1][low])] == pytest.approx(700, abs=max(80, f0 / 2))
    assert frequencies[high][np.argmax(envelope[1][high])] == pytest.approx(2300, abs=max(80, f0 / 2))
    steady = np.abs(np.log(envelope[0] / envelope[2]))[frequencies < 3000]
    assert steady.max() < 1.0


def test_silence_and_edges_are_finite() -> None:
    envelope = spectral_envelope(np.zeros(1000), np.zeros(4), np.array([0.0, 0.01, 0.04, 9.0]), RATE)
    assert np.isfinite(envelope).all()
    assert (envelope > 0).all()
