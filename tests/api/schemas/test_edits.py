from __future__ import annotations

from dataclasses import fields

import pytest
from pydantic import ValidationError

from text2song.api.schemas.edits import EditCreate
from text2song.domain.edits import Edit


def test_every_field_of_an_edit_can_be_sent() -> None:
    names = {"duration_seconds": "duration"}
    assert {names.get(each.name, each.name) for each in fields(Edit)} == set(EditCreate.model_fields) - {"take"}


def test_a_body_becomes_the_domains_edit() -> None:
    body = EditCreate.model_validate({"remake": ["chorus.1/bass"], "bpm": 90.0, "instruments": {"bass": "tuba"}})
    assert body.edit() == Edit(remake=("chorus.1/bass",), bpm=90.0, instruments={"bass": "tuba"})


@pytest.mark.parametrize(
    "body", [{"remake": "bass"}, {"bpm": "90"}, {"bpm": 5}, {"energy": [2.0]}, {"remake": ["x" * 81]}, {"dance": 1}]
)
def test_what_has_not_the_form_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EditCreate.model_validate(body)
