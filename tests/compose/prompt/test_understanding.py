"""What the studio says it understood, over a list of labelled prompts."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.text import phrase
from text2song.compose.prompt.understanding import described, understand
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.domain.theory import Key

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "prompts.toml").read_text(encoding="utf-8"))["case"]
FIGURES: list[dict[str, Any]] = tomllib.loads((HERE / "figures.toml").read_text(encoding="utf-8"))["case"]
DENIALS: list[dict[str, Any]] = tomllib.loads((HERE / "denials.toml").read_text(encoding="utf-8"))["case"]
PEOPLE: list[dict[str, Any]] = tomllib.loads((HERE / "personas.toml").read_text(encoding="utf-8"))["case"]
FIGURES += PEOPLE
DENIALS += [case for case in PEOPLE if "gone" in case]
SPELLED = {
    "genres", "moods", "bpm", "tempo_word", "key", "time_signature", "duration_seconds", "instruments", "without",
    "vocals", "voice", "language", "structure", "sources", "not_understood",
}  # fmt: skip


def test_the_json_has_exactly_the_promised_fields() -> None:
    answer = understand(CompositionRequest("lo-fi hip hop with rhodes, no guitar, 75.5 bpm"))
    assert set(answer) == SPELLED
    assert answer["genres"] == [
        {"name": "lo-fi hip hop", "parents": ["hip hop", "downtempo", "electronic"], "weight": 1.0}
    ]
    assert answer["instruments"] == ["electric piano", "rhodes"]
    assert answer["without"] == ["guitar"]
    assert answer["bpm"] == 75.5
    assert answer["sources"]["bpm"] == {"source": "words", "words": "75.5 bpm"}
    assert answer["sources"]["key"] == {"source": "style", "words": ""}
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("prompt", "field", "names"),
    [
        ("rock with horns", "instruments", ["brass section", "horns"]),
        ("salsa, no vocals", "without", ["vocals"]),
        ("instrumental salsa", "without", []),
        ("salsa, instrumental only", "without", ["vocals"]),
        ("drumless, just strings", "without", ["everything else", "drums", "percussion"]),
        ('pop song called "Drums of War" with piano', "instruments", ["piano"]),
        ("a cappella gospel", "without", ["everything else"]),
        ("rock with an a cappella intro", "without", []),
        ("only kick and acid line", "without", ["everything else"]),
    ],
)
def test_names_are_said_as_the_person_says_them(prompt: str, field: str, names: list[str]) -> None:
    assert understand(CompositionRequest(prompt))[field] == names


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [
        ("140 dubstep with a flute", "bpm", 140),
        ("kpop banger, 128bmp", "bpm", 128),
        ("cello piece, 2'20\"", "duration_seconds", 140),
        ("trance in 8A", "key", "A minor"),
        ("trance in 11B", "key", "A major"),
        ("sarabande for viola", "time_signature", "3/4"),
        ("math rock in 7/8", "time_signature", "7/8"),
        ("balkan dance in 7/8 (3+2+2)", "time_signature", "7/8 (3+2+2)"),
        ("choir sung in latin", "language", "la"),
        ("ballad, him and her trading lines", "voice", "duet"),
        ("kids' choir sings about snow", "voice", "child"),
        ("a song about grandpa who died in March", "genres", None),
    ],
)
def test_figures_and_wishes_in_many_spellings(prompt: str, field: str, value: object) -> None:
    answer = understand(CompositionRequest(prompt))
    assert "march" not in {genre["name"] for genre in answer["genres"]}
    assert value is None or answer[field] == value


def test_a_mood_goes_by_the_persons_word_too() -> None:
    assert understand(CompositionRequest("a gentle waltz"))["moods"][:2] == ["delicate", "gentle"]


def test_a_scene_does_not_turn_a_genre_around() -> None:
    answer = understand(CompositionRequest("black metal about a frostbitten forest"))
    assert not {"peaceful", "calm"} & set(answer["moods"])


def test_an_invalid_request_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        understand(CompositionRequest("   "))


@pytest.mark.parametrize("case", CASES, ids=[case["prompt"][:40] for case in CASES])
def test_a_labelled_prompt_is_heard_as_labelled(case: dict[str, Any]) -> None:
    context = read_prompt(CompositionRequest(case["prompt"]).validate())
    answer = described(context)
    lineage = {name for genre in answer["genres"] for name in (genre["name"], *genre["parents"])}
    for field in ("bpm", "key", "time_signature", "duration_seconds", "vocals", "voice", "language", "structure"):
        assert field not in case or answer[field] == case[field]
    assert "genre_among" not in case or lineage & set(case["genre_among"])
    assert "mood_among" not in case or set(answer["moods"]) & set(case["mood_among"])
    assert case.get("genre_not") not in lineage
    assert all(any(part in name for name in answer["instruments"]) for part in case.get("instruments", ()))
    assert set(case.get("without", ())) <= set(context.without)
    assert "drums" in context.without or not case.get("drumless")
    assert context.key.is_minor or not case.get("minor")
    low, high = case.get("bpm_range", (30, 300))
    assert low <= context.bpm <= high
    assert case.get("section") in {None, *context.structure}
    assert case.get("theme", "") in context.theme
    assert context.valence * case.get("valence_sign", 0) >= 0
    assert context.arousal * case.get("arousal_sign", 0) >= 0
    assert bool(context.energy) or not case.get("energy")


@pytest.mark.parametrize("case", DENIALS, ids=[case["prompt"][:40] for case in DENIALS])
def test_a_prompt_with_denials_is_heard_as_labelled(case: dict[str, Any]) -> None:
    answer = understand(CompositionRequest(case["prompt"]))
    gone, kept = case.get("gone", []), case.get("kept", [])
    assert all(any(_alike(wish, name) for name in answer["without"]) for wish in gone)
    assert all(any(_alike(wish, name) for name in answer["instruments"]) for wish in kept)
    assert gone or "vocals" in case or not answer["without"]
    assert case.get("vocals") in {None, answer["vocals"]}


@pytest.mark.parametrize("case", FIGURES, ids=[case["prompt"][:40] for case in FIGURES])
def test_a_prompt_with_figures_is_heard_as_labelled(case: dict[str, Any]) -> None:
    answer = understand(CompositionRequest(case["prompt"]))
    for field in ("bpm", "duration_seconds", "vocals"):
        assert case.get(field) in {None, answer[field]}
    assert "key" not in case or Key.parse(case["key"]).name == answer["key"]


def _alike(wish: str, name: str) -> bool:
    one, other = ("".join(phrase(each)).rstrip("s") for each in (wish, name))
    return one in other or other in one


@pytest.mark.parametrize(
    ("prompt", "field", "name"),
    [
        ("jazz, no sax", "without", "saxophone"),
        ("hip hop with scratches", "instruments", "turntables"),
        ("trance with a lead synth", "instruments", "synthesizer"),
        ("a drum roll, then a fanfare", "instruments", "snare drum"),
        ("samba with cuica and agogo", "instruments", "cuíca"),
        ("samba with cuica and agogo", "instruments", "agogo"),
        ("nu disco, funky bass guitar", "instruments", "funky bass guitar"),
        ("pop, female singer, no backing vocals", "without", "backing vocals"),
        ("Rock ohne Gesang mit Klavier", "without", "vocals"),
        ("no drums, congas", "without", "other percussion"),
    ],
)
def test_names_in_general_beside_the_persons_own(prompt: str, field: str, name: str) -> None:
    assert name in understand(CompositionRequest(prompt))[field]


def test_reading_takes_milliseconds() -> None:
    read_prompt(CompositionRequest("warm up"))
    # The processor's time, not the wall's: whatever else the machine is doing does not count.
    start = time.process_time()
    for case in CASES:
        read_prompt(CompositionRequest(case["prompt"]))
    assert (time.process_time() - start) / len(CASES) < 0.010
