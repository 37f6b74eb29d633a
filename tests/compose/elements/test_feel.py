from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest
from tests.compose.elements.bands import WRITTEN, asked, band, composed
from tests.compose.elements.rhythm_rules import (
    KICK,
    SNARES,
    autocorrelation,
    bar_notes,
    nudges_ms,
    part_of,
    spread,
)

from text2song.compose.decisions import Decisions
from text2song.compose.elements.feel import FeelElement, apply_feel
from text2song.compose.style import load_style, style_names

HUMAN = ("rock", "folk", "pop")
MACHINES = ("house", "synthwave")


def test_feel_moves_nothing_but_time_and_force() -> None:
    song = composed(asked("jazz", 1, 40), WRITTEN)
    felt = FeelElement().generate(song, load_style("jazz"), Decisions(1))
    for before, after in zip(song.parts, felt.parts, strict=True):
        plain = [replace(note, nudge_us=0, velocity=64) for note in before.notes]
        assert plain == [replace(note, nudge_us=0, velocity=64) for note in after.notes]
    assert felt.parts != song.parts


@pytest.mark.parametrize("style", style_names())
def test_nobody_strays(style: str) -> None:
    song = band(style, 3)
    swings = any(ratio > 1.0 for ratio, _ in load_style(style).table("groove")["swing"])
    for part in song.parts:
        assert all(1 <= note.velocity <= 127 for note in part.notes)
        assert all(abs(note.nudge_us) <= (145_000 if swings else 45_000) for note in part.notes)


@pytest.mark.parametrize("style", HUMAN)
def test_people_wander_together_and_slowly(style: str) -> None:
    song = band(style, 2)
    if load_style(style).table("groove").get("swing", [[1.0, 1]])[0][0] != 1.0:
        pytest.skip("swung")
    drums = part_of(song, "drums")
    assert drums is not None
    steady = [note for note in drums.notes if note.pitch not in SNARES and note.start % 1 == 0]
    per_beat = {note.start: note.nudge_us / 1000 for note in steady}
    values = [per_beat[start] for start in sorted(per_beat)]
    assert 2.0 <= spread(values) <= 12.0
    on_eighths = {note.start: note.nudge_us / 1000 for note in drums.notes if (note.start * 2) % 1 == 0}
    assert autocorrelation([on_eighths[start] for start in sorted(on_eighths)]) > 0.05


@pytest.mark.parametrize("style", MACHINES)
def test_machines_keep_time(style: str) -> None:
    song = band(style, 2)
    drums = part_of(song, "drums")
    assert drums is not None
    assert spread(nudges_ms([note for note in drums.notes if note.start % 1 == 0])) < 1.0


@pytest.mark.parametrize("style", style_names())
def test_the_bass_stays_with_the_kick(style: str) -> None:
    for seed in range(3):
        song = band(style, seed)
        bass, drums = part_of(song, "bass"), part_of(song, "drums")
        if bass is None or drums is None:
            continue
        kicks = {note.start: note.nudge_us for note in drums.notes if note.pitch == KICK}
        apart = [abs(note.nudge_us - kicks[note.start]) / 1000 for note in bass.notes if note.start in kicks]
        assert mean(distance <= 10.0 for distance in apart or [0.0]) >= 0.9


def test_the_back_beat_is_late_where_the_style_is_lazy() -> None:
    late = []
    for seed in range(4):
        drums = part_of(band("lofi", seed), "drums")
        if drums is not None:
            on_beat = [note for note in drums.notes if note.start % 1 == 0]
            snares = mean(nudges_ms([note for note in on_beat if note.pitch in SNARES]))
            kicks = mean(nudges_ms([note for note in on_beat if note.pitch == KICK]))
            late.append(snares - kicks)
    assert 5.0 <= mean(late) <= 20.0


def test_jazz_eighths_swing() -> None:
    song = band("jazz", 1)
    lead = part_of(song, "lead")
    assert lead is not None
    quarter = 60_000 / float(song.tempo.bpm)
    off = [note.nudge_us / 1000 for note in lead.notes if note.start % 1 == 0.5]
    ratio = (quarter / 2 + mean(off)) / (quarter / 2 - mean(off))
    assert 1.45 <= ratio <= 2.1


@pytest.mark.parametrize("style", style_names())
def test_no_bar_of_drums_is_struck_twice_alike(style: str) -> None:
    song = band(style, 1)
    drums = part_of(song, "drums")
    if drums is None:
        return
    assert len({note.velocity for note in drums.notes}) >= 12
    bars = [tuple(note.velocity for note in bar_notes(song, drums, bar)) for bar in range(song.bars)]
    full = [bar for bar in bars if len(bar) >= 6]
    assert len(set(full)) == len(full)


def test_the_same_seed_feels_the_same() -> None:
    song = composed(asked("rock", 7, 30), WRITTEN)
    one = apply_feel(song, load_style("rock"), Decisions(7))
    assert one == apply_feel(song, load_style("rock"), Decisions(7))
    assert one != apply_feel(song, load_style("rock"), Decisions(8))
