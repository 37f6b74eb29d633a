"""Reading whole prompts: what the user sets wins, the words fill the rest, the style fills what is left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.prompt.names import UnknownGenreError, UnknownMoodError, UnknownSectionError
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import CompositionContext, Source, Vocals
from text2song.domain.instruments import UnknownInstrumentError
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.theory import Key


def read(prompt: str) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt).validate())


def test_the_sentence_of_the_readme_is_read_whole() -> None:
    context = read("dreamy synthwave about night drives, 100 bpm, A minor, 60 seconds")
    assert context.genres[0].name == "synthwave"
    assert context.style == "synthwave"
    assert context.bpm == 100
    assert context.key == Key.parse("A minor")
    assert context.duration_seconds == 60
    assert "dreamy" in context.moods
    assert context.theme == "night drives"
    assert context.title == "Night Drives"
    assert context.vocals is Vocals.INSTRUMENTAL
    assert context.not_understood == ()


def test_what_the_user_sets_wins_over_the_words() -> None:
    request = CompositionRequest(
        "slow sad jazz in C major, 3/4, 30 seconds, with banjo and vocals",
        bpm=140.5,
        key="F# dorian",
        time_signature="7/8",
        duration_seconds=42,
        genres=(GenreWeight("metal", 3), GenreWeight("deep house", 1)),
        moods=("happy",),
        instruments=("violin",),
        without=("piano",),
        structure=("intro", "Pre-Chorus", "chorus 2"),
        energy=(0.1, 0.9),
        vocals=False,
        title="Mine",
    )
    context = read_prompt(request.validate())
    assert context.bpm == Fraction("140.5")
    assert context.key == Key.parse("F# dorian")
    assert context.time_signature.name == "7/8"
    assert context.duration_seconds == 42
    assert [(genre.name, genre.weight) for genre in context.genres] == [("metal", 0.75), ("deep house", 0.25)]
    assert context.moods == ("happy",)
    assert context.instruments == ("violin",)
    assert context.without == ("piano",)
    assert context.structure == ("intro", "prechorus", "chorus")
    assert context.energy == (0.1, 0.9)
    assert context.vocals is Vocals.INSTRUMENTAL
    assert context.title == "Mine"
    fields = (
        "bpm",
        "key",
        "genres",
        "moods",
        "instruments",
        "structure",
        "energy",
        "vocals",
        "title",
        "time_signature",
    )
    assert all(context.sources[field].source is Source.USER for field in fields)


def test_every_value_says_where_it_came_from() -> None:
    context = read("fast punk in E minor")
    assert context.sources["genres"].source is Source.WORDS
    assert context.sources["genres"].words == "punk"
    assert context.sources["bpm"].source is Source.WORDS
    assert context.sources["key"].words == "in E minor"
    assert context.sources["duration_seconds"].source is Source.STYLE


@pytest.mark.parametrize(
    ("request_", "error", "field", "nearest"),
    [
        (CompositionRequest("x", genres=(GenreWeight("synthwafe"),)), UnknownGenreError, "genres", "synthwave"),
        (CompositionRequest("x", moods=("melancolic",)), UnknownMoodError, "moods", "melancholic"),
        (CompositionRequest("x", instruments=("pianno",)), UnknownInstrumentError, "instruments", "piano"),
        (CompositionRequest("x", without=("drumms",)), UnknownInstrumentError, "without", "drums"),
        (CompositionRequest("x", structure=("vers",)), UnknownSectionError, "structure", "verse"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    request_: CompositionRequest, error: type[UnknownGenreError], field: str, nearest: str
) -> None:
    with pytest.raises(error) as caught:
        read_prompt(request_)
    assert caught.value.field == field
    assert caught.value.choices[0] == nearest
    assert nearest in caught.value.message


@pytest.mark.parametrize(
    "prompt", ["🎸🔥", "أغنية حزينة عن البحر", "שיר שמח", "悲しい歌 100 bpm", "!!!", "—", "\t\n x", "a" * 4000]
)
def test_any_script_is_read_without_harm(prompt: str) -> None:
    context = read(prompt)
    assert context.genres[0].weight == 1.0
    assert context.sources["genres"].source is Source.STYLE


def test_words_that_changed_nothing_are_listed_in_order_as_written() -> None:
    assert read("a Quixotic pop song with zorbling drums, quixotic").not_understood == ("Quixotic", "zorbling")


def test_the_seed_alone_decides_what_is_left_open() -> None:
    one, same = (read_prompt(CompositionRequest("a rock song", seed=5)) for _ in range(2))
    tempos = {read_prompt(CompositionRequest("a rock song", seed=seed)).bpm for seed in range(20)}
    assert one == same
    assert len(tempos) > 3


def test_choices_of_the_style_are_recorded() -> None:
    decisions = Decisions(1)
    read_prompt(CompositionRequest("a rock song", seed=1), decisions)
    assert {decision.path for decision in decisions.made} >= {"context/bpm", "context/key/tonic", "context/key/mode"}


def test_a_singer_who_is_not_wanted_does_not_sing() -> None:
    for name in ("vocals", "vocal", "singer", "vox"):
        request = CompositionRequest("pop about love with a female singer", without=(name,))
        assert read_prompt(request.validate()).vocals is Vocals.INSTRUMENTAL
        assert read_prompt(replace(request, lyrics="Come home").validate()).vocals is Vocals.INSTRUMENTAL
        # Of two fields that disagree, the one that is about singing alone counts.
        sung = read_prompt(replace(request, vocals=True).validate())
        assert sung.vocals is Vocals.SUNG
        assert sung.without == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "a ballad about my grandfather",
        "nothing but strings, slow",
        "female singer over a techno beat",
        "sad trap beat",
        "reggaeton with trumpets, in Spanish",
    ],
)
def test_no_value_is_without_a_source(prompt: str) -> None:
    context = read_prompt(CompositionRequest(prompt))
    fields = ("genres", "moods", "bpm", "tempo_word", "key", "time_signature", "duration_seconds", "instruments")
    assert {*fields, "vocals", "voice", "language", "structure", "title"} <= set(context.sources)
    assert ("without" in context.sources) == bool(context.without)


def test_what_makes_a_title_and_a_singer_is_said() -> None:
    context = read_prompt(CompositionRequest("a ballad about my grandfather"))
    assert context.sources["title"].words == context.theme == "my grandfather"
    assert context.sources["vocals"].source is Source.WORDS
    assert context.sources["voice"] == context.sources["vocals"]
