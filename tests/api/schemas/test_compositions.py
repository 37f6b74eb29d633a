"""What a query of the library means to the use case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from text2song.api.schemas.compositions import LibraryQuery
from text2song.services.compositions import Query
from text2song.services.views import Status


def test_nothing_asked_is_everything_newest_first() -> None:
    assert LibraryQuery().query() == Query()


def test_every_filter_is_passed_on() -> None:
    asked = LibraryQuery.model_validate(
        {
            "q": "night",
            "genre": "jazz",
            "status": "FAILED",
            "favorite": "true",
            "created_to": "2026-03-01T00:00:00+01:00",
            "min_duration": "10",
            "sort": "longest",
            "limit": "5",
            "offset": "7",
        }
    ).query()
    assert (asked.text, asked.genre, asked.status, asked.favorite) == ("night", "jazz", Status.FAILED, True)
    assert asked.created == (None, datetime(2026, 2, 28, 23, tzinfo=UTC))
    assert (asked.duration, asked.sort, asked.limit, asked.offset) == ((10.0, None), "longest", 5, 7)


def test_a_filter_that_does_not_exist_is_not_ignored() -> None:
    with pytest.raises(ValidationError):
        LibraryQuery.model_validate({"colour": "blue"})
