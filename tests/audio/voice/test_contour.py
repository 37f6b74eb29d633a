import numpy as np
import pytest

from text2song.audio.voice.contour import SungPitch, f0_contour

PERIOD = 0.005


def _cents(f0: float, pitch: int) -> float:
    return float(1200 * np.log2(f0 / (440 * 2 ** ((pitch - 69) / 12))))


def test_notes_are_reached_and_held() -> None:
    f0 = f0_contour([SungPitch(0.0, 0.4, 60), SungPitch(0.4, 0.8, 67)], 160, PERIOD)
    assert _cents(float(np.median(f0[20:70])), 60) == pytest.approx(0, abs=6)
    assert _cents(float(np.median(f0[110:150])), 67) == pytest.approx(0, abs=6)


def test_a_step_glides_and_overshoots_a_little() -> None:
    f0 = f0_contour([SungPitch(0.0, 0.5, 60), SungPitch(0.5, 0.9, 64)], 180, PERIOD)
    cents = np.array([_cents(value, 64) for value in f0[100:180]])
    assert 1 < cents.max() < 40
    assert np.abs(np.diff(np.log2(f0))).max() * 1200 < 120


def test_only_long_notes_vibrate() -> None:
    long = f0_contour([SungPitch(0.0, 2.0, 69)], 400, PERIOD)[160:380]
    short = f0_contour([SungPitch(0.0, 0.3, 69)], 60, PERIOD)[20:55]
    assert 55 < _cents(float(long.max()), 69) - _cents(float(long.min()), 69) < 100
    assert _cents(float(short.max()), 69) - _cents(float(short.min()), 69) < 12
