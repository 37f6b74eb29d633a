"""Tests of tempo as people keep it."""

from __future__ import annotations

from statistics import mean

import pytest
from tests.compose.elements.bands import asked, band, composed

from text2song.audio.engine import song_frames
from text2song.compose.decisions import Decisions
from text2song.compose.elements.drift import drifting
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction
from text2song.domain.score import TempoMap

PLAYED = ("folk", "rock", "jazz", "blues", "funk")
MACHINES = ("house", "techno", "synthwave", "trap", "lofi")


@pytest.mark.parametrize("style", MACHINES)
def test_machines_do_not_drift(style: str) -> None:
    assert band(style, 1).tempo == TempoMap.constant(band(style, 1).context.bpm)


@pytest.mark.parametrize("style", PLAYED)
def test_players_wander_a_little_and_begin_as_asked(style: str) -> None:
    song = band(style, 1, seconds=150.0)
    end = song.section_start(song.sections[-1])
    off = [float(bpm / song.context.bpm) - 1 for start, bpm in song.tempo.changes if start < end]
    assert off[0] == 0.0
    assert 0.0005 < max(abs(each) for each in off) <= 0.015


@pytest.mark.parametrize("style", ["rock", "blues"])
def test_choruses_push(style: str) -> None:
    pushed: list[float] = []
    others: list[float] = []
    for seed in range(6):
        song = band(style, seed, seconds=150.0)
        for section in song.sections[1:-1]:
            bpm = float(song.tempo.bpm_at(song.section_start(section)) / song.context.bpm)
            (pushed if section.kind in (SectionKind.CHORUS, SectionKind.SOLO) else others).append(bpm)
    assert mean(pushed) > mean(others) + 0.001


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("seconds", [30.0, 100.0])
def test_the_length_stays(style: str, seconds: float) -> None:
    song = composed(asked(style, 2, seconds))
    steady = float(song.length * 60 / song.context.bpm)
    bar = float(song.time_signature.bar * 60 / song.context.bpm)
    frames, _ = song_frames(song)
    assert abs(frames / 44_100 - seconds) <= max(bar, 0.02 * seconds)
    if song.context.bpm > 92:
        assert song.seconds == pytest.approx(steady, rel=0.001)


def test_a_ballad_slows_into_its_last_chord() -> None:
    song = composed(asked("folk", 1, 120, bpm=Fraction(72)))
    last = song.length - song.time_signature.bar
    assert float(song.tempo.bpm_at(last) / song.context.bpm) < 0.92
    late = [bpm for start, bpm in song.tempo.changes if start >= last - 2 * song.time_signature.bar]
    assert late == sorted(late, reverse=True)


@pytest.mark.parametrize("style", PLAYED)
def test_only_the_last_section_slows(style: str) -> None:
    for seed in range(4):
        song = composed(asked(style, seed, 100, bpm=Fraction(70)))
        end = song.section_start(song.sections[-1])
        assert all(abs(bpm / 70 - 1) <= 0.015 for start, bpm in song.tempo.changes if start < end)


def test_the_same_seed_drifts_the_same() -> None:
    song = composed(asked("rock", 1, 90))
    one, two, other = (drifting(song, load_style("rock"), Decisions(seed)) for seed in (5, 5, 6))
    assert one == two != other
