"""Bodies become the domain's request without a value changed or guessed."""

from __future__ import annotations

from dataclasses import fields
from uuid import uuid4

import pytest
from pydantic import ValidationError

from text2song.api.schemas.requests import CompositionCreate, GenerateRequest, MusicFields
from text2song.domain.request import CompositionRequest


def test_every_field_of_the_domain_can_be_asked_for() -> None:
    spelled = {"duration_seconds": "duration"}
    # The candidate is what a maker records of its choice, not a wish.
    unasked = {"prompt", "candidate"}
    domain = {spelled.get(field.name, field.name) for field in fields(CompositionRequest)} - unasked
    assert domain == set(MusicFields.model_fields)


def test_defaults_ask_for_nothing() -> None:
    body = CompositionCreate(prompt="x")
    assert body.music(body.prompt) == CompositionRequest(prompt="x")


@pytest.mark.parametrize(("word", "value"), [("auto", None), ("sung", True), ("instrumental", False)])
def test_vocals(word: str, value: bool | None) -> None:
    body = CompositionCreate.model_validate({"prompt": "x", "vocals": word})
    assert body.music("x").vocals is value


@pytest.mark.parametrize(
    "body", [{}, {"prompt": "x", "prompt_id": str(uuid4())}, {"prompt_id": str(uuid4()), "bpm": 90}]
)
def test_a_song_has_one_prompt(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GenerateRequest.model_validate(body)


def test_stored_prompt_takes_a_seed() -> None:
    assert GenerateRequest.model_validate({"prompt_id": str(uuid4()), "seed": 3}).seed == 3
