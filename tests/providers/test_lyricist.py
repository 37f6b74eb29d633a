"""A real chat server on the loopback interface: what it answers, what it is asked, and how it fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from text2song.compose.engine import compose
from text2song.domain.request import CompositionRequest
from text2song.providers.lyricist import Lyricist, LyricistAddressError

WORDS = (
    "Here are the lyrics:\n[Verse 1]\nThe lanterns swing above the bay\nThe boats come home at close of day\n"
    "[Chorus]\nCarry me over the water tonight\nCarry me into the harbor light"
)


@contextmanager
def _server(*answers: object, status: int = 200) -> Iterator[tuple[str, list[dict[str, object]]]]:
    asked: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answer = answers[min(len(asked), len(answers)) - 1]
            raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _said(text: object) -> dict[str, object]:
    return {"choices": [{"message": {"content": text}}]}


def test_its_words_become_the_requests_and_are_sung() -> None:
    with _server(_said(WORDS)) as (url, asked):
        request = Lyricist(url, "tiny").worded(CompositionRequest("folk song about the sea, 40 seconds"))
    assert request.lyrics is not None
    assert request.lyrics.startswith("[Verse]\nThe lanterns")
    assert asked[0]["model"] == "tiny"
    assert "the sea" in json.dumps(asked[0]["messages"])
    song = compose(request)
    assert song.lyrics is not None
    assert any("lanterns" in line.text for line in song.lyrics.lines)
    # The recipe holds the words: making it again asks nobody.
    assert song.provenance.request is not None
    assert compose(song.provenance.request) == song


@pytest.mark.parametrize("answer", [_said("no"), _said(None), {}, {"choices": []}, b"<html>", []])
def test_what_cannot_be_used_leaves_the_built_in_writer(answer: object) -> None:
    request = CompositionRequest("folk song about the sea, 40 seconds")
    with _server(answer) as (url, asked):
        assert Lyricist(url).worded(request) == request
    assert len(asked) == 2


def test_a_second_answer_may_do() -> None:
    with _server(_said("nothing"), _said(WORDS)) as (url, asked):
        assert Lyricist(url).worded(CompositionRequest("folk song about the sea")).lyrics
    assert [each["seed"] for each in asked] == [asked[0]["seed"], int(str(asked[0]["seed"])) + 1]


def test_a_server_that_fails_or_is_not_there_is_no_failure() -> None:
    request = CompositionRequest("folk song about the sea")
    with _server(_said(WORDS), status=500) as (url, _):
        assert Lyricist(url).worded(request) == request
    assert Lyricist(url, patience=0.5).worded(request) == request


@pytest.mark.parametrize(
    "request_",
    [
        CompositionRequest("techno, 120 bpm"),
        CompositionRequest("folk song about the sea", lyrics="la la"),
        CompositionRequest("folk with vocals in Spanish"),
    ],
)
def test_it_is_not_asked_where_it_has_nothing_to_write(request_: CompositionRequest) -> None:
    with _server(_said(WORDS)) as (url, asked):
        assert Lyricist(url).worded(request_) == request_
    assert asked == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "127.0.0.1:80", "ftp://host/", "http://"])
def test_addresses_are_http(url: str) -> None:
    with pytest.raises(LyricistAddressError):
        Lyricist(url)
