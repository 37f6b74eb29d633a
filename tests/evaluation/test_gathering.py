from itertools import permutations

import numpy as np
import pytest
from tests.evaluation.sounds import RATE, Audio, FakeStem, band

from text2song.domain.take import StemFigure
from text2song.evaluation.gathering import Gathering, Sums
from text2song.evaluation.tonality import frame_levels

#: Frames of two sung lines.
LINES = ((1000, 30_000), (40_000, 2 * RATE + 9))


@pytest.fixture(scope="module")
def stems() -> dict[str, FakeStem]:
    return band()


def _figure(stem: FakeStem) -> StemFigure:
    return StemFigure(stem.name, stem.instrument, stem.role.value, lufs=-20.0, peak_dbfs=-3.0, sha256="")


def _mix(stems: dict[str, FakeStem], *names: str) -> Audio:
    return np.asarray(sum(stems[name].audio for name in names or stems), np.float32)


def _gathered(stems: list[FakeStem], mix: Audio, early: int = 0) -> Sums:
    gathering = Gathering(stems, mix.shape[0])
    for stem in stems[:early]:
        gathering.expect(stem, _figure(stem))
    gathering.catch_up()
    gathering.begin(LINES)
    later = {stem.name: np.array_split(stem.audio, 7) for stem in stems[early:]}
    for number, whole in enumerate(np.array_split(mix, 7)):
        gathering.go_on(whole, {name: pieces[number] for name, pieces in later.items()})
    return gathering.sums([_figure(stem) for stem in stems])


def _rms(audio: Audio) -> float:
    return float(np.sqrt(np.mean(np.square(audio, dtype=np.float64))))


def test_every_sum_holds_its_stems(stems: dict[str, FakeStem]) -> None:
    sums = _gathered(list(stems.values()), _mix(stems))
    assert [figure.name for figure in sums.figures] == list(stems)
    assert sums.null == -120.0
    # To the bit what a general decimator makes of the sum.
    np.testing.assert_array_equal(sums.harmony, frame_levels(_mix(stems, "keys", "singer")))
    np.testing.assert_array_equal(sums.bass, frame_levels(stems["low"].audio))
    for (first, last), (voice, whole) in zip(LINES, sums.lines or (), strict=True):
        assert voice == pytest.approx(_rms(stems["singer"].audio[first:last]), rel=1e-9)
        assert whole == pytest.approx(_rms(_mix(stems)[first:last]), rel=1e-9)


def test_where_all_is_distorted_that_is_the_harmony(stems: dict[str, FakeStem]) -> None:
    sums = _gathered([stems["kick"], stems["riff"]], _mix(stems, "kick", "riff"))
    np.testing.assert_array_equal(sums.harmony, frame_levels(stems["riff"].audio))
    assert sums.bass is None
    assert sums.lines is None
    assert _gathered([stems["kick"]], stems["kick"].audio).harmony is None


def test_order_and_time_change_nothing(stems: dict[str, FakeStem]) -> None:
    mix = _mix(stems)
    whole = _gathered(list(stems.values()), mix)
    for number, order in enumerate(permutations(stems.values())):
        if number % 10 == 0:
            sums = _gathered(list(order), mix, early=number % 6)
            assert sums.null == whole.null
            assert sums.lines == whole.lines
            for one, other in ((sums.harmony, whole.harmony), (sums.bass, whole.bass)):
                np.testing.assert_array_equal(one, other)


def test_what_the_mix_lacks_or_has_too_much_is_left_in_the_null(stems: dict[str, FakeStem]) -> None:
    peak = 20 * np.log10(np.abs(stems["low"].audio).max())
    keys = stems["keys"]
    assert _gathered([keys], _mix(stems, "keys", "low")).null == pytest.approx(peak, abs=0.01)
    assert _gathered([keys, stems["low"]], keys.audio).null == pytest.approx(peak, abs=0.01)


def test_figures_are_known_of_stems_that_were_left_here(stems: dict[str, FakeStem]) -> None:
    gathering = Gathering(list(stems.values()), stems["low"].audio.shape[0])
    gathering.expect(stems["low"], _figure(stems["low"]))
    gathering.catch_up()
    assert gathering.figure("low") == _figure(stems["low"])
    assert gathering.figure("keys") is None


def test_sums_beyond_full_scale_are_exact() -> None:
    loud = {name: np.full((9, 2), 0.75, np.float32) for name in "abcd"}
    stems = [FakeStem(name, band()["keys"].role, "organ", audio) for name, audio in loud.items()]
    assert _gathered(stems, np.full((9, 2), 3.0, np.float32)).null == -120.0
    # What a file clips is heard as missing.
    assert _gathered(stems, np.full((9, 2), 1.0, np.float32)).null == pytest.approx(20 * np.log10(2.0), abs=0.01)
