"""One API process takes over from another under load: nobody is cut off, no listener is left without an end."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from text2song.api.app import PREFIX

#: Starts the studio with a socket that this process holds, as systemd would.
WITH_SOCKET = (
    "import os, sys; os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')\n"
    "os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True)\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'text2song', 'serve', '--no-worker', '--data-dir', sys.argv[2]])"
)
CLIENTS = 12


@contextmanager
def served(listener: socket.socket, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """An API process on a socket that outlives it, once it answers."""
    settings = {"TEXT2SONG_RATE_LIMITS": "0", "TEXT2SONG_LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", WITH_SOCKET, str(listener.fileno()), str(folder)],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=[listener.fileno()],
    )
    try:
        assert process.stdout is not None
        assert "http://" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


class Client:
    """Asks again and again over a connection that it keeps as long as it may."""

    def __init__(self, port: int) -> None:
        self.answers: list[tuple[float, int]] = []
        self.failures: list[BaseException] = []
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(30)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._stop.is_set():
            try:
                connection.request("GET", f"{PREFIX}/jobs?limit=5")
                reply = connection.getresponse()
                reply.read()
                self.answers.append((time.monotonic(), reply.status))
                if reply.will_close:
                    connection.close()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(error)
                connection.close()
        connection.close()


@pytest.mark.slow
@pytest.mark.alone
def test_one_process_takes_over_from_another_under_load(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(2048)
        port = listener.getsockname()[1]
        with served(listener, tmp_path) as first:
            clients = [Client(port) for _ in range(CLIENTS)]
            with socket.create_connection(("127.0.0.1", port)) as stream:
                stream.sendall(f"GET {PREFIX}/jobs/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                stream.settimeout(30)
                heard = stream.recv(4096)
                time.sleep(1)
                with served(listener, tmp_path):
                    ended = time.monotonic()
                    first.send_signal(signal.SIGTERM)
                    # The stream comes to its proper end (the last chunk), not to a reset.
                    while chunk := stream.recv(4096):
                        heard += chunk
                    assert heard.endswith(b"0\r\n\r\n")
                    assert first.wait(20) == 0
                    gone = time.monotonic()
                    time.sleep(1)
                    for client in clients:
                        client.stop()
    assert [error for client in clients for error in client.failures] == []
    answers = [answer for client in clients for answer in client.answers]
    assert {status for _, status in answers} == {200}
    # Everybody went over to the second process.
    assert all(max(at for at, _ in client.answers) > gone for client in clients)
    assert gone - ended < 10


@pytest.mark.slow
@pytest.mark.alone
def test_an_answer_under_way_is_finished(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        with served(listener, tmp_path) as process:
            with socket.create_connection(listener.getsockname()) as slow:
                # Half a request is under way when the signal comes; the rest arrives later.
                body = b'{"prompt": "a song", "num_samples": 1}'
                head = f"POST {PREFIX}/generate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                slow.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
                time.sleep(0.5)
                process.send_signal(signal.SIGTERM)
                time.sleep(0.5)
                slow.sendall(body[10:])
                slow.settimeout(30)
                answer = slow.recv(4096).decode().lower()
            assert answer.startswith("http/1.1 202")
            assert "connection: close" in answer
            assert process.wait(20) == 0
