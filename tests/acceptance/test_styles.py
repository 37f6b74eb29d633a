"""Every style, each with a seed of its own: the take passes its own report.

One take of every style rather than many of a few: neighbouring styles share grooves, idioms and bands, so that seventy
seeds over the catalogue meet more than five of each would for the time.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from text2song.audio.orchestra import Orchestra
from text2song.audio.soundfont.library import find_soundfonts
from text2song.compose.style import style_names
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.providers.composer import ComposerProvider

SECONDS = 30.0


@pytest.mark.slow
@pytest.mark.parametrize("style", style_names())
def test_the_take_passes_its_report(style: str, tmp_path: Path) -> None:
    maker = ComposerProvider(Orchestra(find_soundfonts()))
    # The name gives the seed, so that a new style does not move the others to another song.
    seed = zlib.crc32(style.encode()) % 1000
    genres = (GenreWeight(style),)
    request = CompositionRequest(style, seed=seed, duration_seconds=SECONDS, genres=genres, vocals=False)
    song = maker.make(request, tmp_path, silent)
    assert song.report.passed, (seed, song.report.reasons)
    assert song.report.measured["audible_stems"] >= 5
    assert abs(song.report.loudness_lufs + 14.0) <= 0.5
    assert song.report.true_peak_dbtp <= -1.0
    assert song.report.stems_null_dbfs <= -90.0
