import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.evaluation.sounds import RATE, Audio, FakeStem, band

from text2song.evaluation.gathering import Gathering, Sums, Whole
from text2song.evaluation.listening import add_up, in_stretches
from text2song.evaluation.loudness import integrated_lufs


@pytest.fixture(scope="module")
def stems() -> dict[str, FakeStem]:
    return band()


def _heard(stems: list[Any], mix: Audio, gathering: Gathering | None = None) -> Sums:
    with ThreadPoolExecutor(2) as pool:
        return add_up(stems, Whole(mix), RATE, pool, gathering, ((0, RATE), (RATE, 2 * RATE)))


def _mix(stems: dict[str, FakeStem]) -> Audio:
    return np.asarray(sum(stem.audio for stem in stems.values()), np.float32)


def test_every_stem_is_measured_and_added(stems: dict[str, FakeStem]) -> None:
    sums = _heard(list(stems.values()), _mix(stems))
    assert [figure.name for figure in sums.figures] == list(stems)
    assert sums.figures[0].peak_dbfs == pytest.approx(20 * np.log10(np.abs(stems["kick"].audio).max()), abs=0.01)
    assert sums.null == -120.0
    assert sums.lines is not None
    assert [round(voice / mix, 2) for voice, mix in sums.lines] == [0.45, 0.45]
    for figure in sums.figures:
        assert figure.lufs == pytest.approx(integrated_lufs(stems[figure.name].audio, RATE), abs=0.006)


def test_a_missing_stem_is_left_in_the_null(stems: dict[str, FakeStem]) -> None:
    mix = stems["keys"].audio + stems["low"].audio
    assert _heard([stems["keys"]], mix).null == pytest.approx(20 * np.log10(np.abs(stems["low"].audio).max()), abs=0.01)


def test_the_sound_is_read_once_and_not_changed(stems: dict[str, FakeStem]) -> None:
    read: list[str] = []

    class Kept:
        def __init__(self, stem: FakeStem) -> None:
            self.name, self.role, self.instrument, self._audio = stem.name, stem.role, stem.instrument, stem.audio

        def pieces(self) -> Iterator[Audio]:
            read.append(self.name)
            yield from np.array_split(self._audio, 3)

    before = {name: stem.audio.copy() for name, stem in stems.items()}
    mix = _mix(stems)
    known = replace(_heard([stems["low"]], stems["low"].audio).figures[0], lufs=-33.0)
    gathering = Gathering(list(stems.values()), mix.shape[0])
    gathering.expect(Kept(stems["low"]), known)
    sums = _heard([Kept(stem) for stem in stems.values()], mix, gathering)
    assert read[0] == "low"
    assert sorted(read) == sorted(stems)
    assert sums.figures[1] is known
    whole = _heard(list(stems.values()), mix)
    assert sums.null == whole.null
    np.testing.assert_array_equal(sums.bass, whole.bass)
    np.testing.assert_array_equal(sums.harmony, whole.harmony)
    for name, stem in stems.items():
        np.testing.assert_array_equal(stem.audio, before[name])


@pytest.mark.parametrize("sizes", [(10,), (3, 4, 3), (1, 0, 9), (5, 5), (12,), (4, 4, 4, 1), (0,), ()])
def test_stretches_are_of_one_length(sizes: tuple[int, ...]) -> None:
    whole = np.arange(2 * sum(sizes), dtype=np.float32).reshape(-1, 2)
    stretches = list(in_stretches(np.split(whole, np.cumsum(sizes)[:-1]) if sizes else [], 4))
    assert [len(stretch) for stretch in stretches[:-1]] == [4] * (len(stretches) - 1)
    assert all(0 < len(stretch) <= 4 for stretch in stretches)
    np.testing.assert_array_equal(np.concatenate((*stretches, whole[:0])), whole)


def test_a_long_song_is_heard_in_little_room(stems: dict[str, FakeStem]) -> None:
    class Long:
        name, role, instrument, frames = "keys", stems["keys"].role, "organ", 60 * RATE

        def pieces(self) -> Iterator[Audio]:
            for _ in range(30):
                yield stems["keys"].audio

    tracemalloc.start()
    try:
        with ThreadPoolExecutor(2) as pool:
            sums = add_up([Long()] * 6, Long(), RATE, pool)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sums.figures[0].lufs == pytest.approx(integrated_lufs(stems["keys"].audio, RATE), abs=0.1)
    # One minute of one stem is 21 MB.
    assert peak < 60e6
