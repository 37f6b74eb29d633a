"""Previews sound as the song does, are as long, and are small."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from text2song.audio.preview import _resampled, write_preview
from text2song.audio.tags.song import AI_COMMENT

SECONDS = 7


def song(rate: int = 44_100) -> io.BytesIO:
    times = np.arange(int(SECONDS * rate) + 123) / rate
    tone = 0.4 * np.sin(2 * np.pi * 440 * times) + 0.2 * np.sin(2 * np.pi * 3000 * times)
    found = io.BytesIO()
    soundfile.write(found, np.stack([tone, 0.5 * tone], axis=1), rate, format="FLAC", subtype="PCM_24")
    found.seek(0)
    return found


@pytest.mark.parametrize("kind", ["opus", "mp3"])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_preview_is_the_song(kind: str, rate: int, tmp_path: Path) -> None:
    target = tmp_path / f"preview.{kind}"
    write_preview(song(rate), target, kind)
    with soundfile.SoundFile(target) as small:
        assert small.subtype == {"opus": "OPUS", "mp3": "MPEG_LAYER_III"}[kind]
        assert small.comment == AI_COMMENT
        heard, at = small.read(always_2d=True), small.samplerate
    assert heard.shape[0] / at == pytest.approx(SECONDS, abs=0.1)
    spectrum = np.abs(np.fft.rfft(heard[at : 2 * at, 0]))
    assert set(np.argsort(spectrum)[-2:]) == {440, 3000}
    assert np.abs(heard[:, 0]).max() == pytest.approx(0.6, abs=0.06)
    assert target.stat().st_size * 8 / SECONDS < 160_000


def test_seconds_join_without_a_seam() -> None:
    with soundfile.SoundFile(song()) as file:
        joined = np.concatenate(list(_resampled(file, 48_000)))
    times = np.arange(joined.shape[0]) / 48_000
    meant = 0.4 * np.sin(2 * np.pi * 440 * times) + 0.2 * np.sin(2 * np.pi * 3000 * times)
    assert abs(joined.shape[0] - (SECONDS * 48_000 + 134)) <= 2
    inside = slice(100, -300)
    assert np.abs(joined[inside, 0] - meant[inside]).max() < 2e-3
