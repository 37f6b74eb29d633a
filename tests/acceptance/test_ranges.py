"""Range and condition headers over a real socket, beside nginx serving the same bytes in the same run."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.api.serving import listening
from tests.servers import free_port
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.compositions import get_composition
from text2song.services.submissions import Options, submit
from text2song.services.takes import take_file

_CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    types {{ audio/flac flac; }}
    access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    # As RFC 9110, 13.1.3 has it; nginx compares for equality unless told otherwise.
    if_modified_since before;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Place:
    """One server's address of the file."""

    url: str
    etag: str = ""
    modified: str = ""

    def ask(self, headers: dict[str, str], method: str = "GET") -> Reply:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        known = {name: value.format(etag=self.etag, modified=self.modified) for name, value in headers.items()}
        connection.request(method, f"{parts.path}?{parts.query}", headers=known)
        reply = connection.getresponse()
        found = Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        connection.close()
        return found

    def known(self) -> Place:
        """The same with the validators that it gives out."""
        headers = self.ask({}).headers
        return Place(self.url, headers["etag"], headers["last-modified"])


@dataclass(frozen=True)
class Pair:
    ours: Place
    nginx: Place
    content: bytes


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    if shutil.which("nginx") is None:
        subprocess.run(["scripts/system-packages", "nginx:nginx-light"], check=False)
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed and could not be")
    folder = tmp_path_factory.mktemp("ranges")
    studio = make_studio(folder / "studio")
    song = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True).composition_id
    run_next_job(studio, FakeProvider())
    (take,) = get_composition(studio, LOCAL_OWNER, song).takes
    file = take_file(studio, LOCAL_OWNER, take.id, "song.flac")
    content = studio.blobs.get(file.key)
    (folder / "files").mkdir()
    (folder / "files" / "song.flac").write_bytes(content)
    os.utime(folder / "files" / "song.flac", (file.modified.timestamp(),) * 2)
    with listening(studio) as url, nginx(folder) as other:
        ours = Place(f"{url}/api/v2/audio/{take.id}/stream")
        yield Pair(ours.known(), Place(f"{other}/song.flac").known(), content)
    studio.close()


@contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """Serve the folder's files until the block ends."""
    port = free_port()
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, port=port))
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 20
    while True:
        try:
            Place(f"{url}/song.flac").ask({})
            break
        except OSError:
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(10)


OLD, NEW = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"

#: Name → headers; "{etag}" and "{modified}" stand for what the server itself gave out.
CASES: dict[str, dict[str, str]] = {
    "none": {},
    "all": {"Range": "bytes=0-"},
    "first byte": {"Range": "bytes=0-0"},
    "first hundred": {"Range": "bytes=0-99"},
    "inside": {"Range": "bytes=100-199"},
    "from inside": {"Range": "bytes=1000-"},
    "past the end": {"Range": "bytes=100-99999999"},
    "last byte": {"Range": "bytes=-1"},
    "last hundred": {"Range": "bytes=-100"},
    "more than all, from the end": {"Range": "bytes=-99999999"},
    "nothing from the end": {"Range": "bytes=-0"},
    "backwards": {"Range": "bytes=5-4"},
    "backwards beside good": {"Range": "bytes=5-4,0-1"},
    "after the end": {"Range": "bytes=99999999-"},
    "after the end beside good": {"Range": "bytes=99999999-,0-1"},
    "two": {"Range": "bytes=0-1,10-19"},
    "three": {"Range": "bytes=0-1,10-19,-3"},
    "blanks": {"Range": "bytes=0-1, 10-19"},
    "blanks inside": {"Range": "bytes= 0 - 9"},
    "out of order": {"Range": "bytes=10-19,0-1"},
    "overlapping": {"Range": "bytes=0-10,5-15"},
    "the same twice": {"Range": "bytes=0-10,0-10"},
    "all twice": {"Range": "bytes=0-,0-"},
    "more than the file": {"Range": "bytes=0-,-1"},
    "a hundred": {"Range": "bytes=" + ",".join(f"{at}-{at}" for at in range(100))},
    "upper case": {"Range": "BYTES=0-9"},
    "another unit": {"Range": "items=0-9"},
    "no unit": {"Range": "0-9"},
    "no equals sign": {"Range": "bytes 0-9"},
    "blank before equals sign": {"Range": "bytes =0-9"},
    "nothing": {"Range": "bytes="},
    "only a dash": {"Range": "bytes=-"},
    "letters": {"Range": "bytes=a-b"},
    "three figures": {"Range": "bytes=1-2-3"},
    "sign": {"Range": "bytes=+1-2"},
    "fraction": {"Range": "bytes=1.5-2"},
    "empty element": {"Range": "bytes=0-1,,2-3"},
    "comma at the end": {"Range": "bytes=0-1,"},
    "compressed, please": {"Accept-Encoding": "gzip, br"},
    "If-Range: its etag": {"Range": "bytes=0-9", "If-Range": "{etag}"},
    "If-Range: another etag": {"Range": "bytes=0-9", "If-Range": '"other"'},
    "If-Range: weak etag": {"Range": "bytes=0-9", "If-Range": "W/{etag}"},
    "If-Range: its date": {"Range": "bytes=0-9", "If-Range": "{modified}"},
    "If-Range: old date": {"Range": "bytes=0-9", "If-Range": OLD},
    "If-Range: later date": {"Range": "bytes=0-9", "If-Range": NEW},
    "If-None-Match: its etag": {"If-None-Match": "{etag}"},
    "If-None-Match: its etag, weak": {"If-None-Match": "W/{etag}"},
    "If-None-Match: among others": {"If-None-Match": '"a", {etag}'},
    "If-None-Match: another": {"If-None-Match": '"a"'},
    "If-None-Match: any": {"If-None-Match": "*"},
    "If-None-Match before date": {"If-None-Match": '"a"', "If-Modified-Since": "{modified}"},
    "If-None-Match and Range": {"If-None-Match": "{etag}", "Range": "bytes=0-9"},
    "If-Modified-Since: its date": {"If-Modified-Since": "{modified}"},
    "If-Modified-Since: later": {"If-Modified-Since": NEW},
    "If-Modified-Since: old": {"If-Modified-Since": OLD},
    "If-Modified-Since: nonsense": {"If-Modified-Since": "yesterday"},
    "If-Match: its etag": {"If-Match": "{etag}", "Range": "bytes=0-9"},
    "If-Match: another": {"If-Match": '"a"'},
    "If-Match: weak": {"If-Match": "W/{etag}"},
    "If-Match: any": {"If-Match": "*"},
    "If-Unmodified-Since: its date": {"If-Unmodified-Since": "{modified}"},
    "If-Unmodified-Since: old": {"If-Unmodified-Since": OLD},
    "If-Unmodified-Since: later": {"If-Unmodified-Since": NEW, "Range": "bytes=-5"},
}

#: Where RFC 9110 wants or allows another answer than nginx gives: name → headers, method, our status, the reason.
OTHERWISE: dict[str, tuple[dict[str, str], str, int, str]] = {
    "HEAD with a range": ({"Range": "bytes=0-9"}, "HEAD", 200, "14.2: range handling is defined for GET alone"),
    "a last position too long for nginx": (
        {"Range": "bytes=0-99999999999999999999"},
        "GET",
        206,
        "14.1.2: a last position past the end means the end",
    ),
    "a hundred and one": (
        {"Range": "bytes=" + ",".join(["0-0"] * 101)},
        "GET",
        200,
        "14.2: a server may ignore many small ranges",
    ),
}


def body(reply: Reply) -> bytes:
    """What was sent of the file; the pages of errors are each server's own."""
    return reply.body if reply.status < 400 else b""


def matters(reply: Reply) -> dict[str, str]:
    """The headers that tell a player what it got; a boundary may be any."""
    names = {"content-range", "last-modified"}
    if reply.status < 300:
        names |= {"content-length", "content-type", "content-encoding"}
    if reply.status == 200:
        names.add("accept-ranges")
    found = {name: value for name, value in reply.headers.items() if name in names}
    if found.get("content-type", "").startswith("multipart/byteranges"):
        found["content-type"] = "multipart/byteranges"
    return found


def without_boundary(reply: Reply) -> bytes:
    _, _, boundary = reply.headers.get("content-type", "").partition("boundary=")
    return body(reply).replace(boundary.encode(), b"BOUNDARY") if boundary else body(reply)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_as_nginx(pair: Pair, name: str) -> None:
    ours, theirs = pair.ours.ask(CASES[name]), pair.nginx.ask(CASES[name])
    assert ours.status == theirs.status
    if ours.status >= 400:
        # An error is about the request: nginx says no more of the file than its length.
        assert ours.headers.get("content-range") == theirs.headers.get("content-range")
        return
    assert matters(ours) == matters(theirs)
    assert without_boundary(ours) == without_boundary(theirs)
    assert ours.headers["etag"].startswith('"')


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERWISE)
def test_as_the_standard(pair: Pair, name: str) -> None:
    headers, method, status, _reason = OTHERWISE[name]
    ours = pair.ours.ask(headers, method)
    assert ours.status == status
    assert ours.status != pair.nginx.ask(headers, method).status
    assert ours.body == (b"" if method == "HEAD" else pair.content)
    assert ours.headers["content-length"] == str(len(pair.content))


@pytest.mark.slow
def test_heads_are_those_of_nginx(pair: Pair) -> None:
    ours, theirs = pair.ours.ask({}, "HEAD"), pair.nginx.ask({}, "HEAD")
    assert (ours.status, ours.body, matters(ours)) == (theirs.status, theirs.body, matters(theirs))


@pytest.mark.slow
def test_a_header_longer_than_any_player_sends_is_refused(pair: Pair) -> None:
    parts = urlsplit(pair.ours.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as connection:
        head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nRange: bytes={'0-0,' * 30_000}"
        # Not all of it is read before the answer comes, and what is left makes the connection end abruptly.
        with suppress(ConnectionError):
            connection.sendall(head.encode())
        assert connection.recv(12) == b"HTTP/1.1 400"
    assert pair.ours.ask({}).status == 200
