from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from tests.audio.songs import Sines, small_song

from text2song.audio import engine
from text2song.audio.engine import render, song_frames
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.pcm import Pcm
from text2song.domain.composition import UnifiedComposition
from text2song.domain.errors import CancelledError, UnavailableError
from text2song.domain.score import Part, Role


@pytest.fixture(scope="module")
def rendering() -> engine.Rendering:
    return render(small_song(), Sines())


def test_stems_add_up_to_the_mix(rendering: engine.Rendering) -> None:
    total = np.zeros_like(rendering.mix)
    for stem in rendering.stems:
        total += stem.audio
    assert np.array_equal(total, rendering.mix)


def test_every_part_is_a_stem_with_sound(rendering: engine.Rendering) -> None:
    assert [stem.name for stem in rendering.stems] == ["drums", "bass", "chords", "vocal"]
    assert [stem.role for stem in rendering.stems] == [Role.DRUMS, Role.BASS, Role.CHORDS, Role.VOCAL]
    assert all(np.abs(stem.audio).max() > 0.01 for stem in rendering.stems)


def test_all_audio_is_one_length_and_kind(rendering: engine.Rendering) -> None:
    frames, _ = song_frames(small_song())
    for audio in (rendering.mix, rendering.master, *(stem.audio for stem in rendering.stems)):
        assert audio.shape == (frames, 2)
        assert audio.dtype == np.float32


def test_the_master_is_at_its_loudness(rendering: engine.Rendering) -> None:
    assert rendering.loudness.integrated == pytest.approx(-14.0, abs=0.3)
    assert rendering.loudness.true_peak_dbtp <= -1.0


def test_the_song_ends_in_silence(rendering: engine.Rendering) -> None:
    assert np.abs(rendering.master[-20:]).max() < 1e-3


def test_times_are_given_per_stage(rendering: engine.Rendering) -> None:
    assert set(rendering.seconds) == {"instruments", "mix", "master"}
    assert all(value >= 0 for value in rendering.seconds.values())


def test_the_number_of_threads_changes_nothing(rendering: engine.Rendering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_THREADS", 1)
    again = render(small_song(), Sines())
    assert np.array_equal(again.master, rendering.master)
    for one, other in zip(again.stems, rendering.stems, strict=True):
        assert np.array_equal(one.audio, other.audio)


def test_a_stem_does_not_depend_on_the_others(rendering: engine.Rendering) -> None:
    song = small_song()
    louder = tuple(replace(note, velocity=127) for note in song.part("chords").notes)
    parts = tuple(replace(part, notes=louder) if part.name == "chords" else part for part in song.parts)
    changed = render(replace(song, parts=parts), Sines())
    for before, after in zip(rendering.stems, changed.stems, strict=True):
        assert np.array_equal(before.audio, after.audio) is (before.name != "chords")


@pytest.mark.parametrize("asked", [7.0, 8.0, 9.0])
def test_the_length_is_within_a_bar_of_what_was_asked(asked: float) -> None:
    song = small_song()
    frames, tail = song_frames(replace(song, context=replace(song.context, duration_seconds=asked)))
    assert abs(frames / SAMPLE_RATE - asked) <= 2.0
    assert 0.25 * SAMPLE_RATE < tail <= 2 * SAMPLE_RATE


def test_a_song_without_notes_is_silent() -> None:
    empty = replace(small_song(), parts=())
    result = render(empty, Sines())
    assert result.stems == ()
    assert not result.master.any()


def test_progress_rises_to_the_end() -> None:
    seen: list[float] = []

    def note(stage: str, fraction: float) -> None:
        seen.append(fraction)
        assert stage

    render(small_song(2), Sines(), note)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


class _Slow(Sines):
    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        self.released.wait(30)
        return super().perform(part, composition, frames)


def test_cancelling_does_not_wait_for_slow_stems() -> None:
    def cancel(stage: str, fraction: float) -> None:
        raise CancelledError(stage, fraction)

    orchestra = _Slow()
    started = time.monotonic()
    with pytest.raises(CancelledError):
        render(small_song(2), orchestra, cancel)
    waited = time.monotonic() - started
    orchestra.released.set()
    # A render that waits would wait for half a minute; anything well below that is at once, on a busy machine too.
    assert waited < 15.0


class _Broken(Sines):
    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        if part.name == "bass":
            raise UnavailableError("the bass player is ill")
        return super().perform(part, composition, frames)


def test_a_failing_instrument_fails_the_song() -> None:
    with pytest.raises(UnavailableError, match="ill"):
        render(small_song(2), _Broken())


class _Infinite(Sines):
    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        sound = super().perform(part, composition, frames)
        if part.name == "chords":
            sound[frames // 2] = np.nan
        return sound


def test_sound_that_is_no_number_is_never_written() -> None:
    with pytest.raises(engine.BrokenSoundError, match="piano of “chords”"):
        render(small_song(2), _Infinite())


class _Shelf:
    """Has some stems of an earlier rendering."""

    def __init__(self, stems: dict[str, engine.Stem]) -> None:
        self._stems = stems

    def find(self, name: str, address: str) -> Pcm | None:
        stem = self._stems.get(name)
        return stem.sound if stem is not None and stem.address == address else None


class _Forbidden(Sines):
    def perform(self, part: Part, composition: UnifiedComposition, frames: int) -> Stereo:
        assert part.name == "chords", f"{part.name} was there already"
        return super().perform(part, composition, frames)


def test_stems_that_are_there_are_not_made_again_and_nobody_hears_it() -> None:
    full = render(small_song(2), Sines())
    shelf = _Shelf({stem.name: stem for stem in full.stems if stem.name != "chords"})
    quick = render(small_song(2), _Forbidden(), keeper=shelf)
    assert [stem.name for stem in quick.stems if stem.kept] == ["drums", "bass", "vocal"]
    assert np.array_equal(quick.mix, full.mix)
    assert np.array_equal(quick.master, full.master)


def test_a_stem_of_another_length_is_not_taken() -> None:
    full = render(small_song(2), Sines())
    short = {stem.name: replace(stem, sound=Pcm.of(stem.audio[:-1])) for stem in full.stems}
    assert not any(stem.kept for stem in render(small_song(2), Sines(), keeper=_Shelf(short)).stems)
