"""A file is what its bytes say."""

from __future__ import annotations

from contextlib import suppress

import pytest
from benchmarks.hostile import fixed_cases, honest_files, wav
from hypothesis import given
from hypothesis import strategies as st

from text2song.services.sniffing import HEAD_BYTES, TAIL_BYTES, Sniffed, UnsupportedFileError, sniff


def sniffed(content: bytes) -> Sniffed:
    return sniff(content[:HEAD_BYTES], content[-TAIL_BYTES:], len(content))


def test_honest_files_are_known() -> None:
    for name, content in honest_files().items():
        found = sniffed(content)
        assert found.family == name.split()[0]
        assert found.is_audio == found.media_type.startswith("audio/")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ZIP bomb", "ZIP archive"),
        ("gzip bomb", "compressed archive"),
        ("HLS playlist", "playlist"),
        ("ffmpeg concat", "playlist"),
        ("PLS playlist", "playlist"),
        ("XSPF playlist", "playlist"),
        ("SVG", "markup"),
        ("HTML", "markup"),
        ("PDF", "PDF document"),
        ("MIDI", "MIDI"),
        ("AIFF", "another kind"),
        ("MP4", "container"),
        ("ELF", "program"),
        ("script", "program"),
        ("text", "a text"),
        ("nothing", "empty"),
        ("random", "no file of a known kind"),
        ("FLAC PCM_16 and ZIP", "archive as well"),
        ("MP3 MPEG_LAYER_III and ZIP", "archive as well"),
        ("PNG and ZIP", "archive as well"),
        ("WAV and PDF", "document as well"),
        ("WAV and HTML", "document as well"),
        ("coding 0x2", "coding 0x0002"),
        ("no fmt chunk", "how it is coded"),
    ],
)
def test_strangers_are_called_by_their_name(name: str, words: str) -> None:
    (content,) = [case.content for case in fixed_cases() if case.trouble == name]
    with pytest.raises(UnsupportedFileError, match=words):
        sniffed(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_known_or_refused(content: bytes) -> None:
    for start in (b"", b"RIFF\x00\x00\x00\x00WAVE", b"ID3", b"\xff\xfb", b"PK\x05\x06"):
        with suppress(UnsupportedFileError):
            assert sniffed(start + content).media_type


def test_an_archive_comment_hides_nothing() -> None:
    end = b"PK\x05\x06" + bytes(16) + b"\x05\x00" + b"hello"
    with pytest.raises(UnsupportedFileError, match="archive as well"):
        sniffed(wav(data=bytes(64)) + end)
    # The same bytes by chance, pointing nowhere, are sound.
    assert sniffed(wav(data=b"PK\x05\x06" + b"\xff" * 60)).family == "WAV"
