"""Tests of the harmony element: rules 16 to 18 of functional and popular harmony, over every style."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.elements.melody_rules import heard_key
from tests.compose.elements.songs import arranged, context, example, pitched, structured

from text2song.compose.decisions import Decisions
from text2song.compose.elements.harmony import HarmonyElement
from text2song.compose.elements.roman import Function, Roman
from text2song.compose.style import Style, load_style, style_names
from text2song.domain.composition import SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.theory import MODES

SEEDS = range(3)


def romans(song: UnifiedComposition, section: str) -> list[str]:
    return [span.roman for span in song.harmony if span.section == section]


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("seed", SEEDS)
def test_chords_cover_the_song_and_keep_to_their_sections(style: str, seed: int) -> None:
    song = example(style, seed)
    position = Fraction(0)
    for span in song.harmony:
        assert span.start == position
        assert span.duration > 0
        position = span.end
    assert position == song.length
    for section in song.sections:
        spans = [span for span in song.harmony if span.section == section.name]
        assert spans[0].start == song.section_start(section)
        assert spans[-1].end == song.section_start(section) + section.bars * song.time_signature.bar


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("seed", SEEDS)
def test_a_song_begins_and_ends_at_home(style: str, seed: int) -> None:
    song = example(style, seed)
    assert song.harmony[-1].chord.root == song.context.key.tonic
    assert Roman.parse(song.harmony[0].roman).function is Function.TONIC


@pytest.mark.parametrize("style", style_names())
def test_one_or_two_chords_a_bar(style: str) -> None:
    song = example(style, 0)
    assert 0.3 <= len(song.harmony) / song.bars <= 2


@pytest.mark.parametrize("style", style_names())
def test_sections_of_one_kind_share_their_progression(style: str) -> None:
    song = pitched(context(style, 1, 200.0))
    for kind in {section.kind for section in song.sections}:
        names = [section.name for section in song.sections[:-1] if section.kind is kind]
        shortest = min((len(romans(song, name)) for name in names), default=0)
        # The last bar may turn to another cadence.
        assert len({tuple(romans(song, name)[: shortest - 2]) for name in names}) <= 1


@pytest.mark.parametrize("style", ["pop", "rock", "folk", "reggae", "synthwave"])
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_popular_styles_stay_mostly_in_the_key(style: str, mode: str) -> None:
    inside = total = 0
    for seed in range(6):
        song = pitched(context(style, seed, key=f"D {mode}"))
        scale = set(song.context.key.scale)
        # The major dominant of minor belongs to the key in all but its signature.
        inside += sum(set(span.chord.pitch_classes) <= scale | {1} for span in song.harmony)
        total += len(song.harmony)
    assert inside / total >= 0.85


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_the_key_asked_for_is_the_key_heard(mode: str) -> None:
    styles = [style for style in style_names() if style != "jazz"]
    songs = [
        pitched(context(style, seed, key=f"{tonic} {mode}")) for style in styles for seed, tonic in enumerate("AEb")
    ]
    right = [heard_key(song) == (song.context.key.tonic, song.context.key.is_minor) for song in songs]
    assert sum(right) / len(right) >= 0.9


def test_sections_that_lead_on_end_open() -> None:
    songs = [example("folk", seed) for seed in range(6)]
    open_ends = [
        Roman.parse(romans(song, section.name)[-1]).function is not Function.TONIC
        for song in songs
        for section in song.sections[:-1]
    ]
    assert sum(open_ends) / len(open_ends) >= 0.75


def test_a_lift_raises_the_end_and_leaves_the_numerals() -> None:
    style = load_style("pop")
    lifting = Style("pop", style.parents, {**style.tables, "harmony": {**style.table("harmony"), "lift": 1.0}})
    asked = context("pop", 1, 200.0, key="C major")
    song = HarmonyElement().generate(arranged(structured(asked)), lifting, Decisions(1))
    choruses = [section.name for section in song.sections if section.kind is SectionKind.CHORUS]
    first, last = ([span for span in song.harmony if span.section == name] for name in (choruses[0], choruses[-1]))
    assert song.key_at(first[0].start) == asked.key
    assert song.key_at(last[0].start).tonic in {1, 2}
    assert (last[0].chord.root - first[0].chord.root) % 12 == song.key_at(last[0].start).tonic
    assert first[0].roman == last[0].roman


@pytest.mark.parametrize("key", ["C " + mode for mode in MODES])
def test_every_mode_has_harmony(key: str) -> None:
    song = pitched(context("cinematic", 0, key=key))
    assert song.harmony[-1].chord.root == 0
    assert len({span.roman for span in song.harmony}) >= 3


def with_table(name: str, **changes: object) -> Style:
    style = load_style(name)
    return Style(name, style.parents, {**style.tables, "harmony": {**style.table("harmony"), **changes}})


def test_a_bridge_may_stand_in_another_key_and_comes_home() -> None:
    seen = 0
    for seed in range(6):
        form = ("verse", "chorus", "verse", "chorus", "bridge", "chorus")
        asked = replace(context("pop", seed, 120.0, key="C major"), structure=form)
        song = HarmonyElement().generate(
            arranged(structured(asked)), with_table("pop", excursion=1.0, lift=0.0), Decisions(seed)
        )
        bridges = [section for section in song.sections if section.kind is SectionKind.BRIDGE]
        if not song.keys:
            continue
        seen += 1
        spans = [span for span in song.harmony if span.section == bridges[0].name]
        away = song.key_at(spans[0].start)
        assert away != asked.key
        assert Roman.parse(spans[0].roman).chord(away).root == spans[0].chord.root
        assert spans[-1].chord.root == 7
        assert song.key_at(song.length - 1) == asked.key
        assert sum(section.bars for section in bridges) <= song.bars / 5
        assert sum(span.duration for span in song.harmony) == song.length
    assert seen == 6


def test_sections_of_a_song_have_functions_of_their_own() -> None:
    different = 0
    for style in ("pop", "rock", "soul", "country", "disco"):
        for seed in range(4):
            song = pitched(context(style, seed, 200.0))
            kinds: dict[SectionKind, str] = {}
            for section in song.sections:
                kinds.setdefault(section.kind, " ".join(romans(song, section.name)))
            different += len(set(kinds.values())) == len(kinds)
    assert different >= 19


@pytest.mark.parametrize("style", ["jazz", "soul", "pop", "cinematic"])
def test_harmony_quickens_toward_cadences(style: str) -> None:
    changes = [0, 0]
    for seed in range(8):
        song = pitched(context(style, seed, 150.0))
        for span in song.harmony:
            place, bar = divmod(span.start, song.time_signature.bar)
            changes[place % 4 >= 2] += bar > 0
    assert changes[1] > changes[0]


@pytest.mark.parametrize("style", style_names())
def test_most_basses_are_roots(style: str) -> None:
    spans = [span for seed in range(5) for span in example(style, seed).harmony]
    assert sum(span.chord.bass in (None, span.chord.root) for span in spans) / len(spans) >= 0.8
