import numpy as np
import pytest

from text2song.audio.voice.glottis import F0_STEPS, RD_STEPS, TABLE, pulse, table_column, tables


@pytest.mark.parametrize("rd", [0.5, 0.8, 1.0, 1.5, 2.0, 2.7])
def test_a_pulse_closes_sharply_and_lets_no_flow_remain(rd: float) -> None:
    one = pulse(rd, 8192)
    assert one.min() == pytest.approx(-1.0, abs=0.02)
    # The flow, the integral of its derivative, is where it began.
    assert abs(one.mean()) < 2e-3
    assert one.max() > 0


def test_a_breathy_voice_is_darker_than_a_pressed_one() -> None:
    spectra = np.abs(np.fft.rfft(tables()[:, 0], axis=1))
    high = (spectra[:, 10:40] ** 2).sum(axis=1)
    assert np.all(np.diff(high) < 0)


def test_first_harmonic_over_second_follows_the_shape() -> None:
    # Fant 1995: H1* − H2* = −7.6 + 11.1 Rd, dB.
    for rd in (0.7, 1.0, 1.5):
        spectrum = np.abs(np.fft.rfft(pulse(rd, 8192)))
        assert 20 * np.log10(spectrum[1] / spectrum[2]) == pytest.approx(-7.6 + 11.1 * rd, abs=3.0)


def test_no_table_holds_a_partial_that_would_fold_back() -> None:
    assert tables().shape == (RD_STEPS, F0_STEPS, TABLE)
    for column in range(F0_STEPS):
        spectrum = np.abs(np.fft.rfft(tables()[0, column]))
        highest_f0 = 55.0 * 2 ** ((column + 1) / 3)
        assert spectrum[int(18_000 / highest_f0) + 2 :].max() < 1e-6 * spectrum.max()
        assert table_column(highest_f0 * 0.99) == column
