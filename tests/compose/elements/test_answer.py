"""Tests of call and response."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.answer import AnswerElement, Pause, figures, pauses
from text2song.compose.engine import compose
from text2song.compose.style import load_style
from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Note, Role
from text2song.domain.theory import TimeSignature

CALLING = ("blues", "gospel", "funk", "soul", "country", "rock", "salsa", "jazz", "afrobeat", "bachata", "arabic")
ALONE = ("house", "ambient", "hiphop", "trap", "punk", "reggaeton")
SPAN = (Fraction(0), Fraction(16))
BEAT = Fraction(1)


def song(style: str, seed: int = 0, metre: TimeSignature | None = None) -> UnifiedComposition:
    request = CompositionRequest(
        "a song",
        seed=seed,
        duration_seconds=90.0,
        genres=(GenreWeight(style),),
        vocals=True,
        time_signature=metre.name if metre else None,
    )
    return compose(request)


def call(*notes: tuple[float, float]) -> list[Note]:
    return [Note(Fraction(start), 60, Fraction(length), 80) for start, length in notes]


def found(calls: list[Note], least: Fraction = BEAT, held: Fraction | None = None) -> list[tuple[float, float, bool]]:
    return [(float(pause.start), float(pause.end), pause.under) for pause in pauses(calls, SPAN, least, held)]


def answered_share(made: UnifiedComposition) -> tuple[int, int]:
    """Return how many sung sections there are and in how many of them the lead plays between the words."""
    sung = {line.section for line in (made.lyrics.lines if made.lyrics else ())}
    lead = [note for part in made.parts if part.role is Role.LEAD for note in part.notes]
    answered = 0
    for section in made.sections:
        start = made.section_start(section)
        end = start + section.bars * made.time_signature.bar
        answered += section.name in sung and sum(start <= note.start < end for note in lead) > 1
    return len(sung), answered


def test_rests_are_found_after_a_call_and_before_the_next() -> None:
    calls = call((0, 1), (1, 1), (4, 1), (8, 8))
    assert found(calls) == [(2, 3.5, False), (5, 7.5, False)]
    assert found(calls, Fraction(5, 2)) == [(5, 7.5, False)]


def test_a_call_without_rests_and_a_silent_section_are_not_answered() -> None:
    assert found(call(*((place / 2, 0.5) for place in range(32)))) == []
    assert found([]) == []


def test_a_held_word_is_answered_once_it_has_sounded() -> None:
    calls = call((0, 1), (1, 3), (4, 12))
    assert found(calls) == []
    assert found(calls, held=Fraction(3)) == [(2, 3.5, True), (5, 15.5, True)]


def test_a_pause_knows_the_phrase_before_it() -> None:
    calls = call((0, 1), (1, 1), (4, 1), (5, 1))
    phrases = [[note.start for note in pause.call] for pause in pauses(calls, SPAN, BEAT, None)]
    assert phrases == [[0, 1], [4, 5]]


def test_every_figure_has_an_outline_for_its_rhythm_and_some_fall_into_threes() -> None:
    assert all(len(figure.rhythm) == len(figure.outline) > 1 for figure in figures())
    assert {figure.kind for figure in figures() if figure.compound} == {"stab", "fill", "pickup"}
    assert len({figure.name for figure in figures()}) == len(figures())


def test_musics_of_call_and_response_answer_and_others_leave_the_singer_alone() -> None:
    shares = {}
    for styles in (CALLING, ALONE):
        counts = [answered_share(song(style, seed)) for style in styles for seed in (1, 2)]
        shares[styles] = sum(answered for _, answered in counts) / sum(sung for sung, _ in counts)
    assert shares[CALLING] >= 0.6
    assert shares[ALONE] <= 0.3


@pytest.mark.parametrize("style", ["blues", "salsa", "funk", "gospel"])
@pytest.mark.parametrize("metre", [TimeSignature(), TimeSignature(6, 8), TimeSignature(7, 8), TimeSignature(3, 4)])
def test_answers_stay_between_the_words_in_their_register(style: str, metre: TimeSignature) -> None:
    made = song(style, 3, metre)
    voice = sorted(note for part in made.parts if part.role is Role.VOCAL for note in part.notes)
    starts = {note.start for note in voice}
    for plan in made.arrangement:
        if plan.role is not Role.LEAD or plan.name not in {part.name for part in made.parts}:
            continue
        answers = [note for note in made.part(plan.name).notes if note.why.endswith("/melody/answer")]
        info = instrument(plan.instrument)
        assert all(info.low <= note.pitch <= info.high for note in answers)
        for note in answers:
            assert note.start not in starts
            after = min((start for start in starts if start > note.start), default=made.length)
            assert note.start + note.duration <= after


def test_what_is_played_under_a_held_word_lies_apart_from_it_and_is_little() -> None:
    heard = 0
    for style in ("funk", "blues", "country", "soul"):
        for seed in range(3):
            made = song(style, seed)
            voice = sorted(note for part in made.parts if part.role is Role.VOCAL for note in part.notes)
            lead = [note for part in made.parts if part.role is Role.LEAD for note in part.notes]
            under = [
                (word, note)
                for note in lead
                for word in voice
                if word.start < note.start < word.start + word.duration and note.why.endswith("/answer")
            ]
            heard += len(under)
            assert len(under) <= 0.15 * len(lead)
            assert all(note.start - word.start >= BEAT for word, note in under)
            assert all(abs(note.pitch - word.pitch) > 2 for word, note in under)
    assert heard


def test_other_choices_of_one_section_answer_that_section_otherwise() -> None:
    made = song("blues")
    style = load_style("blues")
    bare = replace(
        made,
        parts=tuple(
            replace(part, notes=tuple(note for note in part.notes if not note.why.endswith("/melody/answer")))
            for part in made.parts
        ),
    )
    name = next(line.section for line in made.lyrics.lines) if made.lyrics else ""
    section = next(section for section in made.sections if section.name == name)
    first, other = (
        AnswerElement().generate(bare, style, Decisions(0, reseeds={f"{name}/melody/answer": seed})).part("lead").notes
        for seed in (0, 8)
    )
    start = made.section_start(section)
    end = start + section.bars * made.time_signature.bar
    assert [note for note in first if start <= note.start < end] != [n for n in other if start <= n.start < end]
    assert [note for note in first if note.start >= end] == [note for note in other if note.start >= end]


def test_a_song_that_nobody_sings_has_no_answers() -> None:
    made = compose(CompositionRequest("blues", seed=1, duration_seconds=60.0, genres=(GenreWeight("blues"),)))
    assert all("/melody/answer" not in note.why for part in made.parts for note in part.notes)
    assert AnswerElement().generate(made, load_style("blues"), Decisions(1)) == made


def test_pauses_come_in_order() -> None:
    places: list[Pause] = list(pauses(call((0, 1), (4, 1), (8, 1)), SPAN, BEAT, None))
    assert all(one.end < two.start for one, two in pairwise(places))
