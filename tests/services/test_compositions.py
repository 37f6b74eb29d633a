"""The library through its use cases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from tests.jobs.waiting import within
from tests.services.fakes import FakeProvider, make_studio, run_next_job, stored_files

from text2song.domain.edits import Edit
from text2song.domain.identity import LOCAL_OWNER, SCOPES, Actor, Plan
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.jobs.leases import Lease
from text2song.services.compositions import (
    Query,
    change_composition,
    delete_composition,
    get_composition,
    list_compositions,
)
from text2song.services.edits import submit_edit
from text2song.services.jobs import cancel_job, get_generation, get_job, list_jobs
from text2song.services.library import list_recent, track_play
from text2song.services.prompts import get_prompt, list_prompts
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit, submit_prompt
from text2song.services.takes import composition_archive, composition_file, get_take, take_file
from text2song.services.views import Status
from text2song.storage.models import Take
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.compositions import NotOwnerError
from text2song.storage.repositories.takes import TakeRepository


def order(studio: Studio, title: str) -> UUID:
    request = CompositionRequest(prompt="a tone", title=title)
    return submit(studio, LOCAL_OWNER, request, Options(), seeded=True).composition_id


def test_only_finished_songs_are_recent(studio: Studio) -> None:
    first = order(studio, "first")
    run_next_job(studio, FakeProvider())
    order(studio, "waiting")
    assert [take.composition_id for take in list_recent(studio, LOCAL_OWNER, limit=10)] == [first]


def test_status_of_the_listener_selects_states_of_the_queue(studio: Studio) -> None:
    order(studio, "a")
    assert list_compositions(studio, LOCAL_OWNER, Query(status=Status.QUEUED)).total == 1
    studio.queue.claim("w")
    assert list_compositions(studio, LOCAL_OWNER, Query(status=Status.RENDERING)).total == 1
    assert list_compositions(studio, LOCAL_OWNER, Query(status=Status.QUEUED)).total == 0


def test_rename_refuses_nothing_but_space(studio: Studio) -> None:
    song = order(studio, "a")
    with pytest.raises(InvalidRequestError):
        change_composition(studio, LOCAL_OWNER, song, title="\t ")
    assert get_composition(studio, LOCAL_OWNER, song).title == "a"


def test_delete_takes_rows_and_sounds_of_that_song_alone(studio: Studio) -> None:
    gone, kept = order(studio, "gone"), order(studio, "kept")
    for _ in range(2):
        run_next_job(studio, FakeProvider())
    delete_composition(studio, LOCAL_OWNER, gone)
    (take,) = get_composition(studio, LOCAL_OWNER, kept).takes
    assert all(str(take.id) in path for path in stored_files(studio))
    with pytest.raises(RowNotFoundError):
        get_composition(studio, LOCAL_OWNER, gone)
    with pytest.raises(RowNotFoundError):
        delete_composition(studio, LOCAL_OWNER, uuid4())


OTHER = Actor(uuid4(), frozenset(SCOPES), Plan.FREE)


def test_strangers_find_nothing_and_change_nothing(studio: Studio) -> None:
    song = order(studio, "mine")
    run_next_job(studio, FakeProvider())
    mine = get_composition(studio, LOCAL_OWNER, song)
    acts: tuple[Callable[[], object], ...] = (
        lambda: get_composition(studio, None, song),
        lambda: get_composition(studio, OTHER, song),
        lambda: change_composition(studio, OTHER, song, public=True),
        lambda: delete_composition(studio, OTHER, song),
        lambda: submit_edit(studio, OTHER, song, Edit(bpm=90.0)),
        lambda: submit_prompt(studio, OTHER, mine.prompt_id, Options(), seed=1),
        lambda: get_prompt(studio, OTHER, mine.prompt_id),
        lambda: get_job(studio, OTHER, mine.job.job_id),
        lambda: cancel_job(studio, OTHER, mine.job.job_id),
        lambda: get_generation(studio, OTHER, mine.job.job_id),
        lambda: get_take(studio, OTHER, mine.takes[0].id),
        lambda: take_file(studio, None, mine.takes[0].id, "song.wav"),
        lambda: composition_file(studio, OTHER, song, "song.wav", 1),
        lambda: composition_archive(studio, None, song, "stems.zip", 1),
    )
    for act in acts:
        with pytest.raises(RowNotFoundError):
            act()
    assert list_compositions(studio, OTHER, Query()).total == 0
    assert list_recent(studio, OTHER, limit=10) == list_recent(studio, None, limit=10) == ()
    assert (
        list_jobs(studio, OTHER, limit=5, offset=0).total == list_prompts(studio, OTHER, limit=5, offset=0).total == 0
    )
    assert get_composition(studio, LOCAL_OWNER, song) == mine


def test_a_public_song_is_read_by_all_and_changed_by_its_owner(studio: Studio) -> None:
    song = order(studio, "shown")
    run_next_job(studio, FakeProvider())
    assert change_composition(studio, LOCAL_OWNER, song, public=True).title == "shown"
    for reader in (OTHER, None):
        (take,) = get_composition(studio, reader, song).takes
        assert get_take(studio, reader, take.id).title == "shown"
        assert take_file(studio, reader, take.id, "song.wav").bytes > 0
        assert composition_file(studio, reader, song, "song.flac", 1).bytes > 0
    assert [each.composition_id for each in list_recent(studio, None, limit=10)] == [song]
    acts: tuple[Callable[[], object], ...] = (
        lambda: change_composition(studio, OTHER, song, title="stolen"),
        lambda: delete_composition(studio, OTHER, song),
        lambda: submit_edit(studio, OTHER, song, Edit(bpm=90.0)),
    )
    for act in acts:
        with pytest.raises(NotOwnerError):
            act()
    change_composition(studio, LOCAL_OWNER, song, public=False)
    with pytest.raises(RowNotFoundError):
        get_composition(studio, None, song)


def _somebody_waits(studio: Studio) -> bool:
    with studio.sessions.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")))


def _while_keeping(studio: Studio, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Finish the next job, and have a change begin and wait once its end is written and not yet committed."""
    complete, ending = studio.queue.complete, threading.Event()

    def hooked(session: Session, lease: Lease) -> None:
        complete(session, lease)
        ending.set()
        assert within(10, lambda: _somebody_waits(studio))

    def changing() -> object:
        assert ending.wait(10)
        return change()

    monkeypatch.setattr(studio.queue, "complete", hooked)
    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(changing)
        run_next_job(studio, FakeProvider())
        changed.result(20)


def test_song_removed_at_the_moment_it_is_finished(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = make_studio(tmp_path, database_url=postgres_url)
    song = order(studio, "a")
    _while_keeping(studio, monkeypatch, lambda: delete_composition(studio, LOCAL_OWNER, song))
    with pytest.raises(RowNotFoundError):
        get_composition(studio, LOCAL_OWNER, song)
    assert not [file for file in stored_files(studio) if "takes/" in file]
    studio.close()


def test_title_given_at_the_moment_the_song_is_finished_stays(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = make_studio(tmp_path, database_url=postgres_url)
    song = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True).composition_id
    add = TakeRepository.add
    with ThreadPoolExecutor(1) as pool:

        def hooked(repository: TakeRepository, row: Take) -> Take:
            changed = pool.submit(change_composition, studio, LOCAL_OWNER, song, title="mine")
            assert within(10, lambda: changed.done() or _somebody_waits(studio))
            return add(repository, row)

        monkeypatch.setattr(TakeRepository, "add", hooked)
        run_next_job(studio, FakeProvider())
    assert get_composition(studio, LOCAL_OWNER, song).title == "mine"
    studio.close()


def test_song_removed_at_the_moment_it_is_played(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = make_studio(tmp_path, database_url=postgres_url)
    song = order(studio, "a")
    run_next_job(studio, FakeProvider())
    [take] = get_composition(studio, LOCAL_OWNER, song).takes
    counted = TakeRepository._counted
    with ThreadPoolExecutor(1) as pool:
        removed: list[Future[None]] = []

        def hooked(repository: TakeRepository, *arguments: Any) -> int:
            # The song is counted by now, the take is not.
            removed.append(pool.submit(delete_composition, studio, LOCAL_OWNER, song))
            assert within(10, lambda: _somebody_waits(studio))
            return counted(repository, *arguments)

        monkeypatch.setattr(TakeRepository, "_counted", hooked)
        assert track_play(studio, LOCAL_OWNER, take.id, 1.0).play_count == 1
        removed[0].result(20)
    with pytest.raises(RowNotFoundError):
        get_composition(studio, LOCAL_OWNER, song)
    studio.close()
