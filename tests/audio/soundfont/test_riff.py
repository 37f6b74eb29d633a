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
