from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.elements.bands import PLAN, asked, composed

from text2song.compose.decisions import Decisions
from text2song.compose.elements.cues import Cues, Gap, cues, ends_held, groove_of, is_held, recall
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction
from text2song.domain.score import Note

GAP = Gap(Fraction(3), Fraction(4))
CUES = Cues((GAP,), {"verse.1": ("pad", 4)})


def test_a_choice_is_made_once_and_remembered() -> None:
    decisions = Decisions(1)
    first = recall(decisions, "a/b", (1, 2, 3, 4, 5, 6, 7))
    assert all(recall(decisions, "a/b", (1, 2, 3, 4, 5, 6, 7)) == first for _ in range(5))
    assert len(decisions.made) == 1


def test_notes_are_cut_at_a_gap_and_none_begins_in_it() -> None:
    notes = [Note(Fraction(start, 2), 60, Fraction(2), 90) for start in (0, 3, 6, 7, 8)]
    kept = CUES.silenced(notes)
    assert [(note.start, note.duration) for note in kept] == [
        (0, 2),
        (Fraction(3, 2), Fraction(3, 2)),
        (4, 2),
    ]


def test_positions_know_their_gap() -> None:
    assert CUES.gap_in(Fraction(0), Fraction(4)) == GAP
    assert CUES.gap_in(Fraction(4), Fraction(8)) is None


@pytest.mark.parametrize("style", style_names())
def test_the_order_of_players_does_not_matter(style: str) -> None:
    song = composed(asked(style, 4, 90), PLAN)
    found = load_style(style)
    one, other = Decisions(4), Decisions(4)
    agreed = cues(song, found, one)
    grooves = [groove_of(section, song.time_signature, found, one) for section in song.sections]
    backwards = [groove_of(section, song.time_signature, found, other) for section in reversed(song.sections)]
    assert [groove.name for groove in grooves] == [groove.name for groove in reversed(backwards)]
    assert cues(song, found, other) == agreed


def test_long_sections_let_one_player_wait() -> None:
    song = composed(asked("pop", 2, 150), PLAN)
    agreed = cues(song, load_style("pop"), Decisions(2))
    assert agreed.late
    for section in song.sections:
        for plan in song.arrangement:
            assert agreed.entry(section, plan.name) < section.bars
    assert CUES.entry(song.sections[0], "pad") == (4 if song.sections[0].name == "verse.1" else 0)


def test_only_songs_long_enough_end_on_a_held_bar() -> None:
    long, short = composed(asked("rock", 1, 60), PLAN), composed(asked("rock", 1, 6), PLAN)
    assert ends_held(long)
    assert is_held(long, long.bars - 1)
    assert not is_held(long, long.bars - 2)
    assert not is_held(short, short.bars - 1)


def test_a_part_pauses_alone() -> None:
    agreed = Cues((), {}, {"pad": (GAP,)})
    notes = [Note(Fraction(start), 60, Fraction(1), 90) for start in range(6)]
    assert [note.start for note in agreed.struck(notes, "pad")] == [0, 1, 2, 4, 5]
    assert [note.start for note in agreed.silenced(notes, "pad")] == [0, 1, 2, 4, 5]
    assert agreed.struck(notes, "chords") == agreed.silenced(notes, "chords") == notes


def test_an_intro_builds_and_an_ending_lets_go() -> None:
    built = left = 0
    for seed in range(6):
        song = composed(asked("ska", seed, 100), PLAN)
        agreed = cues(song, load_style("ska"), Decisions(seed))
        intro, outro = song.sections[0], song.sections[-1]
        assert (intro.kind, outro.kind) == (SectionKind.INTRO, SectionKind.OUTRO)
        built += intro.name in agreed.late
        for part, gaps in agreed.pauses.items():
            left += 1
            (gap,) = gaps
            # Who leaves played the first half and is back for the last chord.
            assert song.section_start(outro) < gap.start < gap.end == song.length - song.time_signature.bar
            assert agreed.late.get(outro.name, ("", 0))[0] != part
    assert built >= 4
    assert left >= 4


def test_a_drawn_curve_builds_and_lets_go_by_itself() -> None:
    song = composed(asked("ska", 0, 90), PLAN)
    drawn = replace(song, context=replace(song.context, energy=(0.8, 0.8, 0.8)))
    agreed = cues(drawn, load_style("ska"), Decisions(0))
    assert song.sections[0].name not in agreed.late
    assert agreed.pauses == {}
