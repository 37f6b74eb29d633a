"""Sentry hears what broke and where, and nothing else."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.collecting import collector

from text2song.services.faults import scrubbed

SECRETS = ("ann@example.org", "hunter2hunter2", "a song for my late mother", "tts_live_0123456789abcdef", "41111111")

SCRIPT = """
import pathlib, sys
import structlog
from starlette.testclient import TestClient
from text2song.api.app import app_of
from text2song.logging import configure_logging
from text2song.services.studio import build_studio
from text2song.settings import Settings
configure_logging(json=True, level="INFO")
studio = build_studio(Settings())
app = app_of(studio)
@app.post("/broken")
def broken() -> None:
    prompt = "a song for my late mother"
    key = "tts_live_0123456789abcdef"
    raise RuntimeError(f"cannot sing {prompt!r} for ann@example.org, pg://u:hunter2hunter2@db/x {key} 41111111")
with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
    reply = client.post("/broken?q=ann@example.org", json={"prompt": "a song for my late mother"},
        headers={"authorization": "Bearer tts_live_0123456789abcdef", "cookie": "session=hunter2hunter2",
                 "x-request-id": "request-1234"})
    assert reply.status_code == 500, reply.text
structlog.get_logger("x").warning("not an error", secret="hunter2hunter2")
structlog.get_logger("x").error("the worker cannot start", slug="disk-full", error="for ann@example.org")
studio.close()
"""


def test_fault_arrives_without_anything_of_the_request(tmp_path: Path) -> None:
    with collector() as collected:
        settings = {
            "TEXT2SONG_DATA_DIR": str(tmp_path / "hunter2hunter2"),
            "TEXT2SONG_SENTRY_DSN": f"http://public@127.0.0.1:{collected.port}/7",
            "SECRET_OF_THE_OPERATOR": "hunter2hunter2",
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env={**os.environ, **settings}, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert {path for path, _ in collected.posts} == {"/api/7/envelope/"}
    everything = b"".join(body for _, body in collected.posts).decode()
    for secret in SECRETS:
        assert secret not in everything
    events = [json.loads(line) for line in everything.splitlines() if line.startswith("{") and '"event_id"' in line]
    (fault,) = [event for event in events if "exception" in event]
    (error,) = fault["exception"]["values"]
    assert error["type"] == "RuntimeError"
    assert error["value"].startswith("cannot sing … for …")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert fault["tags"]["request_id"] == "request-1234"
    assert fault["release"].startswith("text2song@")
    (told,) = [event for event in events if event.get("message")]
    assert (told["message"], told["tags"]["slug"]) == ("the worker cannot start", "disk-full")
    assert not {"user", "request", "server_name", "modules", "extra"} & {name for event in events for name in event}


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("boom", "boom"),
        ("no user 'ann'", "no user …"),
        ('no "quoted" word', "no … word"),
        ("(sqlite3.Error) locked [SQL: SELECT x] [parameters: ('secret',)]", "(sqlite3.Error) locked […]"),
        ("at redis://:pw@host/0 and ann@example.org", "at … and …"),
        ("card 4111111111111111 of 3", "card … of 3"),
        ("key tts_live_0123456789abcdef01", "key …"),
        ("x " * 300, ("x " * 300)[:200]),
    ],
)
def test_messages_are_scrubbed(told: str, sent: str) -> None:
    assert scrubbed(told) == sent


def test_the_handler_is_only_there_when_asked_for() -> None:
    assert not any("Fault" in type(handler).__name__ for handler in logging.getLogger().handlers)
