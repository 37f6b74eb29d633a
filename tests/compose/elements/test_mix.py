from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import log10

import pytest
from tests.compose.elements.bands import asked, band, composed

from text2song.compose.elements.mix import SUM_LUFS
from text2song.compose.engine import compose
from text2song.compose.style import style_names
from text2song.domain.composition import Channel, UnifiedComposition
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Role


def channels(song: UnifiedComposition) -> dict[str, Channel]:
    return {channel.part: channel for channel in song.mix.channels}


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("sung", [True, False])
def test_every_part_has_a_channel_and_the_sum_leaves_headroom(style: str, sung: bool) -> None:
    for seed in range(3):
        song = band(style, seed, sung=sung)
        found = channels(song)
        assert set(found) == {plan.name for plan in song.arrangement} >= {part.name for part in song.parts}
        total = 10 * log10(sum(10 ** (channel.lufs / 10) for channel in found.values()))
        assert total == pytest.approx(SUM_LUFS, abs=1.0)
        assert all(-40 < channel.lufs < -18 for channel in found.values())
        assert song.mix.lufs == -14.0


@pytest.mark.parametrize("style", style_names())
def test_low_parts_stay_in_the_middle_and_others_leave_the_cellar(style: str) -> None:
    song = band(style, 1)
    for plan in song.arrangement:
        channel = channels(song)[plan.name]
        assert -1 <= channel.pan <= 1
        if plan.role is Role.BASS or plan.name == "drums":
            assert abs(channel.pan) < 0.1
            assert channel.highpass_hz == 0
        else:
            assert channel.highpass_hz > 30


def test_a_part_that_found_nothing_to_play_has_no_stem() -> None:
    request = CompositionRequest("pop about rain with a singer", duration_seconds=8, time_signature="7/8", bpm=60)
    for seed in range(4):
        song = compose(replace(request, seed=seed))
        names = {part.name for part in song.parts if part.notes}
        assert names == {part.name for part in song.parts} == set(channels(song))
        assert names == {plan.name for plan in song.arrangement}


def test_the_voice_is_in_front() -> None:
    song = band("pop", 1, sung=True)
    found = channels(song)
    # What carries the song low down is louder by the meter, not where words are heard; the rest makes room.
    others = {name: channel for name, channel in found.items() if name not in ("vocal", "drums", "bass")}
    assert all(found["vocal"].lufs > channel.lufs - channel.voice_db for channel in others.values())
    assert all(channel.voice_db >= 2 for name, channel in others.items() if name != "percussion")
    assert found["vocal"].voice_db == 0


def test_phrases_are_sung_where_the_vocal_has_notes() -> None:
    song = band("pop", 1, sung=True)
    spans = song.mix.sung
    assert spans
    assert all(start < end for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    for note in song.part("vocal").notes:
        assert any(start <= note.start and note.start + note.duration <= end for start, end in spans)
    assert band("pop", 1).mix.sung == ()


@pytest.mark.parametrize("style", style_names())
def test_every_style_has_its_octave_bands(style: str) -> None:
    bands = band(style, 1).mix.bands_db
    assert len(bands) == 9
    # Below 250 Hz styles differ; above, every one of them falls.
    assert all(low > high for low, high in pairwise(bands[3:]))
    assert 8.0 <= band(style, 1).mix.crest_db <= 14.0


def test_electronic_styles_pump() -> None:
    found = channels(band("house", 1))
    assert found["bass"].duck_db >= 3
    assert found["pad"].duck_db >= 3
    assert all(channel.duck_db == 0 for channel in channels(band("folk", 1)).values())


def test_dusty_words_darken_and_bright_words_open_the_master() -> None:
    plain = composed(asked("pop", 1, 20)).mix.air_db
    assert composed(asked("pop", 1, 20, production=("dark mix",))).mix.air_db < plain
    assert composed(asked("pop", 1, 20, production=("bright mix",))).mix.air_db > plain


def test_two_players_of_one_place_stand_apart() -> None:
    song = composed(asked("folk", 1, 30, instruments=("violin", "flute", "harmonica", "oboe")))
    found = channels(song)
    doubled = [name for name in found if "-" in name]
    assert doubled
    for name in doubled:
        assert found[name].pan != found[name.partition("-")[0]].pan


def test_ambient_rooms_are_larger_than_metal_ones() -> None:
    assert band("ambient", 1).mix.reverb_seconds > 2 * band("metal", 1).mix.reverb_seconds


@pytest.mark.parametrize(("style", "sweeps"), [("trance", True), ("dubstep", True), ("disco", False), ("jazz", False)])
def test_electronic_styles_sweep_their_build_ups(style: str, sweeps: bool) -> None:
    song = compose(CompositionRequest("a song", seed=3, duration_seconds=90.0, genres=(GenreWeight(style),)))
    assert (song.mix.sweep_hz > 0) is sweeps
    opening = {channel.part.partition("-")[0] for channel in song.mix.channels if channel.opens}
    thinning = {channel.part.partition("-")[0] for channel in song.mix.channels if channel.thins}
    assert bool(opening) is bool(thinning) is sweeps
    assert opening <= {"pad", "chords", "arpeggio", "counter"}
    assert opening <= thinning
    assert "vocal" not in thinning
