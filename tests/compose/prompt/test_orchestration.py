"""Instruments asked for, denied, and asked for alone."""

from __future__ import annotations

import pytest

from text2song.compose.elements.palette import excluded
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import CompositionContext
from text2song.domain.instruments import instrument
from text2song.domain.request import CompositionRequest


def read(prompt: str) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt))


@pytest.mark.parametrize(
    ("prompt", "instruments"),
    [
        ("pop with violin and cello", "violin cello"),
        ("metal with guitars", "distorted_guitar"),
        ("folk with guitar", "acoustic_guitar"),
        ("jazz with bass", "acoustic_bass"),
        ("piano ballad", "piano"),
        ("pop with a string quartet", "violin viola cello"),
        ("drum and bass", "reese_bass"),
        ("pop with trumpets, no piano", "trumpet"),
        ("Americana", "acoustic_guitar slide_guitar"),
        ("jazz", ""),
        ("gypsy jazz without violin", "jazz_guitar"),
    ],
)
def test_what_must_sound(prompt: str, instruments: str) -> None:
    assert read(prompt).instruments == tuple(instruments.split())


@pytest.mark.parametrize(
    ("prompt", "without"),
    [
        ("no drums", "drums percussion"),
        ("no guitars", "guitar"),
        ("no piano", "piano"),
        ("drumless", "drums percussion"),
        ("pop", ""),
    ],
)
def test_what_must_not_sound(prompt: str, without: str) -> None:
    assert read(prompt).without == tuple(without.split())


def test_an_instrument_alone_leaves_no_room_for_others() -> None:
    context = read("solo piano nocturne")
    assert context.instruments == ("piano",)
    assert {"drums", "bass", "strings", "electric_piano"} <= set(context.without)
    assert "piano" not in context.without


def test_asking_for_the_singer_alone_with_an_instrument_keeps_the_singer() -> None:
    assert "voice" not in read("only guitar, female singer").without


def test_an_instrument_the_user_set_beats_a_denial_in_the_words() -> None:
    context = read_prompt(CompositionRequest("no guitars, no drums", instruments=("guitar",)))
    assert context.instruments == ("clean_guitar",)
    assert context.without == ("drums", "percussion")


@pytest.mark.parametrize(
    ("prompt", "kept", "gone"),
    [
        ("deep house with synth bass and Rhodes but no synths", "synth_bass", "supersaw"),
        ("techno with 808 sub bass, no synths", "sub_bass", "synth_bass"),
        ("house, no synths but a supersaw lead", "supersaw", "synth_bass"),
    ],
)
def test_an_electronic_instrument_asked_for_is_heard_though_synths_are_denied(
    prompt: str, kept: str, gone: str
) -> None:
    context = read(prompt)
    assert kept in context.instruments
    assert not excluded(instrument(kept), context.without)
    assert excluded(instrument(gone), context.without)


def test_a_style_asks_for_nothing_that_is_denied() -> None:
    context = read("drum and bass without synths")
    assert [id_ for id_ in context.instruments if excluded(instrument(id_), context.without)] == []


def test_what_is_excepted_from_the_drums_is_played() -> None:
    context = read("folk, no percussion except a tambourine")
    assert not excluded(instrument("tambourine"), context.without)
    assert excluded(instrument("drum_kit"), context.without)
