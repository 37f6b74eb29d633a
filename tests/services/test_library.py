"""New, played, found, marked, taken home: counted where it happens, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.domain.identity import LOCAL_OWNER, LOCAL_OWNER_ID, SCOPES, Actor, Plan
from text2song.domain.request import CompositionRequest
from text2song.services.compositions import change_composition, delete_composition
from text2song.services.library import download, list_most_played, list_recent, mark_favorite, search, track_play
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.takes import FileNotMadeError
from text2song.storage.models import Play, Take, UsageDay
from text2song.storage.repositories.base import RowNotFoundError

OTHER = Actor(UUID(int=7), frozenset(SCOPES), Plan.FREE)


@pytest.fixture
def studio(tmp_path: Path, database_url: str) -> Iterator[Studio]:
    made = make_studio(tmp_path / "data", database_url=database_url)
    yield made
    made.close()


def make(studio: Studio, title: str, samples: int = 1) -> tuple[UUID, list[UUID]]:
    request = CompositionRequest(prompt="a tone", title=title)
    song = submit(studio, LOCAL_OWNER, request, Options(num_samples=samples), seeded=True).composition_id
    run_next_job(studio, FakeProvider())
    return song, [record.generation_id for record in list_recent(studio, LOCAL_OWNER, limit=samples)]


def test_a_record_says_what_the_take_is_and_how_it_was_made(studio: Studio) -> None:
    song, ids = make(studio, "Night Drive", samples=2)
    first, second = search(studio, LOCAL_OWNER, "night", limit=5)
    assert (first.composition_id, first.generation_id, second.number) == (song, ids[1], 2)
    assert (first.title, first.prompt, first.genres, first.device) == ("Night Drive", "a tone", ("synthwave",), "cpu")
    assert first.duration == 4.0
    assert first.bytes > 0
    assert (first.play_count, first.last_played, first.is_favorited) == (0, None, False)
    assert [view.number for view in search(studio, LOCAL_OWNER, "night", limit=1)] == [1]


def test_plays_are_counted_with_who_and_for_how_long(studio: Studio) -> None:
    song, (take,) = make(studio, "a")
    make(studio, "b")
    change_composition(studio, LOCAL_OWNER, song, public=True)
    for actor, seconds in ((LOCAL_OWNER, 2.5), (OTHER, None), (None, 4.0)):
        played = track_play(studio, actor, take, seconds)
    assert played.play_count == 3
    top, *_ = list_most_played(studio, LOCAL_OWNER, limit=5)
    assert (top.generation_id, top.play_count, top.last_played) == (take, 3, played.last_played)
    with studio.sessions.read() as session:
        rows = [(play.user_id, play.seconds) for play in session.scalars(select(Play).order_by(Play.created_at))]
        assert rows == [(LOCAL_OWNER_ID, 2.5), (OTHER.user_id, None), (None, 4.0)]
        day = session.scalars(select(UsageDay)).one()
        assert (day.takes, day.plays, day.play_seconds) == (2, 3, 6.5)


def test_what_is_not_there_for_someone_cannot_be_played_marked_or_taken(studio: Studio) -> None:
    _, (take,) = make(studio, "a")
    for actor, id_ in ((OTHER, take), (LOCAL_OWNER, uuid4())):
        with pytest.raises(RowNotFoundError):
            track_play(studio, actor, id_, None)
        with pytest.raises(RowNotFoundError):
            mark_favorite(studio, actor, id_)
        with pytest.raises(RowNotFoundError):
            download(studio, actor, id_, "song.flac")
    assert list_recent(studio, OTHER, limit=5) == list_most_played(studio, None, limit=5) == ()
    assert search(studio, OTHER, "tone", limit=5) == ()
    with studio.sessions.read() as session:
        assert session.scalar(select(func.count(Play.id))) == 0


def test_a_public_song_is_found_by_all_and_marked_by_each(studio: Studio) -> None:
    song, (take,) = make(studio, "a")
    change_composition(studio, LOCAL_OWNER, song, public=True)
    assert mark_favorite(studio, OTHER, take).favorite_count == 1
    assert mark_favorite(studio, LOCAL_OWNER, take).favorite_count == 2
    assert not mark_favorite(studio, LOCAL_OWNER, take).is_favorited
    for actor, marked in ((OTHER, True), (LOCAL_OWNER, False), (None, False)):
        (view,) = search(studio, actor, "tone", limit=5)
        assert (view.is_favorited, view.favorite_count) == (marked, 1)
    assert list_recent(studio, OTHER, limit=5) == ()
    assert [view.generation_id for view in list_recent(studio, OTHER, limit=5, scope="all")] == [take]
    change_composition(studio, LOCAL_OWNER, song, public=False)
    assert search(studio, OTHER, "tone", limit=5) == ()


def test_downloads_are_counted_when_there_is_something_to_download(studio: Studio) -> None:
    _, (take,) = make(studio, "Night Drive")
    assert download(studio, LOCAL_OWNER, take, "song.mp3").filename == "Night Drive.mp3"
    with pytest.raises(FileNotMadeError):
        download(studio, LOCAL_OWNER, take, "song.aiff")
    (view,) = list_recent(studio, LOCAL_OWNER, limit=1)
    assert view.download_count == 1


def test_marks_from_many_threads_end_where_their_number_says(studio: Studio) -> None:
    _, (take,) = make(studio, "a")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: mark_favorite(studio, LOCAL_OWNER, take), range(33)))
    (view,) = list_recent(studio, LOCAL_OWNER, limit=1)
    assert (view.is_favorited, view.favorite_count) == (True, 1)


def test_a_removed_song_is_gone_from_every_list_but_not_from_the_day(studio: Studio) -> None:
    song, (take,) = make(studio, "a")
    track_play(studio, LOCAL_OWNER, take, 1.0)
    delete_composition(studio, LOCAL_OWNER, song)
    assert list_recent(studio, LOCAL_OWNER, limit=5) == search(studio, LOCAL_OWNER, "tone", limit=5) == ()
    with studio.sessions.read() as session:
        assert session.scalar(select(func.count(Take.id))) == session.scalar(select(func.count(Play.id))) == 0
        day = session.scalars(select(UsageDay)).one()
        assert (day.takes, day.plays) == (1, 1)
