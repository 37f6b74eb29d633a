"""Every part of health can be found broken, hung ones too, and asking often costs nothing."""

from __future__ import annotations

import shutil
import threading
import time
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, update
from tests.services.fakes import make_studio

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.health import Check, Health, Part, Rhythm, UnhealthyError, health_of
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.storage.models import Job
from text2song.storage.schema import downgrade, upgrade

_Usage = namedtuple("_Usage", "total used free")


def parts(studio: Studio) -> dict[str, Check]:
    return {check.name: check for check in Health(studio).check()}


def test_worker_that_never_came_is_missed(studio: Studio) -> None:
    found = parts(studio)
    assert not found["worker"].healthy
    assert "wait in the queue" in found["worker"].detail
    assert all(check.healthy for name, check in found.items() if name != "worker")
    studio.roster.sign_in("host:1:x")
    assert parts(studio)["worker"].detail.startswith("1 running, heard of 0 s ago")


def test_full_disk_is_noticed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(10**12, 10**12 - 2**20, 2**20))
    disk = parts(studio)["disk"]
    assert (disk.healthy, disk.detail) == (False, "only 1 MiB are free on the disk")


def test_database_of_another_version_is_noticed(database_url: str, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_url=database_url)
    assert parts(studio)["migrations"].healthy
    downgrade(studio.sessions.engine)
    assert "db upgrade" in parts(studio)["migrations"].detail
    upgrade(studio.sessions.engine)
    assert parts(studio)["migrations"].healthy
    studio.close()


def test_long_queue_is_noticed(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, health_queue_seconds=60.0)
    assert parts(studio)["queue"].detail == "nothing waits"
    submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True)
    assert parts(studio)["queue"].healthy
    with studio.sessions.write() as session:
        session.execute(update(Job).values(available_at=studio.queue.clock() - timedelta(seconds=61)))
    queue = parts(studio)["queue"]
    assert not queue.healthy
    assert "waiting for 6" in queue.detail
    studio.close()


def test_database_that_is_away_is_noticed(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    studio.close()
    for path in tmp_path.glob("studio.db*"):
        path.unlink()
    (tmp_path / "studio.db").mkdir()
    found = parts(studio)
    assert {name for name, check in found.items() if not check.healthy} == {"database", "migrations", "worker", "queue"}


def test_broker_is_asked_where_there_is_one(tmp_path: Path, valkey_url: str) -> None:
    studio = make_studio(tmp_path, redis_url=valkey_url)
    assert {check.name: check.healthy for check in health_of(studio).check()}["broker"]
    studio.close()


def test_broker_that_is_away_is_noticed(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, redis_url="redis://127.0.0.1:1/0")
    broker = {check.name: check for check in health_of(studio).check()}["broker"]
    assert (broker.healthy, broker.detail) == (False, "the broker does not answer: ConnectionError")
    studio.close()


def test_asking_often_asks_the_database_once(studio: Studio) -> None:
    health = Health(studio)
    statements: list[str] = []
    event.listen(studio.sessions.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    health.check()
    asked = len(statements)
    threads = [threading.Thread(target=health.check) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statements) <= 2 * asked


def test_store_is_written_to_seldom(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    health = Health(studio)
    health.check()
    monkeypatch.setattr(studio.blobs.__class__, "probe", lambda _self: pytest.fail("tried again too soon"))
    time.sleep(1.1)
    assert {check.name: check for check in health.check()}["storage"].healthy


def test_part_that_hangs_holds_nobody_up_and_is_told() -> None:
    released = threading.Event()
    tries = []

    def hang() -> str:
        tries.append(1)
        released.wait(30)
        return "back"

    part = Part("store", hang, Rhythm())
    for _ in range(2):
        started = time.monotonic()
        part.begin()
        found = part.end(started + 0.3)
        assert time.monotonic() - started < 1.0
        assert not found.healthy
        assert "has not answered" in found.detail
    assert len(tries) == 1
    released.set()
    part.begin()
    assert part.end(time.monotonic() + 2).detail == "back"


def test_part_that_fails_in_an_unforeseen_way_is_ill() -> None:
    def break_down() -> str:
        raise ZeroDivisionError

    part = Part("x", break_down, Rhythm())
    part.begin()
    assert part.end(time.monotonic() + 2).detail == "failed: ZeroDivisionError"


def test_ill_part_is_tried_again_in_its_own_rhythm() -> None:
    answers = iter(["no", "yes"])

    def attempt() -> str:
        if next(answers) == "no":
            raise UnhealthyError("not yet")
        return "well"

    part = Part("x", attempt, Rhythm(well=60, ill=0.05))
    part.begin()
    assert not part.end(time.monotonic() + 2).healthy
    time.sleep(0.1)
    part.begin()
    time.sleep(0.1)
    assert part.end(time.monotonic() + 2).healthy
