from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.audio.songs import Sines, small_song

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.loudness import integrated_loudness
from text2song.audio.mix.desk import mix_stem, set_up
from text2song.domain.composition import Channel, MixPlan, UnifiedComposition

_FRAMES, _TAIL = 8 * SAMPLE_RATE, SAMPLE_RATE


def _mixed(song: UnifiedComposition, name: str) -> Stereo:
    part = song.part(name)
    return mix_stem(Sines().perform(part, song, _FRAMES), part, set_up(song, _FRAMES, _TAIL))


def _with(channel: Channel) -> UnifiedComposition:
    return replace(small_song(), mix=MixPlan(channels=(channel,)))


@pytest.mark.parametrize("name", ["drums", "bass", "chords", "vocal"])
def test_each_stem_is_at_its_planned_loudness(name: str) -> None:
    song = small_song()
    planned = next(channel.lufs for channel in song.mix.channels if channel.part == name)
    assert integrated_loudness(_mixed(song, name)) == pytest.approx(planned, abs=0.6)


def test_stems_fade_to_nothing() -> None:
    stem = _mixed(small_song(), "chords")
    assert np.abs(stem[-5:]).max() < 1e-6


def test_silence_is_an_empty_stem() -> None:
    song = small_song()
    part = song.part("chords")
    assert not mix_stem(np.zeros((_FRAMES, 2), np.float32), part, set_up(song, _FRAMES, _TAIL)).any()


def test_a_plan_that_is_too_loud_is_turned_down_as_a_whole() -> None:
    loud = tuple(replace(channel, lufs=-10.0) for channel in small_song().mix.channels)
    desk = set_up(replace(small_song(), mix=MixPlan(channels=loud)), _FRAMES, _TAIL)
    assert desk.headroom_db == pytest.approx(-17.0 + 10.0 - 10 * np.log10(4), abs=0.01)
    assert set_up(small_song(), _FRAMES, _TAIL).headroom_db == 0.0


def test_peaks_stay_within_reach_of_the_loudness() -> None:
    dry = np.zeros((_FRAMES, 2), np.float32)
    dry[:: SAMPLE_RATE // 2] = 1.0
    song = small_song()
    stem = mix_stem(dry.copy(), song.part("drums"), set_up(song, _FRAMES, _TAIL))
    assert 20 * np.log10(np.abs(stem).max()) <= -22.0 + 16.5 + 0.01


def test_ducked_stems_dip_at_the_kick() -> None:
    steady = np.tile(np.sin(2 * np.pi * 100 * np.arange(SAMPLE_RATE) / SAMPLE_RATE), 8).astype(np.float32)
    dry = np.stack((steady, steady), axis=1)
    song = _with(Channel("bass", -24.0, duck_db=9.0))
    stem = mix_stem(dry.copy(), song.part("bass"), set_up(song, _FRAMES, _TAIL))
    at_kick = np.abs(stem[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 1200]).max()
    between = np.abs(stem[2 * SAMPLE_RATE + 25_000 : 2 * SAMPLE_RATE + 40_000]).max()
    assert 20 * np.log10(between / at_kick) == pytest.approx(9.0, abs=0.7)


def test_sends_ring_on_after_the_sound() -> None:
    dry = np.zeros((_FRAMES, 2), np.float32)
    dry[: SAMPLE_RATE // 4] = 0.3 * np.random.default_rng(0).standard_normal((SAMPLE_RATE // 4, 2))

    def ringing(channel: Channel) -> float:
        song = _with(channel)
        stem = mix_stem(dry.copy(), song.part("chords"), set_up(song, _FRAMES, _TAIL))
        return float(np.abs(stem[SAMPLE_RATE // 2 : SAMPLE_RATE]).max())

    dry_ring = ringing(Channel("chords", -27.0))
    assert ringing(Channel("chords", -27.0, reverb_db=-10.0)) > 10 * dry_ring + 1e-4
    assert ringing(Channel("chords", -27.0, delay_db=-10.0)) > 10 * dry_ring + 1e-4


def test_sung_hiss_is_held_and_words_are_not() -> None:
    time = np.arange(_FRAMES) / SAMPLE_RATE
    vowel = 0.2 * np.sin(2 * np.pi * 400 * time)
    hiss = np.where(time % 1.0 > 0.8, 0.3, 0.0) * np.sin(2 * np.pi * 8000 * time)
    dry = np.stack((vowel + hiss,) * 2, axis=1).astype(np.float32)
    song = _with(Channel("vocal", -22.0))
    stem = mix_stem(dry.copy(), song.part("vocal"), set_up(song, _FRAMES, 0))

    def levels(audio: Stereo) -> tuple[float, float]:
        spectrum = np.abs(np.fft.rfft(audio[:, 0]))
        return float(spectrum[400 * _FRAMES // SAMPLE_RATE]), float(spectrum[8000 * _FRAMES // SAMPLE_RATE])

    (vowel_in, hiss_in), (vowel_out, hiss_out) = levels(dry), levels(stem)
    assert 20 * np.log10((hiss_out / vowel_out) / (hiss_in / vowel_in)) < -2.5


def test_sparse_hits_come_close_to_their_loudness() -> None:
    time = np.arange(_FRAMES) / SAMPLE_RATE
    hits = np.exp(-60 * (time % 0.5)) * np.sin(2 * np.pi * 900 * time)
    song = _with(Channel("drums", -22.0))
    stem = mix_stem(np.stack((hits, hits), axis=1).astype(np.float32), song.part("drums"), set_up(song, _FRAMES, 0))
    assert integrated_loudness(stem) == pytest.approx(-22.0, abs=1.2)
    assert 20 * np.log10(np.abs(stem).max()) <= -22.0 + 16.5 + 0.01


def test_a_planned_fade_goes_down_evenly_and_moves_nothing_before_it() -> None:
    song = small_song()
    faded = replace(song, mix=replace(song.mix, fade_beats=song.time_signature.bar * 2))
    straight, fading = _mixed(song, "chords"), _mixed(faded, "chords")
    first = _FRAMES - _TAIL - round(song.tempo.seconds(song.time_signature.bar * 2) * SAMPLE_RATE)
    gain = np.abs(fading[: first - 1]).max() / np.abs(straight[: first - 1]).max()
    assert np.allclose(fading[: first - 1], straight[: first - 1] * gain, atol=1e-4)
    share = [
        np.sqrt(np.mean(fading[at : at + 9000] ** 2)) / np.sqrt(np.mean(straight[at : at + 9000] ** 2)) / gain
        for at in range(first, _FRAMES - _TAIL - 9000, 30_000)
    ]
    assert all(later < earlier for earlier, later in pairwise(share))
    assert share[0] > 0.9
    assert share[-1] < 0.3
