"""Bodies come in whole, within the limit, by every road, or are refused with the reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from benchmarks.hostile import wav
from tests.api.conftest import API, Served, serve

SOUND = wav(data=bytes(4000))
LIMIT = 10_000


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serve(tmp_path_factory.mktemp("studio"), upload_bytes=LIMIT, rate_limits=0)


def send(served: Served, **options: Any) -> Any:
    return served.client.post(f"{API}/files", **options)


def form(content: bytes, name: str = "demo.wav", **fields: str) -> dict[str, Any]:
    return {"files": {"file": (name, content, "audio/wav")}, "data": fields}


def slug(reply: Any) -> str:
    return str(reply.json()["type"].rpartition("/")[2])


def test_as_a_form_and_as_it_is(limited: Served) -> None:
    by_form = send(limited, **form(SOUND, kind="OTHER"))
    raw = send(
        limited, content=SOUND, params={"filename": "demo.wav", "kind": "OTHER"}, headers={"content-type": "audio/wav"}
    )
    untyped = send(limited, content=SOUND, params={"filename": "demo.wav", "kind": "OTHER"})
    for reply in (by_form, raw, untyped):
        assert reply.status_code == 201, reply.text
        found = reply.json()
        assert (found["kind"], found["original_filename"], found["file_size"]) == ("OTHER", "demo.wav", len(SOUND))
    assert by_form.json()["sha256"] == raw.json()["sha256"] == untyped.json()["sha256"]
    assert send(limited, **form(SOUND)).json()["kind"] == "REFERENCE"


def test_the_limit_is_exact(limited: Served) -> None:
    fits, over = wav(data=bytes(LIMIT - 44)), wav(data=bytes(LIMIT - 43))
    assert (len(fits), len(over)) == (LIMIT, LIMIT + 1)
    for size, status in ((fits, 201), (over, 413)):
        assert send(limited, **form(size)).status_code == status
        assert send(limited, content=size).status_code == status
        assert send(limited, content=iter([size[:500], size[500:]])).status_code == status
    endless = (bytes(1000) for _ in range(10**6))
    assert slug(send(limited, content=endless)) == "request-entity-too-large"
    assert send(limited, **form(bytes(500_000))).status_code == 413


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded", "x", "/"])
def test_bodies_of_other_kinds(limited: Served, kind: str) -> None:
    reply = send(limited, content=SOUND, headers={"content-type": kind})
    assert (reply.status_code, slug(reply)) == (415, "unsupported-media-type")


BOUNDARY = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=" + "b" * 300, b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"x" * 100),
        ("multipart/form-data; boundary=b", b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: \xff\xfe\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\n: x\r\n\r\nx\r\n--b--"),
        ("multipart/form-data; boundary=b", BOUNDARY + b"x\r\n" + BOUNDARY + b"x\r\n--b--"),
        ("multipart/form-data; boundary=b", BOUNDARY.replace(b'"file"', b'"other"') + b"x\r\n--b--"),
        ("multipart/form-data; boundary=b; charset=nonsense", BOUNDARY + b"x\r\n--b--"),
    ],
)
def test_forms_that_are_none(limited: Served, kind: str, body: bytes) -> None:
    reply = send(limited, content=body, headers={"content-type": kind})
    assert reply.status_code == 422, reply.text
    assert slug(reply) in {"invalid-form", "unsupported-file"}


def test_random_forms(limited: Served) -> None:
    for _ in range(200):
        body = BOUNDARY + os.urandom(50) + b"\r\n--b" + os.urandom(20)
        at = int.from_bytes(os.urandom(2), "big") % len(body)
        broken = body[:at] + os.urandom(1) + body[at + 1 :]
        reply = send(limited, content=broken, headers={"content-type": "multipart/form-data; boundary=b"})
        assert reply.status_code in (413, 422), (broken, reply.text)


def test_fields_that_are_wrong(limited: Served) -> None:
    for fields in ({"kind": "SONG"}, {"kind": ""}, {"kind": "reference"}):
        reply = send(limited, **form(SOUND, **fields))
        assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "kind")
    assert send(limited, **form(SOUND, **{f"field{at}": "x" for at in range(9)})).status_code == 422
    assert send(limited, **form(SOUND, kind="OTHER" + "x" * 70_000)).status_code in (413, 422)
    assert send(limited, content=SOUND, params={"filename": "x" * 301}).status_code == 422
