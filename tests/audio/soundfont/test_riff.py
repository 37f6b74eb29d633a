"""RIFF chunks are found where they are and never where they claim to be beyond the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.audio.soundfont.builder import SAMPLE, Zone, simple

from text2song.audio.soundfont.riff import CorruptSoundFontError, chunks_of, map_file


def test_all_chunks_of_a_font_are_found() -> None:
    data = simple(Zone(((SAMPLE, 0),)))
    found = chunks_of(np.frombuffer(data, np.uint8))
    assert {"ifil", "smpl", "phdr", "pbag", "pmod", "pgen", "inst", "ibag", "imod", "igen", "shdr"} <= set(found)
    assert data[found["ifil"].start : found["ifil"].end] == b"\x02\x00\x04\x00"


@pytest.mark.parametrize("data", [b"RIFF", b"RIFFxxxxWAVEfmt ", b"\x00" * 100])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(CorruptSoundFontError, match="not a SoundFont"):
        chunks_of(np.frombuffer(data, np.uint8))


def test_a_size_beyond_the_file_is_refused() -> None:
    data = b"RIFF\x00\x00\x00\x00sfbkLIST\xff\xff\xff\xffINFO"
    with pytest.raises(CorruptSoundFontError, match="cut short"):
        chunks_of(np.frombuffer(data, np.uint8))


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorruptSoundFontError, match="absent"):
        map_file(tmp_path / "absent.sf2")
    (tmp_path / "empty.sf2").touch()
    with pytest.raises(CorruptSoundFontError, match="empty") as caught:
        map_file(tmp_path / "empty.sf2")
    assert caught.value.field == "soundfont"


@pytest.mark.parametrize("padding", [b"", b"\x00"])
def test_chunks_of_odd_length_may_or_may_not_be_padded(padding: bytes) -> None:
    """Debian's MuseScore_General_Lite.sf3 leaves the padding out; the standard wants it."""
    smpl = b"sdtasmpl" + (3).to_bytes(4, "little") + b"abc"
    first = b"LIST" + len(smpl).to_bytes(4, "little") + smpl
    second = b"LIST" + (14).to_bytes(4, "little") + b"pdtaphdr" + (2).to_bytes(4, "little") + b"\x01\x02"
    body = b"sfbk" + first + padding + second
    found = chunks_of(np.frombuffer(b"RIFF" + len(body).to_bytes(4, "little") + body, np.uint8))
    assert set(found) == {"smpl", "phdr"}
