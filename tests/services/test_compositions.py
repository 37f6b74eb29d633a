"""The library through its use cases."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from tests.services.fakes import FakeProvider, run_next_job, stored_files

from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.services.compositions import (
    Query,
    delete_composition,
    get_composition,
    list_compositions,
    list_recent,
    rename_composition,
)
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.views import Status
from text2song.storage.repositories.base import RowNotFoundError


def order(studio: Studio, title: str) -> UUID:
    request = CompositionRequest(prompt="a tone", title=title)
    return submit(studio, request, Options(), seeded=True).composition_id


def test_only_finished_songs_are_recent(studio: Studio) -> None:
    first = order(studio, "first")
    run_next_job(studio, FakeProvider())
    order(studio, "waiting")
    assert [song.id for song in list_recent(studio, 10)] == [first]


def test_status_of_the_listener_selects_states_of_the_queue(studio: Studio) -> None:
    order(studio, "a")
    assert list_compositions(studio, Query(status=Status.QUEUED)).total == 1
    studio.queue.claim("w")
    assert list_compositions(studio, Query(status=Status.RENDERING)).total == 1
    assert list_compositions(studio, Query(status=Status.QUEUED)).total == 0


def test_rename_refuses_nothing_but_space(studio: Studio) -> None:
    song = order(studio, "a")
    with pytest.raises(InvalidRequestError):
        rename_composition(studio, song, "\t ")
    assert get_composition(studio, song).title == "a"


def test_delete_takes_rows_and_sounds_of_that_song_alone(studio: Studio) -> None:
    gone, kept = order(studio, "gone"), order(studio, "kept")
    for _ in range(2):
        run_next_job(studio, FakeProvider())
    delete_composition(studio, gone)
    (take,) = get_composition(studio, kept).takes
    assert all(str(take.id) in path for path in stored_files(studio))
    with pytest.raises(RowNotFoundError):
        get_composition(studio, gone)
    with pytest.raises(RowNotFoundError):
        delete_composition(studio, uuid4())
