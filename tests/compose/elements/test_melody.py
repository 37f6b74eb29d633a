"""Tests of the melody element: the rules of tunes, counted over every style and several seeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from functools import cache
from itertools import pairwise
from statistics import mean, median

import pytest
from tests.compose.elements.melody_rules import GOALS, Tally, mean_pitch, measure, phrases_of, section_notes
from tests.compose.elements.songs import arranged, context, example, pitched, structured

from text2song.compose.decisions import Decisions
from text2song.compose.elements.harmony import HarmonyElement
from text2song.compose.elements.melody import MelodyElement, strength
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.instruments import catalogue
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import TimeSignature

SEEDS = range(5)
STYLES = style_names()
#: Styles whose tunes are a few long tones, or whose lines run as instruments do.
SPARSE = {style for style in STYLES if "ambient" in (style, *load_style(style).parents)}
#: Songs of one strain have no chorus to stand above the rest.
WITH_GOALS = [
    style
    for style in STYLES
    if all("chorus" in form or "drop" in form for form, _ in load_style(style).table("form")["forms"])
]
UNSUNG = {"ambient", "cinematic", "jazz", "hiphop", "postrock"}
SUNG = [style for style in STYLES if not UNSUNG & {style, *load_style(style).parents}]


@cache
def tally(style: str) -> Tally:
    total = Tally()
    for seed in SEEDS:
        for sung in (True, False):
            song = example(style, seed, sung=sung)
            counted = measure(song, song.parts[0])
            for name in (field.name for field in fields(Tally)):
                getattr(total, name).extend(getattr(counted, name))
    return total


def sections_of(song: UnifiedComposition, *kinds: SectionKind) -> list[Section]:
    return [section for section in song.sections if section.kind in kinds]


def relative(song: UnifiedComposition, part: Part, section: Section) -> list[tuple[Fraction, int]]:
    start = song.section_start(section)
    return [(note.start - start, note.pitch) for note in section_notes(song, part, section)]


def share_of_common(first: list[tuple[Fraction, int]], second: list[tuple[Fraction, int]]) -> float:
    return len(set(first) & set(second)) / max(1, min(len(first), len(second)))


@pytest.mark.parametrize("style", STYLES)
def test_strong_beats_carry_chord_tones(style: str) -> None:
    assert Tally.share(tally(style).strong) >= 0.75
    assert Tally.share(tally(style).weak) >= 0.45


@pytest.mark.parametrize("style", STYLES)
def test_dissonances_resolve_by_step(style: str) -> None:
    assert Tally.share(tally(style).resolved) >= 0.85


@pytest.mark.parametrize("style", STYLES)
def test_steps_dominate_and_great_leaps_are_rare(style: str) -> None:
    moves = [abs(move) for move in tally(style).intervals]
    steps = sum(move <= 2 for move in moves) / len(moves)
    assert (0.3 if style in SPARSE else 0.5) <= steps <= 0.93
    assert sum(move > 7 for move in moves) / len(moves) < 0.05


@pytest.mark.parametrize("style", STYLES)
def test_leaps_turn_back(style: str) -> None:
    assert Tally.share(tally(style).recovered) >= (0.6 if style in SPARSE else 0.8)


@pytest.mark.parametrize("style", STYLES)
def test_phrases_arch(style: str) -> None:
    assert Tally.share(tally(style).arched) >= 0.6


@pytest.mark.parametrize("style", STYLES)
def test_answers_come_home(style: str) -> None:
    assert Tally.share(tally(style).answers_home) >= 0.8


@pytest.mark.parametrize("style", STYLES)
def test_phrases_end_with_a_breath_and_none_is_too_long(style: str) -> None:
    counted = tally(style)
    assert min(counted.breaths) >= 0.35
    assert max(counted.phrases) <= 8.0


@pytest.mark.parametrize("style", STYLES)
def test_bars_repeat_their_rhythm_and_their_turns(style: str) -> None:
    counted = tally(style)
    assert mean(counted.shared_rhythm) >= 0.4
    if style not in SPARSE:
        assert mean(counted.shared_cells) >= 0.25


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_range_can_be_sung(style: str, seed: int) -> None:
    song = example(style, seed)
    vocal = song.part("vocal")
    pitches = [note.pitch for note in vocal.notes]
    assert max(pitches) - min(pitches) <= 16
    assert min(pitches) >= 57
    assert max(pitches) <= 74
    median_range = median(pitches)
    assert 59 <= median_range <= 71


def test_most_songs_stay_within_a_ninth() -> None:
    ranges = []
    for style in STYLES:
        for seed in SEEDS:
            pitches = [note.pitch for note in example(style, seed).part("vocal").notes]
            ranges.append(max(pitches) - min(pitches))
    assert sum(width <= 14 for width in ranges) / len(ranges) >= 0.95


@pytest.mark.parametrize("style", WITH_GOALS)
def test_the_goal_stands_higher_than_the_verse(style: str) -> None:
    rises = []
    for seed in SEEDS:
        song = example(style, seed)
        verse = mean_pitch(song, song.part("vocal"), (SectionKind.VERSE,))
        goal = mean_pitch(song, song.part("vocal"), GOALS)
        if verse is not None and goal is not None:
            rises.append(goal - verse)
    assert 1.8 <= mean(rises) <= 5.2
    assert min(rises) > 0.5


@pytest.mark.parametrize("style", WITH_GOALS)
def test_the_top_of_a_chorus_comes_late(style: str) -> None:
    late: list[bool] = []
    times: list[int] = []
    for seed in SEEDS:
        song = example(style, seed)
        for section in sections_of(song, *GOALS):
            notes = relative(song, song.part("vocal"), section)
            top = max(pitch for _, pitch in notes)
            tops = [start for start, pitch in notes if pitch == top]
            late.append(tops[-1] >= section.bars * song.time_signature.bar * Fraction(2, 3))
            times.append(len(tops))
    assert sum(late) / len(late) >= 0.8
    assert median(times) <= 3


@pytest.mark.parametrize("style", STYLES)
def test_choruses_repeat_and_verses_differ_from_them(style: str) -> None:
    song = pitched(context(style, 2, 200.0))
    vocal = song.parts[0]
    goals = [relative(song, vocal, section) for section in sections_of(song, *GOALS)]
    for first, second in pairwise(goals):
        # The last one may stand in a higher key.
        lifted = [[(start, pitch - up) for start, pitch in second] for up in (0, 1, 2)]
        assert max(share_of_common(first, each) for each in lifted) >= 0.8
    verses = [relative(song, vocal, section) for section in sections_of(song, SectionKind.VERSE)]
    if goals and verses:
        assert share_of_common(verses[0], goals[0]) <= 0.6


@pytest.mark.parametrize("style", STYLES)
def test_a_verse_returns_changed_and_a_chorus_the_same(style: str) -> None:
    kept: list[float] = []
    for seed in range(3):
        song = pitched(context(style, seed, 170.0))
        verses = sections_of(song, SectionKind.VERSE)
        told = [relative(song, song.parts[0], section) for section in verses]
        for first, later in zip(told[:1] * len(told), told[1:], strict=False):
            assert first != later
            kept.append(share_of_common(first, later))
        goals = [section for section in sections_of(song, *GOALS) if section.bars % 8 == 0]
        for first_goal, goal in pairwise(goals):
            one, two = (relative(song, song.parts[0], section) for section in (first_goal, goal))
            moves = {after - before for (_, before), (_, after) in zip(one, two, strict=False)}
            assert share_of_common(one, two) >= 0.9 or moves <= {0, 1, 2}
    assert not kept or 0.3 <= mean(kept) <= 0.97


@pytest.mark.parametrize("style", ["folk", "country", "blues", "jazz", "soul"])
def test_some_phrases_have_a_pickup(style: str) -> None:
    notes = [note for seed in SEEDS for note in example(style, seed).part("vocal").notes]
    led = [note for note in notes if note.why.endswith("/pickup")]
    assert 0.005 <= len(led) / len(notes) <= 0.15


@pytest.mark.parametrize("instrument", ["didgeridoo", "tuba", "acoustic_bass"])
def test_a_low_soloist_has_a_tune(instrument: str) -> None:
    found = catalogue()[instrument]
    song = structured(context("folk", 1, 30.0))
    plan = replace(arranged(song, sung=False).arrangement[0], low=found.low, high=found.high)
    song = HarmonyElement().generate(replace(song, arrangement=(plan,)), load_style("folk"), Decisions(1))
    notes = MelodyElement().generate(song, load_style("folk"), Decisions(1)).parts[0].notes
    assert len(notes) > 10


@pytest.mark.parametrize("style", STYLES)
def test_the_hook_comes_back(style: str) -> None:
    song = pitched(context(style, 1, 150.0))
    bar = song.time_signature.bar
    kinds = GOALS if sections_of(song, *GOALS) else (SectionKind.VERSE,)
    bars: Counter[tuple[Fraction, ...]] = Counter()
    for section in sections_of(song, *kinds):
        notes = section_notes(song, song.parts[0], section)
        for number in range(section.start_bar, section.end_bar):
            bars[tuple(note.start - number * bar for note in notes if number <= note.start / bar < number + 1)] += 1
    assert max(count for rhythm, count in bars.items() if rhythm) >= 4


@pytest.mark.parametrize("style", SUNG)
def test_sung_lines_are_dense_enough_for_words(style: str) -> None:
    lengths: list[float] = []
    for seed in SEEDS:
        song = example(style, seed)
        quarter = song.tempo.seconds(Fraction(1))
        for phrase in phrases_of(song, song.part("vocal").notes):
            lengths.extend(float(second.start - first.start) * quarter for first, second in pairwise(phrase))
    assert 0.2 <= median(lengths) <= 0.48


@pytest.mark.parametrize("style", STYLES)
def test_the_lead_answers_where_the_voice_rests(style: str) -> None:
    song = example(style, 0)
    vocal, lead = song.part("vocal"), song.part("lead")
    sung = {note.start for note in vocal.notes}
    assert lead.notes
    meetings = [note for note in lead.notes if note.start in sung]
    assert len(meetings) / len(lead.notes) < 0.15


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("sung", [True, False])
def test_notes_are_in_order_in_register_and_explained(style: str, *, sung: bool) -> None:
    song = example(style, 1, sung=sung)
    for plan in song.arrangement:
        part = song.part(plan.name)
        assert part.notes == tuple(sorted(part.notes, key=lambda note: note.start))
        spans = {section.name: section for section in song.sections if section.name in plan.sections}
        for before, note in pairwise(part.notes):
            assert before.start + before.duration <= note.start
        for note in part.notes:
            assert plan.low <= note.pitch <= plan.high
            assert 1 <= note.velocity <= 127
            assert "/melody/" in note.why
            assert any(note in section_notes(song, part, section) for section in spans.values())
        assert len({note.velocity for note in part.notes}) >= 8


@pytest.mark.parametrize("style", STYLES)
def test_the_last_note_is_the_tonic(style: str) -> None:
    song = example(style, 3, sung=False)
    assert song.part("lead").notes[-1].pitch % 12 == song.context.key.tonic


@pytest.mark.parametrize("metre", ["3/4", "6/8", "5/4", "7/8", "2/4", "12/8"])
def test_other_metres_have_tunes(metre: str) -> None:
    song = pitched(context("folk", 1, 60.0, metre=metre))
    notes = song.part("vocal").notes
    assert len(notes) > 40
    strong = [strength(note.start % song.time_signature.bar, song.time_signature) >= 2 for note in notes]
    assert 0.1 < sum(strong) / len(strong) < 0.9


@pytest.mark.parametrize("seconds", [5.0, 8.0, 12.0, 20.0])
@pytest.mark.parametrize("style", ["pop", "ambient", "metal", "house"])
def test_very_short_songs_have_a_tune(style: str, seconds: float) -> None:
    song = pitched(context(style, 0, seconds), sung=False)
    assert len(song.part("lead").notes) >= 2
    assert song.part("lead").notes[-1].pitch % 12 == song.context.key.tonic


def test_strength_of_beats() -> None:
    common, waltz, compound = (TimeSignature.parse(name) for name in ("4/4", "3/4", "6/8"))
    assert [strength(Fraction(place, 2), common) for place in range(8)] == [3, 0, 1, 0, 2, 0, 1, 0]
    assert [strength(Fraction(place), waltz) for place in range(3)] == [3, 1, 1]
    assert strength(Fraction(3, 2), compound) == 2


@pytest.mark.parametrize(("low", "high"), [(60, 60), (60, 62), (55, 60), (24, 40), (60, 72), (0, 127), (100, 127)])
@pytest.mark.parametrize("key", ["C major", "F# phrygian"])
def test_any_register_has_a_tune(low: int, high: int, key: str) -> None:
    song = structured(context("pop", 1, 30.0, key=key))
    plan = replace(arranged(song, sung=False).arrangement[0], low=low, high=high)
    decisions = Decisions(1)
    style = load_style("pop")
    song = HarmonyElement().generate(replace(song, arrangement=(plan,)), style, decisions)
    pitches = [note.pitch for note in MelodyElement().generate(song, style, decisions).parts[0].notes]
    assert len(pitches) > 10
    assert low - 2 <= min(pitches)
    assert max(pitches) <= high + 2


def test_no_melodic_plan_gives_no_part() -> None:
    song = replace(pitched(context("pop")), arrangement=(), parts=())
    assert MelodyElement().generate(song, load_style("pop"), Decisions(0)) is song


def test_one_seed_gives_one_tune_and_another_gives_another() -> None:
    def notes(seed: int) -> tuple[Note, ...]:
        return pitched(replace(context("pop", 1), seed=seed)).parts[0].notes

    assert notes(1) == notes(1)
    assert notes(1) != notes(2)


def test_a_reseeded_verse_leaves_the_rest_alone() -> None:
    asked = context("pop", 4, 200.0)
    style = load_style("pop")

    def tune(decisions: Decisions) -> UnifiedComposition:
        song = replace(arranged(structured(asked)), harmony=pitched(asked).harmony)
        return MelodyElement().generate(song, style, decisions)

    plain, moved = tune(Decisions(4)), tune(Decisions(4, reseeds={"verse/melody": 7}))
    verses = sections_of(plain, SectionKind.VERSE)
    assert verses
    for section in plain.sections:
        before, after = (section_notes(song, song.part("vocal"), section) for song in (plain, moved))
        assert (before == after) is (section not in verses or not before)


def test_a_lead_alone_carries_the_tune_of_every_section() -> None:
    song = example("synthwave", 2, sung=False)
    assert song.parts[0].role is Role.LEAD
    for section in song.sections:
        assert section_notes(song, song.parts[0], section)
