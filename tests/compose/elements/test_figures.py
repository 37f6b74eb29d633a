from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.elements.bands import PLAN, asked, composed

from text2song.compose.elements.changes import Changes
from text2song.compose.elements.figures import Hand, figure
from text2song.compose.elements.patterns import Idiom, idioms
from text2song.domain.composition import PartPlan, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role

SONG = composed(asked("rock", 1, 40), PLAN)
SECTION = max(SONG.sections, key=lambda section: section.energy)


def idiom(name: str) -> Idiom:
    return next(found for found in idioms("accompaniment") if found.name == name)


def played(name: str, bar: int = 0, *, low: int = 48, high: int = 72, held: bool = False) -> list[Note]:
    plan = PartPlan("chords", Role.CHORDS, "piano", (SECTION.name,), low, high)
    return figure(Hand(SONG, plan, idiom(name), Changes(SONG)), SECTION, bar, held=held)


def test_blocks_strike_all_voices_together() -> None:
    notes = played("block whole")
    starts = {note.start for note in notes}
    assert all(sum(note.start == start for note in notes) == 4 for start in starts)


def test_picking_plays_one_tone_at_a_time_and_climbs() -> None:
    notes = played("rising sixteenths", high=96)
    assert len({note.start for note in notes}) == len(notes)
    assert notes[3].pitch > notes[2].pitch > notes[1].pitch > notes[0].pitch


def test_tones_past_the_register_fold_back() -> None:
    assert all(note.pitch <= 65 for note in played("slow bells", high=65))


@pytest.mark.parametrize("name", ["power gallop", "power chugs"])
def test_power_chords_are_root_and_fifth_and_mutes_are_short(name: str) -> None:
    for note in played(name, low=40, high=62):
        chord = Changes(SONG).at(note.start).chord
        assert (note.pitch - chord.root) % 12 in (0, 6, 7)
    assert min(note.duration for note in played("power gallop", low=40, high=62)) <= Fraction(3, 16)


def test_a_held_bar_is_one_long_chord() -> None:
    notes = played("house stabs", held=True)
    span = Changes(SONG).at(notes[0].start)
    bar = SONG.time_signature.bar
    assert {note.start for note in notes if note.start < span.end} == {SECTION.start_bar * bar}
    assert max(note.duration for note in notes) >= min(bar, span.duration)


def test_a_chord_change_under_a_step_is_struck_again() -> None:
    jazz = composed(asked("jazz", 1, 90), PLAN)
    changes = Changes(jazz)
    inside = [span for span in jazz.harmony if span.start % 4 and changes.at(span.start - 2).section == span.section]
    bar = int(inside[0].start / 4)
    section = next(section for section in jazz.sections if section.start_bar <= bar < section.end_bar)
    plan = PartPlan("chords", Role.CHORDS, "piano", (section.name,), 48, 72)
    calm = Idiom("test", "chords", "block", "x---------------", 1.0, "x---------------", 1, 1.0, (), 4)
    notes = figure(Hand(jazz, plan, calm, changes), section, bar - section.start_bar)
    assert len({note.start for note in notes}) == 2


def test_quiet_bars_thin_a_figure_out_and_loud_ones_do_not() -> None:
    quiet = replace(SONG, energy=(0.1,) * SONG.bars)
    loud = replace(SONG, energy=(0.6,) * SONG.bars)
    plan = PartPlan("chords", Role.CHORDS, "acoustic_guitar", (SECTION.name,), 48, 72)

    def strokes(song: UnifiedComposition, name: str) -> set[Fraction]:
        return {note.start for note in figure(Hand(song, plan, idiom(name), Changes(song)), SECTION, 0)}

    assert len(strokes(quiet, "folk strum")) < len(strokes(loud, "folk strum"))
    assert strokes(quiet, "folk strum") <= strokes(loud, "folk strum")
    # What lives between the beats is not taken away.
    assert strokes(quiet, "offbeat stabs") == strokes(loud, "offbeat stabs")


def test_force_follows_the_bar() -> None:
    hand = Hand(
        replace(SONG, energy=tuple(bar / SONG.bars for bar in range(SONG.bars))),
        PartPlan("chords", Role.CHORDS, "piano", (SECTION.name,), 48, 72),
        idiom("block whole"),
        Changes(SONG),
    )
    forces = [hand.force(bar * SONG.time_signature.bar) for bar in range(SONG.bars)]
    assert forces == sorted(forces)
    assert forces[-1] > 1.3 * forces[0]
