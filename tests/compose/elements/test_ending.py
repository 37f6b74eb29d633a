"""Tests of what the band plays in the last bar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.elements.bands import WRITTEN, asked, composed

from text2song.compose.decisions import Decisions
from text2song.compose.elements.ending import EndingElement, without_ending
from text2song.compose.elements.patterns import table
from text2song.compose.style import load_style
from text2song.domain.composition import FADE, RING, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

STYLES = ("punk", "blues", "jazz", "gospel", "house", "classical")


def _plain(style: str, *, metre: str = "4/4", seconds: float = 40.0) -> UnifiedComposition:
    """Return a song with the held chord at its end."""
    return replace(composed(asked(style, 3, seconds, metre=metre), WRITTEN), ending=RING)


def _ended(song: UnifiedComposition, name: str) -> UnifiedComposition:
    style = load_style(song.context.style)
    return EndingElement().generate(replace(song, ending=name), style, Decisions(song.context.seed))


def _last(song: UnifiedComposition) -> Fraction:
    return song.length - song.time_signature.bar


def _there(song: UnifiedComposition, part: Part) -> list[Note]:
    return [note for note in part.notes if note.start >= _last(song)]


@pytest.mark.parametrize("name", sorted(table("idioms", "endings")["ending"]))
@pytest.mark.parametrize("style", STYLES)
def test_an_ending_is_the_last_bar_and_nothing_else(style: str, name: str) -> None:
    plain = _plain(style)
    song = _ended(plain, name)
    start = _last(song)
    for before, after in zip(plain.parts, song.parts, strict=True):
        assert [(n.start, n.pitch) for n in before.notes if n.start < start] == [
            (n.start, n.pitch) for n in after.notes if n.start < start
        ]
        assert list(after.notes) == sorted(after.notes)
        assert all(n.start + n.duration <= song.length and n.duration > 0 for n in after.notes)
        plan = next(plan for plan in song.arrangement if plan.name == after.name)
        if after.role is not Role.DRUMS:
            assert all(plan.low <= n.pitch <= plan.high for n in _there(song, after) if after.role is Role.BASS)
    assert song.harmony[-1].chord == plain.harmony[-1].chord
    assert sum(span.duration for span in song.harmony) == song.length


@pytest.mark.parametrize("name", ["button", "amen", "semitone above", "stop on one"])
def test_a_second_time_changes_nothing(name: str) -> None:
    song = _ended(_plain("blues"), name)
    again = _ended(song, name)
    assert again.harmony == song.harmony
    assert without_ending(song).harmony == _plain("blues").harmony
    for part in song.parts:
        assert {(n.start, n.pitch) for n in again.part(part.name).notes} == {(n.start, n.pitch) for n in part.notes}


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "7/8", "5/4"])
def test_a_cold_stop_is_together_short_and_followed_by_silence(metre: str) -> None:
    plain = _plain("punk", metre=metre)
    song = _ended(plain, "stop on one")
    starts = {frozenset(n.start for n in _there(song, part)) for part in song.parts if _there(song, part)}
    assert starts == {frozenset({_last(song)})}
    assert max(n.start + n.duration for part in song.parts for n in part.notes) <= _last(song) + Fraction(3, 2)
    # A held end is heard to the end of the bar.
    assert max(n.start + n.duration for part in plain.parts for n in part.notes) == song.length


def test_a_button_goes_home_over_the_dominant() -> None:
    song = _ended(_plain("punk"), "button")
    tonic = song.context.key.tonic
    bass = [n.pitch % 12 for n in _there(song, song.part("bass"))]
    assert bass == [tonic, (tonic + 7) % 12, tonic]
    assert [span.chord.root for span in song.harmony if span.start >= _last(song)] == bass


def test_an_amen_is_plagal_and_minor_where_the_key_is() -> None:
    song = _ended(_plain("gospel"), "amen")
    here = [span.roman for span in song.harmony if span.start >= _last(song)]
    assert here[0] in ("IV", "iv")
    assert len(here) == 2


def test_who_ends_away_from_home_gets_no_dominant() -> None:
    plain = _plain("punk")
    away = replace(plain.harmony[-1], chord=plain.harmony[-1].chord.transposed(5))
    song = _ended(replace(plain, harmony=(*plain.harmony[:-1], away)), "button")
    assert song.harmony[-1] == away


def test_a_tag_has_a_tune_above_its_chords() -> None:
    song = _ended(_plain("blues"), "turnaround tag")
    players = [part for part in song.parts if part.role in (Role.LEAD, Role.CHORDS) and _there(song, part)]
    tops = {max(n.pitch for n in _there(song, players[0]) if n.start == at) for at in {_last(song)}}
    assert tops
    assert len({n.start for n in _there(song, players[0])}) >= 6
    final = max(_there(song, players[0]), key=lambda note: note.start)
    assert song.harmony[-1].chord.root in {n.pitch % 12 for n in _there(song, players[0]) if n.start == final.start}


def test_a_rolled_chord_is_struck_from_below() -> None:
    song = _ended(_plain("classical"), "rolled chord")
    rolled = [notes for part in song.parts if len(notes := _there(song, part)) > 2]
    assert rolled
    for notes in rolled:
        assert [n.nudge_us for n in sorted(notes, key=lambda note: note.pitch)] == sorted(n.nudge_us for n in notes)
        assert max(n.nudge_us for n in notes) >= 100_000


def test_nobody_cuts_off_a_singer() -> None:
    plain = _plain("punk")
    sung = Part("vocal", Role.VOCAL, "voice_lead", (Note(_last(plain), 60, Fraction(4), 90),))
    plan = replace(plain.arrangement[0], name="vocal", role=Role.VOCAL)
    song = replace(plain, parts=(*plain.parts, sung), arrangement=(*plain.arrangement, plan))
    assert _ended(song, "stop on one") == song
    assert _ended(song, "stop on one").ending == RING


def test_who_fades_plays_on() -> None:
    song = composed(asked("disco", 3, 60.0, production=("fade-out",)), WRITTEN)
    assert song.ending == FADE
    style = load_style("disco")
    assert EndingElement().generate(song, style, Decisions(3)) == song
    drums = {n.start for n in _there(song, song.part("drums"))}
    assert len(drums) > 4
