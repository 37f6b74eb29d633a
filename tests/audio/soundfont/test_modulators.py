"""Modulator sources, curves and defaults."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.soundfont.modulators import VELOCITY_TO_CUTOFF, Modulator, offsets, with_defaults

KEYS = np.array([0.0, 64.0, 127.0])
VELOCITIES = np.array([1.0, 64.0, 127.0])


def test_default_velocity_curve_is_forty_log_ten() -> None:
    (attenuation,) = (each for each in with_defaults([], one_open_layer=False) if each.target == 48)
    expected = np.minimum(400 * np.log10(127 / VELOCITIES), 960)
    assert offsets(attenuation, KEYS, VELOCITIES) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("source", "expected"), [
    (0x0002, VELOCITIES / 127),  # linear
    (0x0102, 1 - VELOCITIES / 127),  # falling
    (0x0202, 2 * VELOCITIES / 127 - 1),  # bipolar
    (0x0C02, [0, 1, 1]),  # switch
    (0x0E02, [-1, 1, 1]),  # bipolar switch
    (0x0003, KEYS / 127),
    (0x0081, [0, 0, 0]),  # modulation wheel at rest
    (0x008B, [1, 1, 1]),  # expression at rest
    (0x028A, [0, 0, 0]),  # pan in the middle
    (0x020E, [0, 0, 0]),  # pitch wheel in the middle
    (0x0000, [0, 0, 0]),  # no source
])  # fmt: skip
def test_sources(source: int, expected: list[float]) -> None:
    assert offsets(Modulator(source, 8, 100), KEYS, VELOCITIES) == pytest.approx(100 * np.array(expected))


def test_convex_mirrors_concave() -> None:
    concave = offsets(Modulator(0x0402, 8, 1), KEYS, VELOCITIES)
    convex = offsets(Modulator(0x0902, 8, 1), KEYS, VELOCITIES)
    assert concave + convex == pytest.approx(1)
    assert concave[1] < 0.5 * VELOCITIES[1] / 127


def test_amount_source_and_absolute_value() -> None:
    product = Modulator(0x0202, 8, 100, amount_source=0x0003)
    assert offsets(product, KEYS, np.array([0.0, 0.0, 0.0])) == pytest.approx(-100 * KEYS / 127)
    absolute = Modulator(0x0202, 8, 100, amount_source=0x0003, transform=2)
    assert offsets(absolute, KEYS, np.array([0.0, 0.0, 0.0])) == pytest.approx(100 * KEYS / 127)


def test_brightness_is_never_doubled() -> None:
    own = Modulator(0x0002, 8, 3000)
    assert [each for each in with_defaults([own], one_open_layer=True) if each.target == 8] == [own]
    assert VELOCITY_TO_CUTOFF in with_defaults([], one_open_layer=False)
    disabled = Modulator(0x0102, 8, 0)
    assert all(each.target != 8 for each in with_defaults([disabled], one_open_layer=False))
    ours = [each for each in with_defaults([disabled], one_open_layer=True) if each.target == 8]
    assert len(ours) == 2


def test_open_brightness_follows_velocity_and_pitch() -> None:
    ours = [each for each in with_defaults([], one_open_layer=True) if each.target == 8]
    soft_low, soft_high, loud = (
        sum(offsets(each, np.array([key]), np.array([velocity]))[0] for each in ours)
        for key, velocity in [(30.0, 40.0), (90.0, 40.0), (30.0, 127.0)]
    )
    assert soft_low < soft_high < loud == 0


@pytest.mark.parametrize(
    "useless", [Modulator(2, 0x8000, 5), Modulator(127, 8, 5), Modulator(2, 8, 0), Modulator(2, 99, 5)]
)
def test_links_and_empty_modulators_do_nothing(useless: Modulator) -> None:
    assert useless not in with_defaults([useless], one_open_layer=False)
