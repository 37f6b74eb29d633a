"""File names in headers: readable everywhere, never able to break out."""

from __future__ import annotations

import pytest

from text2song.api.sending import disposition


@pytest.mark.parametrize(
    "name", ["song.wav", 'a"b.wav', "a\\b.wav", "Äther – 2.wav", "أغنية.wav", "a\r\nSet-Cookie: x.wav"]
)
def test_disposition_is_one_safe_header(name: str) -> None:
    header = disposition(name.replace("\r\n", " "), download=True)
    assert header.startswith('attachment; filename="')
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2


def test_names_come_back_whole() -> None:
    assert disposition("Äther.wav", download=False) == "inline; filename=\"_ther.wav\"; filename*=UTF-8''%C3%84ther.wav"
