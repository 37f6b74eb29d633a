"""Defaults and ranges as the specification's table states them."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.soundfont import generators as gen


@pytest.mark.parametrize(("number", "default"), [
    (8, 13_500), (17, 0), (21, -12_000), (33, -12_000), (38, -12_000), (48, 0), (56, 100), (58, -1), (46, -1),
])  # fmt: skip
def test_defaults(number: int, default: int) -> None:
    assert gen.defaults()[number] == default


def test_defaults_lie_inside_their_limits() -> None:
    low, high = gen.limits()
    assert np.all(low <= high)
    assert np.all((gen.defaults() >= low) & (gen.defaults() <= high))


def test_numbers_are_those_of_the_specification() -> None:
    named = (gen.PAN, gen.DELAY, gen.RELEASE, gen.ATTENUATION, gen.COARSE_TUNE, gen.SAMPLE, gen.EXCLUSIVE_CLASS)
    assert named == (17, 33, 38, 48, 51, 53, 57)
