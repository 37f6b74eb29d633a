"""The studio over a real socket: ports, the event stream, many listeners, an end that keeps nobody waiting."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from tests.api.serving import listening
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.api import server
from text2song.api.app import PREFIX
from text2song.api.server import AddressError, OpenAddressError, PortInUseError, address_of, bind, inherited
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import cancel_job
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = make_studio(tmp_path)
    yield made
    made.close()


def order(studio: Studio) -> str:
    accepted = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x", seed=1), Options(), seeded=True)
    return str(accepted.job_id)


class Listener:
    """Reads the event stream in a thread of its own."""

    def __init__(self, address: str, last_event_id: int | None = None) -> None:
        self.events: list[tuple[int, dict[str, Any]]] = []
        self.open = threading.Event()
        self.ended = threading.Event()
        self._url = f"{address}{PREFIX}/jobs/events"
        self._headers = {} if last_event_id is None else {"last-event-id": str(last_event_id)}
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.open.wait(5)

    def _listen(self) -> None:
        try:
            with httpx.stream("GET", self._url, headers=self._headers, timeout=30) as reply:
                self.type = reply.headers["content-type"]
                self._read(reply.iter_lines())
        finally:
            self.ended.set()

    def _read(self, lines: Iterator[str]) -> None:
        data: dict[str, Any] | None = None
        for line in lines:
            self.open.set()
            name, _, value = line.partition(": ")
            if name == "data":
                data = json.loads(value)
            elif name == "id" and data is not None:
                self.events.append((int(value), data))
            elif not line:
                # A position without data, which an idle stream begins with, is no event.
                data = None

    def statuses(self, job_id: str) -> list[str]:
        return [data["status"] for _, data in self.events if data["job_id"] == job_id]

    def wait_for(self, job_id: str, status: str) -> None:
        limit = time.monotonic() + 5
        while status not in self.statuses(job_id):
            assert time.monotonic() < limit, self.events
            time.sleep(0.01)


def test_events_tell_every_job_to_every_listener(studio: Studio) -> None:
    with listening(studio) as address:
        waiting = order(studio)
        first, second = Listener(address), Listener(address)
        first.wait_for(waiting, "QUEUED")
        second.wait_for(waiting, "QUEUED")
        later = order(studio)
        run_next_job(studio, FakeProvider())
        for listener in (first, second):
            listener.wait_for(waiting, "COMPLETE")
            listener.wait_for(later, "QUEUED")
            revisions = [revision for revision, _ in listener.events]
            assert revisions == sorted(set(revisions))
        assert first.type.startswith("text/event-stream")


def test_events_resume_after_the_last_one_seen(studio: Studio) -> None:
    with listening(studio) as address:
        old, new = order(studio), order(studio)
        first = Listener(address)
        first.wait_for(new, "QUEUED")
        last = first.events[-1][0]
        run_next_job(studio, FakeProvider())
        resumed = Listener(address, last_event_id=last)
        resumed.wait_for(old, "COMPLETE")
        assert resumed.statuses(new) == []


def test_first_listener_after_silence_misses_nothing(studio: Studio) -> None:
    with listening(studio) as address:
        Listener(address)
        done = order(studio)
        run_next_job(studio, FakeProvider())
        job = order(studio)
        listener = Listener(address)
        listener.wait_for(job, "QUEUED")
        assert listener.statuses(done) in ([], ["COMPLETE"])
        cancel_job(studio, LOCAL_OWNER, next(iter([studio.queue.claim("w")])).job_id)  # type: ignore[union-attr]
        listener.wait_for(job, "CANCELLED")


def test_a_hundred_listeners_hold_no_connection(studio: Studio) -> None:
    with listening(studio) as address:
        listeners = [Listener(address) for _ in range(100)]
        job = order(studio)
        for listener in listeners:
            listener.wait_for(job, "QUEUED")
        pool = studio.sessions.engine.pool
        assert pool.checkedout() <= 1  # type: ignore[attr-defined]
        assert httpx.get(f"{address}{PREFIX}/recent").status_code == 200


def test_shutdown_ends_the_streams_at_once(studio: Studio) -> None:
    with listening(studio) as address:
        listener = Listener(address)
        started = time.monotonic()
    assert listener.ended.wait(3)
    assert time.monotonic() - started < 3


def test_bad_last_event_id_is_a_problem(studio: Studio) -> None:
    with listening(studio) as address:
        reply = httpx.get(f"{address}{PREFIX}/jobs/events", headers={"last-event-id": "x"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"


def test_port_in_use_is_one_clear_sentence() -> None:
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener) == f"http://127.0.0.1:{port}"
        with pytest.raises(PortInUseError, match=f"port {port} is in use"):
            bind("127.0.0.1", port)


def test_only_loopback_addresses_are_served() -> None:
    with pytest.raises(OpenAddressError, match="no accounts"):
        bind("0.0.0.0", 0)  # noqa: S104 - what must be refused
    with pytest.raises(AddressError):
        bind("no-such-host.invalid", 0)
    if socket.has_ipv6:
        with bind("::1", 0) as listener:
            assert address_of(listener).startswith("http://[::1]:")


def test_socket_that_somebody_holds_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inherited({}, 7) is None
    assert inherited({"LISTEN_PID": "8", "LISTEN_FDS": "1"}, 7) is None
    for host, everywhere in (("127.0.0.1", False), ("0.0.0.0", True)):  # noqa: S104 - a server may
        held = socket.socket()
        held.bind((host, 0))
        held.listen()
        # Its number is the test's own: three is taken here.
        monkeypatch.setattr(server, "_FIRST_INHERITED", held.detach())
        found = inherited({"LISTEN_PID": "7", "LISTEN_FDS": "1"}, 7, everywhere=everywhere)
        assert found is not None
        with found:
            assert found.getsockname()[0] == host
            assert sends_at_once(found)


def test_no_half_of_an_answer_waits_for_the_other_to_be_acknowledged() -> None:
    with bind("127.0.0.1", 0) as listener:
        assert sends_at_once(listener)


def sends_at_once(listener: socket.socket) -> bool:
    with socket.create_connection(listener.getsockname()[:2]):
        accepted, _ = listener.accept()
        with accepted:
            return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_socket_of_everybody_is_refused_in_local_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("0.0.0.0", 0))  # noqa: S104 - what must be refused
        monkeypatch.setattr(server, "_FIRST_INHERITED", socket.dup(held.fileno()))
        with pytest.raises(OpenAddressError):
            inherited({"LISTEN_PID": "7", "LISTEN_FDS": "1"}, 7)
