from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.evaluation.sounds import RATE, FakeStem

from text2song.domain.score import Role
from text2song.evaluation.listening import Audio, Sums, add_up

FRAMES = 2 * RATE
NAMES = {"kick": ("drum_kit", Role.DRUMS), "low": ("finger_bass", Role.BASS), "keys": ("organ", Role.CHORDS)}
NAMES |= {"riff": ("distorted_guitar", Role.LEAD), "singer": ("voice_lead", Role.VOCAL)}


def _noise(seed: int) -> Audio:
    # Whole steps of 24 bits add up exactly.
    steps = np.random.default_rng(seed).integers(-(1 << 19), 1 << 19, (FRAMES, 2))
    return (steps / (1 << 23)).astype(np.float32)


@pytest.fixture(scope="module")
def stems() -> dict[str, FakeStem]:
    return {name: FakeStem(name, role, id_, _noise(n)) for n, (name, (id_, role)) in enumerate(NAMES.items())}


def _heard(stems: list[Any], mix: Audio, known: Any = None) -> Sums:
    with ThreadPoolExecutor(2) as pool:
        return add_up(stems, mix, RATE, known or {}, pool)


def test_every_sum_holds_its_stems(stems: dict[str, FakeStem]) -> None:
    mix = np.asarray(sum(stem.audio for stem in stems.values()), np.float32)
    sums = _heard(list(stems.values()), mix)
    assert [figure.name for figure in sums.figures] == list(NAMES)
    assert sums.null == -120.0
    assert sums.harmony is not None
    np.testing.assert_array_equal(sums.harmony, stems["keys"].audio + stems["singer"].audio)
    np.testing.assert_array_equal(sums.bass, stems["low"].audio)
    np.testing.assert_array_equal(sums.vocal, stems["singer"].audio)


def test_a_missing_stem_is_left_in_the_null(stems: dict[str, FakeStem]) -> None:
    mix = stems["keys"].audio + stems["low"].audio
    assert _heard([stems["keys"]], mix).null == pytest.approx(20 * np.log10(np.abs(stems["low"].audio).max()), abs=0.01)


def test_where_all_is_distorted_that_is_the_harmony(stems: dict[str, FakeStem]) -> None:
    sums = _heard([stems["kick"], stems["riff"]], stems["kick"].audio + stems["riff"].audio)
    np.testing.assert_array_equal(sums.harmony, stems["riff"].audio)
    assert sums.bass is None
    assert sums.vocal is None
    assert _heard([stems["kick"]], stems["kick"].audio).harmony is None


def test_the_sound_is_read_once_and_no_sum_is_the_stem_itself(stems: dict[str, FakeStem]) -> None:
    read: list[str] = []

    class Kept:
        def __init__(self, stem: FakeStem) -> None:
            self.name, self.role, self.instrument, self._audio = stem.name, stem.role, stem.instrument, stem.audio

        @property
        def audio(self) -> Audio:
            read.append(self.name)
            return self._audio

        def pieces(self) -> Iterator[Audio]:
            read.append(f"{self.name} in pieces")
            yield from np.array_split(self._audio, 3)

    before = {name: stem.audio.copy() for name, stem in stems.items()}
    known = {"low": replace(_heard([stems["low"]], stems["low"].audio).figures[0], lufs=-33.0)}
    sums = _heard([Kept(stem) for stem in stems.values()], stems["keys"].audio, known)
    assert read == ["kick", "low in pieces", "keys", "riff", "singer"]
    assert sums.null == _heard(list(stems.values()), stems["keys"].audio).null
    np.testing.assert_array_equal(sums.bass, stems["low"].audio)
    assert sums.figures[1] is known["low"]
    for name, stem in stems.items():
        np.testing.assert_array_equal(stem.audio, before[name])
