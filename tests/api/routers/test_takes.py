"""Takes: their figures, and their sound in ranges as RFC 9110 has it."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from uuid import uuid4

import pytest
import soundfile
from anyio import to_thread
from tests.api.conftest import API, Served

from text2song.services import previews


def test_details_carry_outline_and_report(served: Served) -> None:
    take = served.get(f"/audio/{served.takes[0]}").json()
    assert (take["duration_seconds"], take["sample_rate"], take["channels"]) == (4.0, 44_100, 2)
    assert take["outline"]["sections"] == [
        {"name": "verse.1", "kind": "verse", "energy": 0.5, "bars": 2, "start_seconds": 0, "end_seconds": 4}
    ]
    assert take["outline"]["chords"][0]["symbol"] == "Am"
    assert take["outline"]["lyrics"] == [{"text": "la", "start_seconds": 1, "end_seconds": 2}]
    assert take["report"]["passed"] is True
    assert len(take["peaks"]) == 400
    assert all(0.4 < peak <= 0.51 for peak in take["peaks"])
    assert [stem["name"] for stem in take["stems"]] == ["bass", "drums", "lead"]
    assert served.get(f"/audio/{uuid4()}").status_code == 404


def stream(served: Served) -> str:
    return f"/audio/{served.takes[0]}/stream"


def test_whole_song_and_each_stem_play(served: Served) -> None:
    reply = served.get(stream(served))
    assert reply.status_code == 200
    assert reply.headers["accept-ranges"] == "bytes"
    assert reply.headers["content-type"] == "audio/flac"
    assert reply.headers["content-disposition"].startswith("inline")
    assert len(soundfile.read(io.BytesIO(reply.content))[0]) == 176_400
    contents = {served.get(stream(served), params={"stem": stem}).content for stem in ("bass", "drums", "lead")}
    assert len(contents) == 3
    assert served.get(stream(served), params={"stem": "flute"}).status_code == 404
    assert served.get(stream(served), params={"stem": "../song"}).status_code == 422
    assert served.get(stream(served), params={"format": "mp3"}).headers["content-type"] == "audio/mpeg"


CASES = [
    ("bytes=0-", 206, (0, None)),
    ("bytes=0-0", 206, (0, 1)),
    ("bytes=0-99", 206, (0, 100)),
    ("bytes=100-199", 206, (100, 200)),
    ("bytes=100-99999999", 206, (100, None)),
    ("bytes=-1", 206, (-1, None)),
    ("bytes=-500", 206, (-500, None)),
    ("bytes=-99999999", 206, (0, None)),
    ("BYTES=0-9", 206, (0, 10)),
    ("bytes= 0-9", 206, (0, 10)),
    ("bytes=0-9, 99999999-", 206, (0, 10)),
    ("bytes=-0", 416, None),
    ("bytes=5-4", 416, None),
    ("bytes=99999999-", 416, None),
    ("bytes=abc", 416, None),
    ("bytes=-", 416, None),
    ("bytes=1-2-3", 416, None),
    ("bytes=", 200, None),
    ("items=0-9", 200, None),
    ("bytes", 200, None),
    ("bytes=0-,0-", 200, None),
    ("bytes=" + ",".join("0-0" for _ in range(101)), 200, None),
    ("bytes=" + ",".join("0-0" for _ in range(100_000)), 200, None),
]


@pytest.mark.parametrize(("header", "status", "span"), CASES, ids=[case[0][:30] for case in CASES])
def test_ranges(served: Served, header: str, status: int, span: tuple[int, int | None] | None) -> None:
    whole = served.get(stream(served)).content
    reply = served.get(stream(served), headers={"range": header})
    assert reply.status_code == status
    if status == 206 and span is not None:
        expected = whole[span[0] : span[1]]
        assert reply.content == expected
        start = len(whole) + span[0] if span[0] < 0 else span[0]
        assert reply.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"
        assert reply.headers["content-length"] == str(len(expected))
    elif status == 416:
        assert reply.headers["content-range"] == f"bytes */{len(whole)}"
        assert reply.headers["content-type"] == "application/problem+json"
    else:
        assert reply.content == whole
        assert "content-range" not in reply.headers


def test_several_ranges_come_as_parts(served: Served) -> None:
    whole = served.get(stream(served)).content
    reply = served.get(stream(served), headers={"range": "bytes=0-1,10-19,-3"})
    assert reply.status_code == 206
    kind, boundary = reply.headers["content-type"].split("; boundary=")
    assert kind == "multipart/byteranges"
    assert int(reply.headers["content-length"]) == len(reply.content)
    parts = reply.content.split(f"\r\n--{boundary}".encode())[1:]
    assert parts.pop() == b"--\r\n"
    bodies = [part.partition(b"\r\n\r\n")[2] for part in parts]
    assert bodies == [whole[0:2], whole[10:20], whole[-3:]]
    assert f"content-range: bytes 10-19/{len(whole)}".encode() in parts[1].lower()


def test_conditions(served: Served) -> None:
    first = served.get(stream(served))
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    get = served.get

    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return int(get(stream(served), headers=named).status_code)

    assert status(if_none_match=etag) == 304
    assert status(if_none_match=f'"other", W/{etag}') == 304
    assert status(if_none_match="*") == 304
    assert status(if_none_match='"other"') == 200
    assert status(if_modified_since=modified) == 304
    assert status(if_modified_since=formatdate(0, usegmt=True)) == 200
    assert status(if_modified_since="yesterday") == 200
    assert status(if_none_match='"other"', if_modified_since=modified) == 200
    assert status(range="bytes=0-9", if_range=etag) == 206
    assert status(range="bytes=0-9", if_range='"other"') == 200
    assert status(range="bytes=0-9", if_range=f"W/{etag}") == 200
    assert status(range="bytes=0-9", if_range=modified) == 206
    assert status(range="bytes=0-9", if_range=formatdate(0, usegmt=True)) == 200


def test_head_has_the_headers_alone(served: Served) -> None:
    whole = served.get(stream(served))
    head = served.client.head(API + stream(served), headers={"range": "bytes=0-9"})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "accept-ranges", "last-modified"):
        assert head.headers[name] == whole.headers[name]


def test_takes_side_by_side(served: Served) -> None:
    first, second = served.takes
    for query in ([("ids", first), ("ids", second)], [("ids", f"{first},{second}")]):
        reply = served.get("/audio/compare", params=query)
        assert reply.status_code == 200
        samples = reply.json()["samples"]
        assert [sample["id"] for sample in samples] == [first, second]
        assert [sample["gain_db"] for sample in samples] == [0, 0]
        assert samples[0]["summary"]["bpm"] == 120
        assert samples[0]["prompt"].startswith("dreamy synthwave")
    backwards = served.get("/audio/compare", params={"ids": f"{second},{first}"}).json()["samples"]
    assert [sample["id"] for sample in backwards] == [second, first]


def test_comparisons_that_are_none(served: Served) -> None:
    first = served.takes[0]
    for ids, status, slug in (
        (first, 422, "invalid-request"),
        (f"{first},{first}", 422, "same-take"),
        (f"{first},x", 422, "invalid-request"),
        (f"{first},", 422, "invalid-request"),
        (",".join(str(uuid4()) for _ in range(9)), 422, "invalid-request"),
        (f"{first},{uuid4()}", 404, "not-found"),
    ):
        reply = served.get("/audio/compare", params={"ids": ids})
        assert (reply.status_code, reply.json()["type"].rpartition("/")[2]) == (status, slug)
    assert served.get("/audio/compare").status_code == 422


def test_previews_play(served: Served) -> None:
    whole = served.get(stream(served), params={"format": "mp3"})
    for params, kind in (
        ({"format": "opus"}, "audio/ogg; codecs=opus"),
        ({"format": "mp3", "preview": "true"}, "audio/mpeg"),
    ):
        reply = served.get(stream(served), params=params)
        assert (reply.status_code, reply.headers["content-type"]) == (200, kind)
        assert len(reply.content) < len(whole.content)
        assert soundfile.info(io.BytesIO(reply.content)).duration == pytest.approx(4, abs=0.1)
        part = served.get(stream(served), params=params, headers={"range": "bytes=5-9"})
        assert part.content == reply.content[5:10]
    assert served.get(stream(served), params={"format": "aac"}).status_code == 422
    assert served.get(stream(served), params={"format": "opus", "stem": "flute"}).status_code == 404


def test_preview_in_the_making_holds_nobody_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()
    encode = previews._encode

    def slow(song: int, target: Path, kind: str) -> None:
        begun.set()
        go.wait(20)
        encode(song, target, kind)

    monkeypatch.setattr(previews, "_encode", slow)
    portal = served.client.portal
    assert portal is not None
    limiter = portal.call(to_thread.current_default_thread_limiter)
    before, limiter.total_tokens = limiter.total_tokens, 1
    try:
        with ThreadPoolExecutor(2) as pool:
            path = f"/audio/{served.takes[1]}/stream"
            preview = pool.submit(served.get, path, params={"format": "mp3", "preview": "true"})
            try:
                assert begun.wait(10)
                # The one thread there is for requests is free.
                song = pool.submit(served.get, f"/compositions/{served.composition_id}")
                assert song.result(timeout=10).status_code == 200
            finally:
                go.set()
            assert preview.result(timeout=60).status_code == 200
    finally:
        limiter.total_tokens = before
