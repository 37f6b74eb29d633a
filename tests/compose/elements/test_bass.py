from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from statistics import mean

import pytest
from tests.compose.elements.bands import WRITTEN, asked, band, composed
from tests.compose.elements.rhythm_rules import KICK, approaches, part_of, root_first

from text2song.compose.style import load_style, style_names
from text2song.domain.theory import MODES

SEEDS = range(3)
#: Walking lines lead everywhere by themselves; drones, ambient and techno basses stand still on purpose.
MOVING = [
    name
    for name in style_names()
    if name not in ("jazz", "ambient", "techno")
    and load_style(name).table("bass")["approach"] > 0
    and {row[0] for row in load_style(name).table("bass")["calm"]} != {"walking"}
]


@pytest.mark.parametrize("style", style_names())
def test_bars_begin_with_the_root(style: str) -> None:
    firsts = [flag for seed in SEEDS for flag in root_first(band(style, seed))]
    assert mean(firsts) >= 0.8


@pytest.mark.parametrize("style", MOVING)
def test_new_roots_are_approached_now_and_then(style: str) -> None:
    led = [flag for seed in range(8) for flag in approaches(band(style, seed))]
    assert 0.1 <= mean(led) <= 0.5


@pytest.mark.parametrize("style", style_names())
def test_one_note_at_a_time_within_reach(style: str) -> None:
    for seed in SEEDS:
        bass = part_of(band(style, seed), "bass")
        assert bass is not None
        for before, after in pairwise(bass.notes):
            assert before.start + before.duration <= after.start
            assert abs(before.pitch - after.pitch) <= 22


def test_hip_hop_locks_with_the_kick() -> None:
    locked = []
    for seed in range(6):
        song = composed(asked("hiphop", seed, 60), WRITTEN)
        bass, drums = part_of(song, "bass"), part_of(song, "drums")
        assert bass is not None
        assert drums is not None
        kicks = {note.start for note in drums.notes if note.pitch == KICK}
        if any(note.why.endswith("locked 808") for note in bass.notes):
            played = [note for note in bass.notes if note.why.endswith("locked 808")]
            locked += [note.start in kicks for note in played if any(abs(note.start - kick) < 2 for kick in kicks)]
    assert mean(locked) >= 0.85


def test_idioms_tell_styles_apart() -> None:
    def names(style: str) -> set[str]:
        bass = part_of(band(style, 1), "bass")
        return {note.why.rpartition("/")[2] for note in bass.notes} if bass else set()

    assert "walking" in names("jazz")
    assert names("reggae") & {"one drop line", "roots dub", "steppers line"}
    assert names("synthwave") & {"synth eighths", "synth sixteenths", "synth gallop"}


def test_the_last_bar_is_one_long_root() -> None:
    song = composed(asked("pop", 1, 60, structure=("verse", "chorus")), WRITTEN)
    bass = part_of(song, "bass")
    assert bass is not None
    assert bass.notes[-1].duration == song.time_signature.bar
    assert bass.notes[-1].pitch % 12 == song.harmony[-1].chord.bass_pitch_class


def test_no_bass_when_unwanted() -> None:
    assert part_of(composed(asked("rock", 1, 30, without=("bass",)), WRITTEN), "bass") is None
    assert load_style("rock").table("bass")["approach"] > 0


@pytest.mark.parametrize("style", ["pop", "kpop"])
def test_a_bass_comes_into_a_chord_by_the_key_that_sounds(style: str) -> None:
    found = 0
    for seed in range(2):
        song = composed(asked(style, seed, 200, production=("key change",)), WRITTEN)
        changed = song.keys[-1]
        scale = {(changed.key.tonic + step) % 12 for step in MODES[changed.key.mode]}
        starts = [span.start for span in song.harmony]
        for note in song.part("bass").notes:
            following = bisect_right(starts, note.start)
            if "/approach/" not in note.why or note.start < changed.start or following >= len(starts):
                continue
            neighbours = {(song.harmony[following].chord.bass_pitch_class + way) % 12 for way in (-1, -2, 2, 1)}
            if neighbours & scale:
                found += 1
                assert note.pitch % 12 in scale
    assert found
