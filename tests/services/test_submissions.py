"""Requests are accepted whole, in one transaction, or refused before anything is stored."""

from __future__ import annotations

import pytest

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.services.compositions import get_composition
from text2song.services.jobs import list_jobs
from text2song.services.prompts import create_prompt, list_prompts
from text2song.services.providers import UnknownProviderError
from text2song.services.studio import Studio
from text2song.services.submissions import (
    Options,
    credits_for,
    submit,
    submit_prompt,
)


@pytest.mark.parametrize(
    ("seconds", "samples", "price"), [(5, 1, 1), (30, 1, 1), (30.1, 1, 2), (60, 3, 6), (600, 8, 160)]
)
def test_a_credit_is_half_a_minute_of_one_take(seconds: float, samples: int, price: int) -> None:
    assert credits_for(seconds, samples) == price


def test_length_in_the_words_sets_the_credits(studio: Studio) -> None:
    accepted = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="calm piano, 90 seconds"), Options(), seeded=True)
    assert accepted.credits_required == 3
    assert get_composition(studio, LOCAL_OWNER, accepted.composition_id).options["num_samples"] == 1


@pytest.mark.parametrize("samples", [0, 9, -1])
def test_wrong_number_of_takes_stores_nothing(studio: Studio, samples: int) -> None:
    with pytest.raises(InvalidRequestError):
        submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(num_samples=samples), seeded=True)
    assert (
        list_jobs(studio, LOCAL_OWNER, limit=1, offset=0).total
        == list_prompts(studio, LOCAL_OWNER, limit=1, offset=0).total
        == 0
    )


def test_unknown_provider_names_those_there_are(studio: Studio) -> None:
    with pytest.raises(UnknownProviderError) as caught:
        submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(provider="other"), seeded=True)
    assert caught.value.choices == studio.providers


def test_unseeded_songs_of_one_prompt_differ(studio: Studio) -> None:
    prompt = create_prompt(studio, LOCAL_OWNER, CompositionRequest(prompt="x"))
    seeds = set()
    for _ in range(4):
        accepted = submit_prompt(studio, LOCAL_OWNER, prompt.id, Options(), seed=None)
        seeds.add(get_composition(studio, LOCAL_OWNER, accepted.composition_id).request["seed"])
    assert len(seeds) == 4
    assert list_prompts(studio, LOCAL_OWNER, limit=1, offset=0).total == 1
