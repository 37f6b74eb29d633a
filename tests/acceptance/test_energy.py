"""Rendered songs follow the energy asked for: by section, by window, and within what a master may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import spearmanr

from text2song.audio.engine import Rendering, render
from text2song.audio.loudness import gated_loudness, hop_energies
from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.compose.elements.form import PEAKS
from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.request import CompositionRequest, GenreWeight

pytestmark = pytest.mark.slow


def _made(style: str, seed: int, seconds: float, curve: Sequence[float]) -> tuple[UnifiedComposition, Rendering]:
    genres = (GenreWeight(style),)
    request = CompositionRequest(style, seed, seconds, genres=genres, energy=tuple(curve), vocals=False)
    song = compose(request)
    return song, render(song, Orchestra(find_soundfonts()))


def _sections(song: UnifiedComposition, made: Rendering) -> list[float]:
    hops, bar = hop_energies(made.master), song.time_signature.bar
    edges = [[int(10 * song.tempo.seconds(at * bar)) for at in (one.start_bar, one.end_bar)] for one in song.sections]
    return [gated_loudness(hops[first:last]) for first, last in edges]


@pytest.mark.parametrize(
    ("style", "seed", "curve"),
    [
        ("house", 46, (0.3, 0.6, 0.9, 1.0, 0.7, 0.4)),
        ("techno", 48, (0.9, 0.5, 0.2, 0.05)),
        ("metal", 28, (0.14, 0.8, 0.1, 0.9, 0.4, 0.3)),
        ("classical", 3, (0.1, 1.0, 0.1)),
        ("hiphop", 36, (0.9, 0.2, 0.5, 0.8, 0.3)),
    ],
)
def test_the_loudness_follows_a_drawn_curve(style: str, seed: int, curve: Sequence[float]) -> None:
    song, made = _made(style, seed, 50.0, curve)
    whole = song.seconds
    hops = hop_energies(made.master)[: int(10 * whole)]
    windows = np.array_split(hops, round(whole / 4))
    places = np.linspace(0, 1, len(curve))
    moments = np.array_split(np.interp((np.arange(hops.size) + 0.5) / hops.size, places, curve), len(windows))
    asked = [float(each.mean()) for each in moments]
    assert spearmanr(asked, [float(each.mean()) for each in windows]).statistic >= 0.8
    if len(song.sections) > 2:
        targets = [section.energy for section in song.sections]
        assert spearmanr(targets, _sections(song, made)).statistic >= 0.8
    assert made.loudness.integrated == pytest.approx(song.mix.lufs, abs=0.5)
    assert made.loudness.true_peak_dbtp <= song.mix.true_peak_dbtp
    assert 8.0 <= made.loudness.crest_db <= 14.0
    rest = made.mix.copy()
    for stem in made.stems:
        rest -= stem.audio
    assert float(np.abs(rest).max()) < 10 ** (-90 / 20)


@pytest.mark.parametrize("style", ["pop", "rock", "house"])
def test_the_last_goal_of_a_song_is_its_loudest_section(style: str) -> None:
    song, made = _made(style, 4, 90.0, ())
    loudness = _sections(song, made)
    peak = max(range(len(loudness)), key=lambda place: song.sections[place].energy)
    assert song.sections[peak].kind in PEAKS
    assert loudness[peak] >= max(loudness) - 0.1
