"""Prompts through their use cases."""

from __future__ import annotations

import pytest

from text2song.domain.errors import InvalidError
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.services.prompts import create_prompt, get_prompt, list_prompts
from text2song.services.studio import Studio


def test_fields_are_kept_and_explained(studio: Studio) -> None:
    kept = create_prompt(studio, LOCAL_OWNER, CompositionRequest(prompt="slow jazz with piano", bpm=70.0))
    prompt, reading = get_prompt(studio, LOCAL_OWNER, kept.id)
    assert prompt == kept
    assert (reading["bpm"], reading["sources"]["bpm"]["source"]) == (70, "user")
    assert reading["instruments"] == ["piano"]


def test_nothing_unplayable_is_kept(studio: Studio) -> None:
    with pytest.raises(InvalidError):
        create_prompt(studio, LOCAL_OWNER, CompositionRequest(prompt="x", genres=(GenreWeight("nothinglike"),)))
    assert list_prompts(studio, LOCAL_OWNER, limit=5, offset=0).total == 0
