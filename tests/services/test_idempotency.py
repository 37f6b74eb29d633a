"""A request sent twice is done once: at the same time, after a crash, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.services.fakes import make_studio

from text2song.domain.identity import LOCAL_OWNER, SCOPES, Actor, Plan
from text2song.domain.request import CompositionRequest, InvalidRequestError
from text2song.services.idempotency import KEPT, KeyReusedError, RequestKey
from text2song.services.jobs import list_jobs
from text2song.services.prompts import create_prompt, list_prompts
from text2song.services.studio import Studio
from text2song.services.submissions import Accepted, Options, submit
from text2song.services.sweeping import sweep
from text2song.storage.models import IdempotencyRecord

REQUEST = CompositionRequest(prompt="a tone")
KEY = RequestKey("song-1", "f" * 64)


@pytest.fixture
def studio(tmp_path: Path, database_url: str) -> Iterator[Studio]:
    made = make_studio(tmp_path, database_url=database_url)
    yield made
    made.close()


def send(studio: Studio, key: RequestKey = KEY, actor: Actor = LOCAL_OWNER) -> Accepted:
    return submit(studio, actor, REQUEST, Options(), seeded=False, key=key)


def jobs(studio: Studio, actor: Actor = LOCAL_OWNER) -> int:
    return list_jobs(studio, actor, limit=1, offset=0).total


def test_sixty_four_at_once_are_one_job(studio: Studio) -> None:
    with ThreadPoolExecutor(64) as pool:
        replies = set(pool.map(lambda _: send(studio), range(64)))
    assert len(replies) == 1
    assert jobs(studio) == 1


def test_another_body_is_another_request(studio: Studio) -> None:
    first = send(studio)
    with pytest.raises(KeyReusedError):
        send(studio, RequestKey(KEY.key, "0" * 64))
    assert send(studio) == first
    assert send(studio, RequestKey("song-2", KEY.fingerprint)) != first
    assert jobs(studio) == 2


def test_a_key_is_its_users_own(studio: Studio) -> None:
    other = Actor(uuid4(), frozenset(SCOPES), Plan.FREE)
    assert send(studio) != send(studio, actor=other)
    assert jobs(studio) == jobs(studio, other) == 1


def test_what_was_refused_may_be_tried_again(studio: Studio) -> None:
    with pytest.raises(InvalidRequestError):
        submit(studio, LOCAL_OWNER, REQUEST, Options(num_samples=99), seeded=False, key=KEY)
    assert send(studio) == send(studio)


def test_a_key_lives_a_day(studio: Studio) -> None:
    first = send(studio)
    with studio.sessions.write() as session:
        (record,) = session.query(IdempotencyRecord).all()
        record.created_at -= KEPT + timedelta(seconds=1)
    second = send(studio)
    assert second != first
    with studio.sessions.write() as session:
        (record,) = session.query(IdempotencyRecord).all()
        record.created_at -= KEPT + timedelta(seconds=1)
    sweep(studio)
    with studio.sessions.read() as session:
        assert session.query(IdempotencyRecord).count() == 0


def test_prompts_are_kept_once(studio: Studio) -> None:
    first = create_prompt(studio, LOCAL_OWNER, REQUEST, KEY)
    assert create_prompt(studio, LOCAL_OWNER, REQUEST, KEY) == replace(first, created_at=first.created_at)
    assert list_prompts(studio, LOCAL_OWNER, limit=5, offset=0).total == 1


_SENDER = """
import sys
from tests.services.test_idempotency import make_studio, send, RequestKey
from pathlib import Path
studio = make_studio(Path(sys.argv[1]), database_url=sys.argv[2])
for number in range(1000):
    send(studio, RequestKey(f"{sys.argv[3]}-{number}", "f" * 64))
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_sender_may_send_everything_again(studio: Studio, tmp_path: Path) -> None:
    sent = 0
    for run, seconds in enumerate((0.05, 0.2, 0.45)):
        arguments = [sys.executable, "-c", _SENDER, str(tmp_path), studio.database_url, str(run)]
        sender = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        assert sender.stdout is not None
        assert sender.stdout.readline() == "0\n"
        time.sleep(seconds)
        sender.kill()
        said = 1 + len(sender.stdout.readlines())
        sender.wait()
        sender.stdout.close()
        # The request it died over may be done or not, but never half, and never twice.
        assert jobs(studio) - sent in (said, said + 1)
        for number in range(said + 1):
            send(studio, RequestKey(f"{run}-{number}", "f" * 64))
        sent += said + 1
        assert jobs(studio) == sent
