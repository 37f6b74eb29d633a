from dataclasses import replace
from functools import cache

import pytest

from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest
from text2song.domain.score import Part, Role
from text2song.domain.voices import Singing, voice

WORDS = """[verse]
Driving through the neon night with nothing left to say
Every shadow on the road is pulling me away
[chorus]
Hold me till the morning light comes breaking through
All the stars are falling and I am falling into you
[verse]
Silver rain is dancing on the window of my car
Tell me in a whisper who we were and who we are
"""


@cache
def sung_song(prompt: str, seed: int = 3, words: str = WORDS) -> UnifiedComposition:
    """A song of two minutes with these words."""
    return compose(CompositionRequest(prompt, seed=seed, duration_seconds=120, lyrics=words))


def _plans(song: UnifiedComposition) -> dict[str, object]:
    return {plan.part: plan for plan in song.vocals}


@pytest.mark.parametrize("prompt", ["pop song", "rock song, male vocals", "soul ballad, female vocals", "folk duet"])
def test_every_vocal_part_has_a_singer_and_lies_in_that_singers_range(prompt: str) -> None:
    song = sung_song(prompt)
    vocal = [part for part in song.parts if part.role in (Role.VOCAL, Role.BACKING)]
    assert {part.name for part in vocal} == set(_plans(song))
    assert {plan.name for plan in song.arrangement} >= set(_plans(song))
    assert {channel.part for channel in song.mix.channels} >= set(_plans(song))
    for plan in song.vocals:
        info = voice(plan.voice)
        if plan.singing is Singing.VOWELS:
            continue
        pitches = [note.pitch for note in song.part(plan.part).notes]
        inside = sum(info.low - 1 <= pitch <= info.high + 1 for pitch in pitches)
        assert inside / len(pitches) > 0.95, plan


def test_doubles_are_the_lead_again_a_little_off() -> None:
    song = sung_song("pop song")
    lead = {note.start: note for note in song.part("vocal").notes}
    off = []
    for name in ("double", "double-2"):
        plan = next(plan for plan in song.vocals if plan.part == name)
        assert plan.singing is Singing.DOUBLE
        assert 0 < abs(plan.cents) <= 6
        for note in song.part(name).notes:
            assert lead[note.start].pitch == note.pitch
            off.append((note.nudge_us - lead[note.start].nudge_us) / 1000)
    assert len(off) > 50
    # ±15 ms of its own and what the feel adds.
    assert max(abs(late) for late in off) < 35
    assert sum(abs(late) for late in off) / len(off) > 2
    pans = {channel.part: channel.pan for channel in song.mix.channels}
    assert pans["double"] * pans["double-2"] < 0


def test_the_last_chorus_is_the_fullest() -> None:
    song = sung_song("pop song")
    counts: dict[str, int] = {}
    for section in song.sections:
        if section.name.startswith("chorus"):
            counts[section.name] = sum(
                section.name in plan.sections for plan in song.arrangement if plan.role is Role.BACKING
            )
    assert list(counts.values()) == sorted(counts.values())
    assert list(counts.values())[-1] >= 3
    verses = [plan for plan in song.arrangement if plan.role is Role.BACKING and "verse.1" in plan.sections]
    assert not verses


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_a_duet_shares_the_verses_and_joins_in_the_choruses(seed: int) -> None:
    song = sung_song("soul ballad duet", seed)
    lead, partner = song.part("vocal"), song.part("vocal-2")
    kinds = {voice(plan.voice).kind for plan in song.vocals if plan.singing is Singing.LEAD}
    assert kinds == {"female", "male"}
    first, second = _places(lead, song), _places(partner, song)
    told = {section.name for section in song.sections if section.kind.value in ("verse", "bridge")}
    shared = {(name, start) for name, start in second if name in told}
    assert shared
    assert not shared & first
    assert {name for name, _ in first} & told
    assert {name for name, _ in second} & {section.name for section in song.sections if section.name not in told}


def _places(part: Part, song: UnifiedComposition) -> set[tuple[str, Fraction]]:
    bar = song.time_signature.bar
    return {
        (section.name, note.start)
        for note in part.notes
        for section in song.sections
        if section.start_bar <= note.start // bar < section.end_bar
    }


def test_a_choir_has_no_doubles_and_vowels_follow_the_chords() -> None:
    assert "double" not in _plans(sung_song("country song sung by a choir"))
    song = next(song for seed in range(9) if "oohs" in _plans(song := sung_song("ambient song with vocals", seed)))
    for note in song.part("oohs").notes:
        span = next(span for span in song.harmony if span.start <= note.start < span.end)
        assert note.pitch % 12 in span.chord.pitch_classes


def test_without_words_or_in_another_language_nobody_joins() -> None:
    instrumental = compose(CompositionRequest("pop song", seed=3, duration_seconds=60, vocals=False))
    assert not instrumental.vocals
    assert not [part for part in instrumental.parts if part.role is Role.BACKING]
    foreign = sung_song("pop song in Finnish")
    if foreign.lyrics is not None and not foreign.lyrics.language.startswith("en"):
        assert not [part for part in foreign.parts if part.role is Role.BACKING]


def test_the_same_request_gives_the_same_vocals() -> None:
    request = CompositionRequest("pop song", seed=5, duration_seconds=60, lyrics=WORDS)
    first, second = compose(request), compose(request)
    assert first.vocals == second.vocals
    assert [part for part in first.parts if part.role is Role.BACKING] == [
        part for part in second.parts if part.role is Role.BACKING
    ]
    assert compose(replace(request, seed=6)).parts != first.parts
