import pytest
from tests.evaluation.sounds import composition, sound

from text2song.evaluation.energy import section_loudness, spearman


def test_sections_are_measured_where_they_stand() -> None:
    take = sound()
    intro, verse, chorus = section_loudness(composition(), take.mix, take.sample_rate)
    assert verse - intro == pytest.approx(4.9, abs=0.5)
    assert chorus - verse == pytest.approx(3.1, abs=0.5)


def test_rank_correlation_of_a_rising_curve_is_one() -> None:
    assert spearman([0.1, 0.2, 0.9], [-30, -20, -10]) == pytest.approx(1.0)
    assert spearman([0.1, 0.2, 0.9], [-10, -20, -30]) == pytest.approx(-1.0)


def test_a_flat_or_short_curve_has_no_correlation() -> None:
    assert spearman([0.5, 0.5, 0.5], [1, 2, 3]) is None
    assert spearman([0.1, 0.2], [1, 2]) is None
