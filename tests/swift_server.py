"""A real S3-compatible server of this machine for tests: OpenStack Swift with its S3 API, from pip.

Four processes (proxy, account, container, object) over one folder, on loopback ports; no root, no system files.
"""

from __future__ import annotations

import getpass
import http
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest
from tests.servers import free_port, server_folder

from text2song.storage.signing import Credentials, presigned_url

ACCESS_KEY, SECRET_KEY = "studio:tester", "secret-of-the-tests"
_BACK_ENDS = ("account", "container", "object")
_MODULES = MappingProxyType({"object": "obj"})
_SECONDS_TO_START = 120

#: A server ends with the tests that started it, however they end (Linux: PR_SET_PDEATHSIG).
_PROGRAM = """
import ctypes, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
from swift.{module}.server import main
main()
"""

_RINGS = """
import sys
from swift.common.ring import RingBuilder
for kind, port in zip(("account", "container", "object"), sys.argv[2:]):
    builder = RingBuilder(1, 1, 0)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "disk", "weight": 1.0})
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[1]}/{kind}.ring.gz")
"""

_COMMON = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
log_level = ERROR
"""

_PROXY = """
[pipeline:main]
pipeline = catch_errors healthcheck listing_formats s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_studio_tester = secret-of-the-tests .admin
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:slo]
use = egg:swift#slo
"""

_BACK_END = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where a server listens and who may use it."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"

    def settings(self, bucket: str) -> dict[str, str]:
        """Make a bucket and return the studio's settings for it."""
        self.make_bucket(bucket)
        return {
            "blobs_url": f"s3://{bucket}",
            "s3_endpoint": self.endpoint,
            "s3_access_key": self.access_key,
            "s3_secret_key": self.secret_key,
        }

    def make_bucket(self, bucket: str) -> None:
        """Make a bucket; one that is there already stays."""
        try:
            self.put(bucket)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != http.HTTPStatus.CONFLICT:
                raise

    def put(self, path: str, body: bytes = b"") -> None:
        """Make a bucket or store an object with nothing but a signed URL."""
        credentials = Credentials(self.access_key, self.secret_key, self.region)
        url = presigned_url(f"{self.endpoint}/{path}", credentials, method="PUT", seconds=60)
        request = urllib.request.Request(url, body, method="PUT")  # noqa: S310 - loopback
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 - loopback


class SwiftServer:
    """The four processes; they can be stopped and started again over the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = dict(zip((*_BACK_ENDS, "proxy"), (free_port() for _ in range(4)), strict=True))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._write_files()

    @property
    def server(self) -> S3Server:
        """Address and keys."""
        return S3Server(f"http://127.0.0.1:{self._ports['proxy']}", ACCESS_KEY, SECRET_KEY)

    def start(self) -> None:
        """Start and wait until the server answers."""
        for kind in self._ports:
            program = _PROGRAM.format(module=_MODULES.get(kind, kind))
            command = [sys.executable, "-W", "ignore", "-c", program, str(self._folder / f"{kind}-server.conf")]
            log = (self._folder / f"{kind}.log").open("ab")
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True))
            log.close()
        self._await_answer()

    def stop(self) -> None:
        """End the processes at once, as a machine does that loses its power."""
        for process in self._processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._processes.clear()

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            try:
                self.server.make_bucket("ready")
                self.server.put("ready/yes", b"yes")
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
            else:
                return
        self.stop()
        logs = "\n".join(path.read_text() for path in self._folder.glob("*.log"))
        raise TimeoutError(f"the S3 server does not answer:\n{logs[-3000:]}")

    def _write_files(self) -> None:
        (self._folder / "devices" / "disk").mkdir(parents=True)
        (self._folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tests\n")
        ports = [str(self._ports[kind]) for kind in _BACK_ENDS]
        subprocess.run([sys.executable, "-W", "ignore", "-c", _RINGS, str(self._folder), *ports], check=True)
        for kind, port in self._ports.items():
            common = _COMMON.format(port=port, user=getpass.getuser(), folder=self._folder)
            rest = _PROXY if kind == "proxy" else _BACK_END.format(kind=kind)
            (self._folder / f"{kind}-server.conf").write_text(common + rest)


@contextmanager
def running_swift(folder: Path) -> Iterator[SwiftServer]:
    """Run a server over an empty folder and end it with the block."""
    swift = SwiftServer(folder)
    swift.start()
    try:
        yield swift
    finally:
        swift.stop()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3-compatible server that this test process has for itself."""
    with server_folder() as folder, running_swift(folder) as swift:
        yield swift.server
