from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.evaluation.sounds import composition, sound

from text2song.evaluation.energy import Following, following, section_loudness, spearman
from text2song.evaluation.loudness import chunk_powers


def _powers(bars: list[float]) -> NDArray[np.float64]:
    """Chunk powers of a song of bars of two seconds at these levels, dB, and a quiet ring-out."""
    return np.concatenate((np.repeat(10 ** (np.asarray(bars) / 10), 20), np.full(10, 1e-8)))


def test_sections_are_measured_where_they_stand() -> None:
    take = sound()
    intro, verse, chorus = section_loudness(composition(), chunk_powers(take.mix, take.sample_rate))
    assert verse - intro == pytest.approx(4.9, abs=0.5)
    assert chorus - verse == pytest.approx(3.1, abs=0.5)


def test_a_curve_inside_sections_is_judged_by_windows() -> None:
    song = replace(composition(), energy=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9, 0.9))
    rising = following(song, _powers([10 * energy for energy in song.energy]))
    assert rising == Following(1.0, 1.0)
    # The sections rank as they should, but what moves inside them does not.
    upside_down = [-7, -8, -9, -10, -3, -4, -5, -6, 0, 0, 0, 0]
    found = following(song, _powers([float(level) for level in upside_down]))
    assert found.by_section == 1.0
    assert found.by_window is not None
    assert found.by_window < 0.95
    assert found.least == found.by_window


def test_a_song_without_energy_of_its_bars_is_judged_by_sections() -> None:
    assert following(composition(), _powers([-9.0] * 4 + [-5.0] * 4 + [0.0] * 4)) == Following(1.0, None)


def test_two_sections_are_judged_by_windows() -> None:
    song = composition()
    song = replace(song, sections=song.sections[:2], energy=tuple(0.1 * bar for bar in range(8)))
    assert following(song, _powers([float(bar) for bar in range(8)])) == Following(None, 1.0)


@pytest.mark.parametrize("energy", [0.0, 0.5, 1.0])
def test_a_curve_that_does_not_move_has_nothing_to_follow(energy: float) -> None:
    song = composition()
    sections = tuple(replace(section, energy=energy) for section in song.sections)
    flat = replace(song, sections=sections, energy=(energy,) * 12)
    assert following(flat, _powers([-3.0, 1.0, 2.0] * 4)) == Following(None, None)
    assert following(flat, _powers([-3.0, 1.0, 2.0] * 4)).least is None


def test_a_loudness_that_does_not_move_follows_nothing() -> None:
    song = replace(composition(), energy=tuple(0.05 * bar for bar in range(12)))
    assert following(song, _powers([-3.0] * 12)) == Following(0.0, 0.0)
    assert following(song, np.zeros(240)) == Following(0.0, 0.0)


def test_equal_targets_that_hardly_differ_cost_nothing() -> None:
    song = replace(composition(), energy=(0.3,) * 8 + (0.8,) * 4)
    assert following(song, _powers([-9.0, -8.9] * 4 + [0.0] * 4)).by_window == 1.0
    apart = following(song, _powers([-9.0, -9.0, -3.0, -3.0] * 2 + [0.0] * 4)).by_window
    assert apart is not None
    assert apart < 0.9


def test_a_take_that_ends_early_is_still_judged() -> None:
    song = replace(composition(), energy=tuple(0.05 * bar for bar in range(12)))
    found = following(song, np.ones(3))
    assert found.by_window is not None
    assert np.isfinite(found.by_window)


def test_rank_correlation_of_a_rising_curve_is_one() -> None:
    assert spearman([0.1, 0.2, 0.9], [-30, -20, -10]) == pytest.approx(1.0)
    assert spearman([0.1, 0.2, 0.9], [-10, -20, -30]) == pytest.approx(-1.0)


def test_a_flat_or_short_curve_has_no_correlation() -> None:
    assert spearman([0.5, 0.5, 0.5], [1, 2, 3]) is None
    assert spearman([0.1, 0.2], [1, 2]) is None
