from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.scoring import at_tempo, in_key, played_by
from text2song.compose.edits.targets import Cell
from text2song.domain.edits import InvalidEditError
from text2song.domain.errors import InvalidError
from text2song.domain.instruments import instrument
from text2song.domain.rational import Fraction

NOTHING: frozenset[Cell] = frozenset()


@pytest.mark.parametrize("style", ["pop", "house"])
def test_another_tempo_changes_the_tempo_map_alone(style: str) -> None:
    song = finished(style)
    child = at_tempo(song, float(song.context.bpm) / 2, NOTHING)
    assert child.tempo.bpm == song.tempo.bpm / 2 == child.context.bpm
    assert child.seconds == pytest.approx(2 * song.seconds)
    for one, two in zip(song.parts, child.parts, strict=True):
        assert [note.start for note in one.notes] == [note.start for note in two.notes]
        assert [note.velocity for note in one.notes] == [note.velocity for note in two.notes]


def test_swung_notes_keep_their_swing_at_another_tempo() -> None:
    song = finished("jazz")
    half = at_tempo(song, float(song.context.bpm) / 2, NOTHING)
    late = [
        (one.nudge_us, two.nudge_us)
        for part, other in zip(song.parts, half.parts, strict=True)
        for one, two in zip(part.notes, other.notes, strict=True)
        if one.nudge_us != two.nudge_us
    ]
    assert late
    assert all(one.start % 1 for one, two in _changed(song.parts[0].notes, half.parts[0].notes))
    assert sum(two for _, two in late) > sum(one for one, _ in late)


def _changed(one: tuple, other: tuple) -> list[tuple]:  # type: ignore[type-arg]
    return [(before, after) for before, after in zip(one, other, strict=True) if before != after]


def test_a_song_does_not_become_longer_than_songs_are() -> None:
    song = finished(seconds=300.0)
    with pytest.raises(InvalidEditError, match="at most 600 s"):
        at_tempo(song, 30.0, NOTHING)


@pytest.mark.parametrize("style", ["pop", "jazz", "metal"])
@pytest.mark.parametrize("interval", [1, 5, 6, 11])
def test_another_key_moves_every_pitch_by_one_interval_and_no_drum(style: str, interval: int) -> None:
    song = finished(style)
    child = in_key(song, song.context.key.transposed(interval).name, NOTHING)
    assert child.context.key == song.context.key.transposed(interval)
    for one, two in zip(song.parts, child.parts, strict=True):
        if instrument(one.instrument).percussion:
            assert one is two
            continue
        moved = {after.pitch - before.pitch for before, after in zip(one.notes, two.notes, strict=True)}
        assert len(moved) == 1
        assert moved.pop() % 12 == interval
        assert [note.start for note in one.notes] == [note.start for note in two.notes]
    assert all(
        (two.chord.root - one.chord.root) % 12 == interval for one, two in zip(song.harmony, child.harmony, strict=True)
    )


def test_another_mode_is_refused_and_a_locked_tune_stays_in_its_key() -> None:
    song = finished()
    other = "minor" if song.context.key.mode != "minor" else "major"
    with pytest.raises(InvalidEditError, match="keeps its mode"):
        in_key(song, f"D {other}", NOTHING)
    with pytest.raises(InvalidEditError, match="locked"):
        in_key(song, song.context.key.transposed(2).name, frozenset({Cell("chorus.1", "bass")}))


def test_another_instrument_changes_one_part_alone() -> None:
    song = finished()
    child = played_by(song, {"bass": "tuba"}, NOTHING)
    assert child.part("bass").instrument == "tuba"
    info = instrument("tuba")
    assert all(info.low <= note.pitch <= info.high for note in child.part("bass").notes)
    assert [note.start for note in child.part("bass").notes] == [note.start for note in song.part("bass").notes]
    assert all(one is two for one, two in zip(song.parts, child.parts, strict=True) if one.name != "bass")


def test_another_kit_plays_the_same_rhythm() -> None:
    song = finished("house")
    other = "drum_kit" if song.part("drums").instrument != "drum_kit" else "tr808"
    child = played_by(song, {"drums": other}, NOTHING)
    assert child.part("drums").instrument == other
    starts = {note.start for note in song.part("drums").notes}
    assert len({note.start for note in child.part("drums").notes} & starts) / len(starts) > 0.8


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"tuba": "tuba"}, "no part or section"),
        ({"chorus": "tuba"}, "not a part"),
        ({"bass": "drum kit"}, "that is drums"),
        ({"drums": "piano"}, "pitches"),
        ({"bass": "kazoo of doom"}, "kazoo of doom"),
    ],
)
def test_what_cannot_play_is_refused(wanted: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        played_by(finished(), wanted, NOTHING)


def test_positions_stay_exact() -> None:
    child = at_tempo(finished(), 93.7, NOTHING)
    assert child.tempo.bpm == Fraction("93.7")


def test_another_tempo_has_another_name() -> None:
    song = finished()
    assert at_tempo(song, 50.0, frozenset()).context.tempo_word == "very slow"
    assert at_tempo(song, 180.0, frozenset()).context.tempo_word == "very fast"
