"""ID3v2.4 tags for MP3 files (id3.org, "ID3 tag version 2.4.0", structure and native frames)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from types import MappingProxyType

from text2song.audio.tags.song import AI_COMMENT, ARTIST, SOURCE_TYPE, SongTags

_UTF8 = b"\x03"
#: ISO 639-2 codes of the languages that ID3 wants in three letters.
_LANGUAGES = MappingProxyType(
    {
        "en": b"eng", "es": b"spa", "fr": b"fra", "de": b"deu", "it": b"ita", "pt": b"por", "nl": b"nld",
        "ja": b"jpn", "ko": b"kor", "zh": b"zho", "hi": b"hin", "ar": b"ara", "ru": b"rus", "la": b"lat",
    }
)  # fmt: skip
_JPEG_FRONT = _UTF8 + b"image/jpeg\x00\x03\x00"


def with_id3(mp3: bytes, tags: SongTags) -> bytes:
    """Return an MP3 stream with these tags before it, in place of any it had."""
    body = b"".join(_frames(tags))
    return b"ID3\x04\x00\x00" + _synchsafe(len(body)) + body + without_id3(mp3)


def without_id3(mp3: bytes) -> bytes:
    """Return the stream without the tag at its head."""
    if mp3[:3] != b"ID3":
        return mp3
    size = 0
    for byte in mp3[6:10]:
        size = size << 7 | byte
    return mp3[10 + size :]


def _frames(tags: SongTags) -> Iterator[bytes]:
    texts = ((b"TIT2", tags.title), (b"TPE1", ARTIST), (b"TCON", tags.genre), (b"TBPM", tags.bpm), (b"TKEY", tags.key))
    for name, text in texts:
        if text:
            yield _frame(name, _UTF8 + text.encode())
    language = _LANGUAGES.get(tags.language, b"und")
    yield _frame(b"COMM", _UTF8 + b"eng" + b"\x00" + AI_COMMENT.encode())
    yield _frame(b"TXXX", _UTF8 + b"DIGITAL_SOURCE_TYPE\x00" + SOURCE_TYPE.encode())
    if tags.recipe:
        yield _frame(b"TXXX", _UTF8 + b"RECIPE_SHA256\x00" + tags.recipe.encode())
    if tags.lyrics:
        yield _frame(b"USLT", _UTF8 + language + b"\x00" + tags.lyrics.encode())
    if tags.cover:
        yield _frame(b"APIC", _JPEG_FRONT + tags.cover)


def _frame(name: bytes, content: bytes) -> bytes:
    return name + _synchsafe(len(content)) + b"\x00\x00" + content


def _synchsafe(size: int) -> bytes:
    return struct.pack("4B", *(size >> shift & 0x7F for shift in (21, 14, 7, 0)))
