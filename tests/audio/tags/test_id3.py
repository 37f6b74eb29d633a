"""ID3 tags, read back by a reader of the specification that shares nothing with the writer."""

from __future__ import annotations

import io

import soundfile

from text2song.audio.tags.id3 import with_id3, without_id3
from text2song.audio.tags.song import SongTags

FULL = SongTags(
    "Naïve – Nächte", "synthwave", "100", "Am", "one line\nanother", "ab" * 32, b"\xff\xd8\xff" + bytes(5000), "de"
)


def frames(data: bytes) -> list[tuple[str, bytes]]:
    assert data[:5] == b"ID3\x04\x00"
    size = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    found, place = [], 10
    while place < 10 + size:
        name = data[place : place + 4].decode()
        length = sum(byte << shift for byte, shift in zip(data[place + 4 : place + 8], (21, 14, 7, 0), strict=True))
        found.append((name, data[place + 10 : place + 10 + length]))
        place += 10 + length
    assert place == 10 + size
    return found


def test_every_fact_is_in_its_frame() -> None:
    found = dict(frames(with_id3(b"sound", FULL)))
    assert found["TIT2"] == b"\x03" + "Naïve – Nächte".encode()
    assert (found["TBPM"], found["TKEY"], found["TCON"]) == (b"\x03100", b"\x03Am", b"\x03synthwave")
    assert found["USLT"] == b"\x03deu\x00one line\nanother"
    assert found["APIC"] == b"\x03image/jpeg\x00\x03\x00" + (FULL.cover or b"")
    assert found["COMM"].endswith(b"AI-generated")
    texts = [content for name, content in frames(with_id3(b"", FULL)) if name == "TXXX"]
    assert b"\x03RECIPE_SHA256\x00" + b"ab" * 32 in texts


def test_a_tag_takes_the_place_of_another_and_the_sound_stays() -> None:
    once = with_id3(b"sound", FULL)
    assert without_id3(once) == b"sound"
    assert with_id3(once, SongTags("Other")) == with_id3(b"sound", SongTags("Other"))


def test_empty_facts_have_no_frame() -> None:
    assert {name for name, _ in frames(with_id3(b"", SongTags()))} == {"TPE1", "COMM", "TXXX"}


def test_a_decoder_still_plays_it() -> None:
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", 44_100, 2, format="MP3", subtype="MPEG_LAYER_III") as file:
        file.write([[0.1, 0.1]] * 44_100)
    with soundfile.SoundFile(io.BytesIO(with_id3(buffer.getvalue(), FULL))) as file:
        assert file.frames == 44_100
