from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.evaluation.sounds import FakeStem, composition, sound

from text2song.domain.context import Reading, Source
from text2song.domain.rational import Fraction
from text2song.domain.score import Role
from text2song.domain.theory import Key
from text2song.evaluation.conformance import TakeSound, judge


def _reasons(song: Any = None, take: TakeSound | None = None) -> str:
    report = judge(song or composition(), take or sound())
    assert report.passed is (not report.reasons)
    return "; ".join(report.reasons)


def test_a_faithful_take_passes() -> None:
    report = judge(composition(), sound())
    assert report.reasons == ()
    assert report.measured["tempo"]["error"] < 0.002
    assert report.measured["tempo"]["witness"] == "audio"
    assert report.measured["key"]["key"] == "A minor"
    assert report.energy_spearman == 1.0
    assert [stem.name for stem in report.stems] == ["drums", "chords"]
    assert report.stems_null_dbfs < -100


def test_a_wrong_tempo_is_heard() -> None:
    assert "tempo" in _reasons(take=sound(bpm=123.0))


@pytest.mark.parametrize("asked", ["C# major", "F minor", "B minor", "A major"])
def test_a_wrong_key_is_heard(asked: str) -> None:
    assert "key" in _reasons(composition(key=Key.parse(asked)))


def test_a_wrong_length_is_told() -> None:
    assert "lasts 24.0 s" in _reasons(composition(duration_seconds=40.0))


def test_too_quiet_and_too_hot_masters_are_told() -> None:
    take = sound()
    assert "loudness" in _reasons(take=replace(take, master=take.master * np.float32(0.8)))
    assert "true peak" in _reasons(take=replace(take, master=take.master * np.float32(3.0)))


def test_stems_that_miss_the_mix_are_told() -> None:
    take = sound()
    assert "stems miss" in _reasons(take=replace(take, mix=take.mix + np.float32(0.001)))


def test_a_silent_stem_is_told() -> None:
    take = sound()
    silent = FakeStem("pad", Role.PAD, "synth_pad", np.zeros_like(take.mix))
    assert "not audible: pad" in _reasons(take=replace(take, stems=(*take.stems, silent)))


def test_a_missing_and_an_unwanted_instrument_are_told() -> None:
    assert "missing: piano" in _reasons(composition(instruments=("piano",)))
    assert "unwanted" in _reasons(composition(without=("drums",)))
    assert "unwanted" in _reasons(composition(without=("keys",)))


def test_only_a_curve_that_was_asked_for_can_fail() -> None:
    flat = sound()
    level = TakeSound(flat.sample_rate, flat.stems, flat.mix, flat.master)
    falling = composition()
    sections = tuple(replace(section, energy=1.0 - section.energy) for section in falling.sections)
    assert "energy" not in _reasons(replace(falling, sections=sections), level)
    asked = composition(energy=(0.9, 0.1), sources={"energy": Reading(Source.USER)})
    assert "energy" in _reasons(replace(asked, sections=sections), level)


def test_a_song_without_a_beat_is_judged_by_its_notes() -> None:
    take = sound()
    chords = take.stems[1]
    calm = TakeSound(take.sample_rate, (chords,), np.concatenate(list(chords.pieces())), take.master)
    report = judge(composition(bpm=Fraction(120)), calm)
    assert report.measured["tempo"]["witness"] == "score"
    assert report.measured["tempo"]["error"] < 0.01
