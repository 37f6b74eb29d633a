from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.evaluation.sounds import RATE, Audio, FakeStem, band

from text2song.evaluation.gathering import Gathering, Sums
from text2song.evaluation.listening import add_up


@pytest.fixture(scope="module")
def stems() -> dict[str, FakeStem]:
    return band()


def _heard(stems: list[Any], mix: Audio, gathering: Gathering | None = None) -> Sums:
    with ThreadPoolExecutor(2) as pool:
        return add_up(stems, mix, RATE, pool, gathering)


def _mix(stems: dict[str, FakeStem]) -> Audio:
    return np.asarray(sum(stem.audio for stem in stems.values()), np.float32)


def test_every_stem_is_measured_and_added(stems: dict[str, FakeStem]) -> None:
    sums = _heard(list(stems.values()), _mix(stems))
    assert [figure.name for figure in sums.figures] == list(stems)
    assert sums.figures[0].peak_dbfs == pytest.approx(20 * np.log10(np.abs(stems["kick"].audio).max()), abs=0.01)
    assert sums.null == -120.0
    np.testing.assert_array_equal(sums.vocal, stems["singer"].audio)


def test_a_missing_stem_is_left_in_the_null(stems: dict[str, FakeStem]) -> None:
    mix = stems["keys"].audio + stems["low"].audio
    assert _heard([stems["keys"]], mix).null == pytest.approx(20 * np.log10(np.abs(stems["low"].audio).max()), abs=0.01)


def test_the_sound_is_read_once_and_not_changed(stems: dict[str, FakeStem]) -> None:
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
    mix = _mix(stems)
    known = replace(_heard([stems["low"]], stems["low"].audio).figures[0], lufs=-33.0)
    gathering = Gathering(list(stems.values()), mix.shape[0])
    gathering.expect(Kept(stems["low"]), known)
    sums = _heard([Kept(stem) for stem in stems.values()], mix, gathering)
    assert read == ["low in pieces", "kick", "keys", "riff", "singer"]
    assert sums.figures[1] is known
    whole = _heard(list(stems.values()), mix)
    assert sums.null == whole.null
    np.testing.assert_array_equal(sums.bass, whole.bass)
    np.testing.assert_array_equal(sums.harmony, whole.harmony)
    for name, stem in stems.items():
        np.testing.assert_array_equal(stem.audio, before[name])
