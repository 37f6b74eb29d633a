from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.compose.elements.bands import asked

from text2song.compose.decisions import Decisions
from text2song.compose.elements.palette import PARTS_LEAST, PLACES, Player, cast_players, excluded
from text2song.compose.style import load_style, style_names
from text2song.domain.context import Reading, Source, Vocals
from text2song.domain.instruments import catalogue, instrument
from text2song.domain.score import Role

SEEDS = range(6)
UNWANTED = ("drums", "bass", "guitar", "keys", "synth", "strings", "lead", "pad", "piano", "percussion")


def players(style: str, seed: int = 0, **wishes: Any) -> dict[str, Player]:
    cast = cast_players(asked(style, seed, **wishes), load_style(style), Decisions(seed))
    assert len({player.name for player in cast}) == len(cast)
    return {player.name: player for player in cast}


@pytest.mark.parametrize("style", style_names())
def test_every_band_is_large_enough_and_nobody_plays_twice(style: str) -> None:
    for seed in SEEDS:
        band = players(style, seed)
        assert sum(player.role is not Role.EFFECTS for player in band.values()) >= PARTS_LEAST
        assert len({player.instrument.id for player in band.values()}) == len(band)
        assert {"bass", "lead"} <= set(band)


@pytest.mark.parametrize("name", sorted(set(catalogue()) - {"voice_lead"}))
def test_any_asked_instrument_has_a_place(name: str) -> None:
    band = players("pop", 1, instruments=(name,))
    (player,) = (player for player in band.values() if player.asked)
    assert player.instrument.id == name
    assert player.role is PLACES[player.name.partition("-")[0]]
    assert player.instrument.percussion <= (player.role is Role.DRUMS)


def test_many_asked_instruments_all_play() -> None:
    names = (
        "piano",
        "electric_piano",
        "organ",
        "clavinet",
        "harpsichord",
        "violin",
        "cello",
        "flute",
        "oboe",
        "tr808",
        "congas",
    )
    band = players("rock", 2, instruments=names)
    assert {player.instrument.id for player in band.values() if player.asked} == set(names)
    # One bass line and one tune: whoever comes second plays against them.
    assert sum(player.role is Role.LEAD for player in band.values()) == 1
    assert sum(player.role is Role.BASS for player in band.values()) == 1


def test_an_asked_instrument_takes_the_place_the_style_gives_it() -> None:
    assert players("reggae", 0, instruments=("organ",))["arpeggio"].instrument.id == "organ"
    assert players("folk", 0, instruments=("banjo",))["arpeggio"].asked
    assert players("house", 0, instruments=("acid_bass",))["bass"].asked


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("word", UNWANTED)
def test_what_is_unwanted_does_not_play(style: str, word: str) -> None:
    band = players(style, 3, without=(word,))
    for player in band.values():
        assert not excluded(player.instrument, (word,)), player
        assert str(player.role) != word
    if word in ("drums", "percussion"):
        assert not any(player.role is Role.DRUMS for player in band.values())
    assert len(band) >= 5


def test_the_singer_is_not_a_second_lead() -> None:
    sung = players("pop", 0, instruments=("voice_lead",), vocals=Vocals.SUNG)
    assert all(player.instrument.id != "voice_lead" for player in sung.values())
    assert players("pop", 0, instruments=("voice_lead",))["lead"].instrument.id == "voice_lead"


def test_synth_excludes_machines_with_keys_but_not_drum_machines() -> None:
    assert excluded(instrument("synth_bass"), ("synth",))
    assert not excluded(instrument("tr808"), ("synth",))
    assert not excluded(instrument("piano"), ("synth",))


def test_a_soloist_plays_tune_and_chords() -> None:
    others = tuple(sorted({info.family for info in catalogue().values()} - {"keys"}))
    pianos = tuple(info.id for info in catalogue().values() if info.family == "keys" and info.id != "piano")
    band = players("jazz", 1, instruments=("piano",), without=(*others, *pianos))
    assert {name: player.instrument.id for name, player in band.items()} == {"lead": "piano", "chords": "piano"}


def test_bands_differ_between_seeds() -> None:
    bands = {tuple(sorted(player.instrument.id for player in players("pop", seed).values())) for seed in range(8)}
    assert len(bands) >= 6


@pytest.mark.parametrize(
    ("denied", "heard"), [(Source.WORDS, {"congas"}), (Source.STYLE, {"congas"}), (Source.USER, set())]
)
def test_what_the_user_sets_is_heard_though_words_say_without(denied: Source, heard: set[str]) -> None:
    wishes = asked("rock", 2, instruments=("congas",), without=("drums",))
    wishes = replace(wishes, sources={"instruments": Reading(Source.USER), "without": Reading(denied)})
    cast = cast_players(wishes, load_style("rock"), Decisions(2))
    assert {player.instrument.id for player in cast if player.role is Role.DRUMS} == heard


@pytest.mark.parametrize("place", ["bass", "lead"])
def test_nobody_takes_a_place_that_is_not_wanted_on_an_instrument_that_is(place: str) -> None:
    band = players("chambermusic", 0, instruments=("violin", "viola", "cello"), without=(place,))
    assert {"violin", "viola", "cello"} <= {player.instrument.id for player in band.values()}
    assert place not in {str(player.role) for player in band.values()}
