from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.audio.songs import small_song

from text2song.audio.codecs import write_wav
from text2song.audio.export.package import PACKAGES, encode_song, song_tags


@pytest.mark.parametrize("ending", [ending for ending in PACKAGES if ending != "wav"])
def test_a_song_is_written_once_more(tmp_path: Path, ending: str) -> None:
    song = small_song()
    (tmp_path / "stems").mkdir()
    for path in (tmp_path / "song.wav", tmp_path / "stems/bass.wav"):
        write_wav(path, 0.1 * np.ones((44_100, 2), np.float32))
    written = encode_song(tmp_path, ending, song)
    assert written.name == f"song.{ending}"
    if ending != "dawproject":
        with soundfile.SoundFile(written) as file:
            assert file.title == "Small Song"
            assert abs(file.frames - 44_100) < 2


def test_tags_carry_a_cover() -> None:
    assert (song_tags(small_song()).cover or b"")[:3] == b"\xff\xd8\xff"
