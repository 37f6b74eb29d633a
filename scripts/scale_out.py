"""A scaled-out studio on one machine, and a song through it: `recipes/scale-out.sh`, or `python -m scripts.scale_out`

PostgreSQL, Valkey and an S3 store (OpenStack Swift), all from pip; two API processes and two Celery workers over them,
everything on the loopback. One person makes an account and a key, orders a song from the first API process, follows it
at the second, and fetches the file from the store by its signed address. Whatever was started is stopped at the end.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
from tests.servers import PostgresServer, ValkeyServer, fresh_database, server_folder
from tests.swift_server import running_swift

API = "/api/v2"
PROMPT = "warm lo-fi hip hop for a rainy evening, 80 bpm, 20 seconds"
EMAIL, PASSWORD = "ada@example.org", secrets.token_urlsafe(16)
#: Seconds for processes to answer, for the song, and for processes to end.
_READY_SECONDS, _SONG_SECONDS, _END_SECONDS = 180.0, 420.0, 40.0
_REFUSED = 403

Environment = Mapping[str, str]


class Steps:
    """Says what is done and how long it took."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, what: str) -> None:
        """Say that something is done."""
        now = time.monotonic()
        print(f"{now - self._at:7.1f} s  {what}", flush=True)
        self._at = now


def main() -> None:
    """Start everything, make the song, check it, stop everything."""
    step = Steps()
    with ExitStack() as stack:
        folder = stack.enter_context(server_folder())
        # PostgreSQL refuses to be root and is then another user, who must get through.
        folder.chmod(0o711)
        print(f"           in {folder}", flush=True)
        environment = _stores(stack, folder, step)
        apis = [stack.enter_context(serving(environment, folder / f"api-{number}")) for number in (1, 2)]
        step(f"two API processes: {apis[0]} and {apis[1]}")
        for number in (1, 2):
            stack.enter_context(program(environment, folder / f"worker-{number}", "worker", "--celery"))
        for api in apis:
            _await_health(api)
        step("two Celery workers; both processes say that every part works")
        key = _key(environment, folder, apis[0])
        step("an account, and an API key for it")
        _song(apis, {"Authorization": f"Bearer {key}"}, step)
    step("everything is stopped")


def _stores(stack: ExitStack, folder: Path, step: Steps) -> Environment:
    for name in ("postgres", "valkey", "swift"):
        (folder / name).mkdir()
    postgres = PostgresServer(folder / "postgres")
    stack.callback(postgres.stop)
    valkey = ValkeyServer(folder / "valkey")
    stack.callback(valkey.stop)
    step("PostgreSQL and Valkey")
    store = stack.enter_context(running_swift(folder / "swift")).server
    step("an S3 store")
    settings = {
        **store.settings("studio"),
        "database_url": stack.enter_context(fresh_database(postgres.url)),
        "redis_url": valkey.url,
        "mode": "server",
        "secret_key": secrets.token_urlsafe(48),
        # Plain HTTP: the session's cookie may be sent without TLS, on this machine alone.
        "public_url": "http://127.0.0.1",
        "log_level": "WARNING",
        "drain_seconds": "10",
    }
    return {**os.environ, **{f"TEXT2SONG_{name.upper()}": value for name, value in settings.items()}}


@contextmanager
def program(environment: Environment, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the studio's program until the block ends; it is asked to stop, and cut off when it does not."""
    own = {**environment, "TEXT2SONG_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "text2song", *arguments]
    process = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@contextmanager
def serving(environment: Environment, folder: Path) -> Iterator[str]:
    """Run an API process without a worker; its address once it answers."""
    with program(environment, folder, "serve", "--port", "0", "--no-worker") as process:
        line = process.stdout.readline() if process.stdout is not None else ""
        if "http://" not in line:
            raise RuntimeError(f"an API process did not start: {line}")
        yield next(word for word in line.split() if word.startswith("http://"))


def _await_health(api: str) -> None:
    limit = time.monotonic() + _READY_SECONDS
    while (reply := httpx.get(f"{api}{API}/health", timeout=30)).status_code != httpx.codes.OK:
        if time.monotonic() > limit:
            raise TimeoutError(f"{api} is not well: {reply.text}")
        # Sixty questions a minute are allowed.
        time.sleep(1.5)


def _key(environment: Environment, folder: Path, api: str) -> str:
    own = {**environment, "TEXT2SONG_DATA_DIR": str(folder / "cli")}
    command = [sys.executable, "-m", "text2song", "db", "create-user", EMAIL, "--password-stdin"]
    subprocess.run(command, env=own, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    with httpx.Client(base_url=api + API, headers={"X-Requested-With": "scale-out"}, timeout=60) as browser:
        browser.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
        made = browser.post("/me/keys", json={"name": "scale-out", "scopes": ["read", "write"]})
    return str(made.raise_for_status().json()["key"])


def _song(apis: list[str], headers: Mapping[str, str], step: Steps) -> None:
    with (
        httpx.Client(base_url=apis[0] + API, headers=headers, timeout=60) as first,
        httpx.Client(base_url=apis[1] + API, headers=headers, timeout=60) as second,
    ):
        order = {"prompt": PROMPT, "seed": 7}
        name = {"Idempotency-Key": secrets.token_hex(8)}
        accepted = first.post("/generate", json=order, headers=name).raise_for_status().json()
        again = second.post("/generate", json=order, headers=name).raise_for_status().json()
        if again["job_id"] != accepted["job_id"]:
            raise RuntimeError("the same request at another process made another job")
        step("a song ordered at the first process; the same request at the second is the same job")
        take = _made(second, accepted["job_id"])
        step("made by a worker, followed at the second process")
        _check_file(second, take)
        step("fetched from the store by its signed address: the same bytes as the worker wrote")


def _made(api: httpx.Client, job: str) -> dict[str, Any]:
    limit = time.monotonic() + _SONG_SECONDS
    while True:
        state = api.get(f"/generate/{job}").raise_for_status().json()
        if state["status"] == "COMPLETE":
            return dict(api.get(f"/audio/{state['samples'][0]['id']}").raise_for_status().json())
        if state["status"] in ("FAILED", "CANCELLED") or time.monotonic() > limit:
            raise RuntimeError(f"the song was not made: {state}")
        time.sleep(0.5)


def _check_file(api: httpx.Client, take: Mapping[str, Any]) -> None:
    answer = api.get(f"/audio/{take['id']}/stream")
    if answer.status_code != httpx.codes.TEMPORARY_REDIRECT:
        raise RuntimeError(f"no signed address was given, but {answer.status_code}")
    address = answer.headers["location"]
    # No key, no cookie: the signature alone opens it, and a signature that was touched does not.
    content = httpx.get(address, timeout=60).raise_for_status().content
    known = {file["sha256"]: file["name"] for file in take["files"]}
    if hashlib.sha256(content).hexdigest() not in known:
        raise RuntimeError(f"{len(content)} bytes came, which are none of {sorted(known.values())}")
    touched = httpx.get(address[:-1] + ("0" if address[-1] != "0" else "1"), timeout=60)
    if touched.status_code != _REFUSED:
        raise RuntimeError(f"a touched signature was answered with {touched.status_code}")


if __name__ == "__main__":
    main()
