"""How people say no: wordings of denials crossed with things, what only looks like one, lists, singing, languages."""

from __future__ import annotations

from itertools import product

import pytest
from tests.compose.prompt import denial_wordings as wordings

from text2song.compose.prompt.denials import denied
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.words import Words
from text2song.domain.context import CompositionContext, Vocals
from text2song.domain.request import CompositionRequest

#: Where a wording may stand in a prompt.
FRAMES = ("{}", "folk tune, {}, slow", "a slow folk tune with flute. {}", "Sad and slow, 90 bpm; {}")


def read(prompt: str) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt))


def crossed(group: tuple[str, ...], times: int) -> list[tuple[str, str]]:
    """Return every wording with a few of the things and frames, turn by turn, as (prompt, what the thing removes)."""
    things = list(wordings.THINGS.items())
    pairs: list[tuple[str, str]] = []
    for (index, wording), turn in product(enumerate(group), range(times)):
        thing, removed = things[(index + 3 * turn) % len(things)]
        pairs.append((FRAMES[(index + turn) % len(FRAMES)].format(wording.format(thing)), removed))
    return pairs


@pytest.mark.parametrize(("prompt", "removed"), crossed(wordings.BEFORE, 3))
def test_a_denial_before_the_thing(prompt: str, removed: str) -> None:
    assert removed in read(prompt).without


@pytest.mark.parametrize(("prompt", "removed"), crossed(wordings.ROUND, 3))
def test_a_denial_around_or_behind_the_thing(prompt: str, removed: str) -> None:
    assert removed in read(prompt).without


@pytest.mark.parametrize(("prompt", "kept"), crossed(wordings.TWINS, 3))
def test_what_only_looks_like_a_denial(prompt: str, kept: str) -> None:
    assert kept not in read(prompt).without


@pytest.mark.parametrize(("prompt", "gone", "kept"), wordings.LISTS)
def test_how_far_a_denial_goes_in_a_list(prompt: str, gone: str, kept: str) -> None:
    context = read(prompt)
    assert set(gone.split()) <= set(context.without)
    assert set(kept.split()) <= set(context.instruments)


@pytest.mark.parametrize("prompt", wordings.SILENT)
def test_nobody_sings(prompt: str) -> None:
    assert read(prompt).vocals is Vocals.INSTRUMENTAL


@pytest.mark.parametrize("prompt", wordings.SUNG)
def test_somebody_sings_after_all(prompt: str) -> None:
    assert read(prompt).vocals is Vocals.SUNG


@pytest.mark.parametrize(("frame", "thing", "removed"), wordings.FOREIGN)
def test_a_denial_in_another_language(frame: str, thing: str, removed: str) -> None:
    assert removed in read(frame.format(thing)).without


@pytest.mark.parametrize("prompt", ["dark techno ohne Gesang", "pop sin batería", "rock senza chitarra, fast"])
def test_a_foreign_denial_leaves_an_english_prompt_english(prompt: str) -> None:
    assert read(prompt).language == "en"


def test_an_exception_from_a_denial_is_a_wish() -> None:
    context = read("no percussion except a tambourine")
    assert context.instruments == ("tambourine",)
    assert {"shaker", "drum_kit"} <= set(context.without)


def test_a_prompt_without_phrases_has_nothing_to_deny() -> None:
    assert denied(Words.of("no, not without it"), (), lexicon()).whole == frozenset()
