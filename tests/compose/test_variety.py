"""One prompt has many songs: no two alike, and none cut short by an unusual length or metre."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.serial import digest
from text2song.evaluation.rules.likeness import interval_likeness
from text2song.evaluation.rules.songview import SongView


def test_seeds_of_one_prompt_are_different_songs() -> None:
    songs = [
        compose(CompositionRequest("upbeat pop song, 100 bpm in C major", seed=seed, duration_seconds=20.0))
        for seed in range(30)
    ]
    assert len({digest(song.parts) for song in songs}) == len(songs)
    assert len({digest([(span.chord, span.start) for span in song.harmony]) for song in songs}) >= 20
    tunes = [SongView(song).tune for song in songs]
    alike = [interval_likeness(one, other) for one, other in combinations(tunes, 2)]
    assert sum(value <= 0.6 for value in alike) / len(alike) >= 0.99


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "12/8", "5/4", "7/8", "9/8", "11/8"])
@pytest.mark.parametrize("seconds", [5.0, 11.0, 45.0])
def test_any_length_in_any_metre_has_chords_and_tunes_on_its_grid(metre: str, seconds: float) -> None:
    style = style_names()[int(seconds) * len(metre) % len(style_names())]
    request = CompositionRequest(
        "a song", seed=4, duration_seconds=seconds, genres=(GenreWeight(style),), time_signature=metre
    )
    song = compose(request)
    assert all(before.end == after.start for before, after in pairwise(song.harmony))
    assert song.harmony[-1].end == song.length
    # Chords begin where the metre beats.
    assert all(span.start % song.time_signature.bar % song.time_signature.pulse == 0 for span in song.harmony)
    for part in song.parts:
        assert all(note.start < song.length and note.duration > 0 for note in part.notes)


def test_ten_minutes() -> None:
    song = compose(CompositionRequest("a song", seed=1, duration_seconds=600.0, genres=(GenreWeight("jazz"),)))
    assert abs(song.seconds - 600.0) < 12.0


@pytest.mark.parametrize("structure", [("chorus",), ("solo",), ("intro", "solo", "bridge", "outro")])
def test_sections_of_a_bar(structure: tuple[str, ...]) -> None:
    genres = (GenreWeight("pop"),)
    song = compose(CompositionRequest("a song", seed=2, duration_seconds=14.0, genres=genres, structure=structure))
    assert len(song.sections) == len(structure)
