"""Vorbis comments in FLAC and OGG: read back by libsndfile, and the sound untouched."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from text2song.audio.tags.song import SongTags
from text2song.audio.tags.vorbis import flac_with_comments, ogg_with_comments

TAGS = SongTags(
    "Night – Drive", "synthwave", "100", "Am", "la la", "cd" * 32, b"\xff\xd8\xff" + bytes(range(256)) * 300
)


def encoded(kind: str, subtype: str) -> bytes:
    buffer = io.BytesIO()
    time = np.arange(60_000) / 44_100
    with soundfile.SoundFile(buffer, "w", 44_100, 2, format=kind, subtype=subtype) as file:
        file.write(0.4 * np.stack((np.sin(2000 * time), np.sin(3000 * time)), axis=1))
    return buffer.getvalue()


@pytest.mark.parametrize("tags", [TAGS, SongTags(), SongTags("x", cover=b"\xff\xd8\xff" + bytes(400_000))])
@pytest.mark.parametrize("kind", ["FLAC", "OGG"])
def test_the_sound_is_the_same_and_the_title_there(kind: str, tags: SongTags) -> None:
    plain = encoded(kind, "PCM_24" if kind == "FLAC" else "VORBIS")
    tagged = (flac_with_comments if kind == "FLAC" else ogg_with_comments)(plain, tags)
    with soundfile.SoundFile(io.BytesIO(plain)) as before, soundfile.SoundFile(io.BytesIO(tagged)) as after:
        assert after.title == tags.title
        assert after.comment == "AI-generated"
        assert after.artist == "Text2Song Studio"
        assert np.array_equal(before.read(dtype="int32"), after.read(dtype="int32"))
    assert (tags.cover or b"") in tagged or kind == "OGG"
    assert (b"RECIPE_SHA256=" + tags.recipe.encode() in tagged) is bool(tags.recipe)


def test_an_ogg_stream_is_the_same_whatever_the_clock_says() -> None:
    one, other = encoded("OGG", "VORBIS"), encoded("OGG", "VORBIS")
    assert ogg_with_comments(one, TAGS) == ogg_with_comments(other, TAGS)


def test_pages_are_numbered_without_a_gap_and_their_sums_hold() -> None:
    tagged = ogg_with_comments(encoded("OGG", "VORBIS"), TAGS)
    place, numbers, serials = 0, [], set()
    while place < len(tagged):
        assert tagged[place : place + 4] == b"OggS"
        numbers.append(int.from_bytes(tagged[place + 18 : place + 22], "little"))
        serials.add(tagged[place + 14 : place + 18])
        count = tagged[place + 26]
        place += 27 + count + sum(tagged[place + 27 : place + 27 + count])
    assert numbers == list(range(len(numbers)))
    assert serials == {b"\x01\x00\x00\x00"}


def test_a_stream_that_ends_in_its_headers_is_refused() -> None:
    whole = encoded("OGG", "VORBIS")
    first = 27 + whole[26] + sum(whole[27 : 27 + whole[26]])
    with pytest.raises(ValueError, match="headers"):
        ogg_with_comments(whole[:first], TAGS)
