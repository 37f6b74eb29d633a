from __future__ import annotations

import errno
import hashlib
import os
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from text2song.audio import codecs
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.pcm import Pcm
from text2song.audio.tags.song import AI_COMMENT, SongTags


def _tune(seconds: float = 2.0) -> Stereo:
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.stack((0.5 * np.sin(2763.0 * time), 0.3 * np.sin(1999.0 * time)), axis=1).astype(np.float32)


@pytest.mark.parametrize(("ending", "tolerance"), [("wav", 1e-6), ("flac", 1e-6), ("mp3", 0.05), ("ogg", 0.08)])
def test_what_is_written_is_read_back(tmp_path: Path, ending: str, tolerance: float) -> None:
    path = tmp_path / f"song.{ending}"
    codecs.write_audio(path, _tune(), tags=SongTags("Tune"))
    back = codecs.read_audio(path)
    assert back.shape == _tune().shape
    inner = slice(4000, -4000)
    assert np.abs(back[inner] - _tune()[inner]).max() < tolerance
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "ogg"])
def test_the_same_sound_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    one, other = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    codecs.write_audio(one, _tune())
    codecs.write_audio(other, _tune())
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "ogg"])
def test_files_say_what_they_are(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"song.{ending}"
    codecs.write_audio(path, _tune(), tags=SongTags("Night Drive"))
    with soundfile.SoundFile(path) as file:
        assert file.title == "Night Drive"
        assert file.comment == AI_COMMENT
        assert file.samplerate == SAMPLE_RATE
        assert file.channels == 2


def test_wav_is_24_bit_and_clips_rather_than_wraps(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    codecs.write_wav(path, np.full((100, 2), 3.0, np.float32))
    assert soundfile.info(path).subtype == "PCM_24"
    assert codecs.read_audio(path).min() > 0.999


def test_kept_sound_is_written_as_it_is(tmp_path: Path) -> None:
    one, other = tmp_path / "a.wav", tmp_path / "b.wav"
    digest = codecs.write_hashed_wav(one, Pcm.of(_tune()))
    assert codecs.write_hashed_wav(other, _tune()) == digest
    assert one.read_bytes() == other.read_bytes()
    assert hashlib.sha256(one.read_bytes()).hexdigest() == digest
    assert np.array_equal(codecs.read_audio(one), Pcm.of(_tune()).audio())


def test_a_long_ogg_does_not_crash(tmp_path: Path) -> None:
    # One long write crashes libsndfile past about 96 s.
    path = tmp_path / "long.ogg"
    codecs.write_audio(path, np.tile(_tune(1.0), (100, 1)))
    assert soundfile.info(path).frames == 100 * SAMPLE_RATE


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_other_rates_and_mono_are_converted(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "mono.wav"
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    soundfile.write(path, tone, rate)
    back = codecs.read_audio(path)
    assert back.shape == (SAMPLE_RATE, 2)
    assert np.array_equal(back[:, 0], back[:, 1])
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    assert np.abs(back[500:-500, 0] - expected[500:-500]).max() < 0.01


def test_what_is_not_audio_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_bytes(b"RIFF but not really")
    for wrong in (path, tmp_path / "missing.wav", tmp_path):
        with pytest.raises(codecs.UnreadableAudioError):
            codecs.read_audio(wrong)


def test_an_unknown_format_is_refused_with_choices(tmp_path: Path) -> None:
    with pytest.raises(codecs.UnknownFormatError) as caught:
        codecs.write_audio(tmp_path / "song.xyz", _tune())
    assert caught.value.choices == codecs.FORMATS


def test_a_missing_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(codecs.UnwritableError, match="could not be written"):
        codecs.write_wav(tmp_path / "nowhere" / "song.wav", _tune())


class _FullFile:
    def __init__(self, path: Path) -> None:
        path.write_bytes(b"half")

    def __enter__(self) -> _FullFile:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def write(self, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_nothing_and_keeps_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(b"the old song")

    def full(self: Path, *_: Any) -> _FullFile:
        return _FullFile(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        # The stand-in itself must be able to write its half.
        patch.setattr(Path, "write_bytes", _plain_write)
        with pytest.raises(codecs.DiskFullError, match="could not be written"):
            codecs.write_wav(path, _tune(0.1))
    assert path.read_bytes() == b"the old song"
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.wav"]


def _plain_write(path: Path, content: bytes) -> int:
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        return os.write(handle, content)
    finally:
        os.close(handle)


def test_flac_holds_the_samples_that_wav_does(tmp_path: Path) -> None:
    audio = np.random.default_rng(4).uniform(-1.1, 1.1, (5000, 2)).astype(np.float32)
    for ending in ("wav", "flac"):
        codecs.write_audio(tmp_path / f"a.{ending}", audio)
    assert np.array_equal(codecs.read_audio(tmp_path / "a.wav"), codecs.read_audio(tmp_path / "a.flac"))


@pytest.mark.parametrize("ending", codecs.FORMATS)
@pytest.mark.parametrize(("rate", "channels"), [(SAMPLE_RATE, 2), (SAMPLE_RATE, 1), (SAMPLE_RATE, 3), (48_000, 2)])
def test_a_file_is_converted_as_its_sound_is_written(tmp_path: Path, ending: str, rate: int, channels: int) -> None:
    source = tmp_path / "source.flac"
    soundfile.write(source, np.random.default_rng(7).uniform(-0.9, 0.9, (2 * rate + 333, channels)), rate, "PCM_24")
    one, other = tmp_path / f"one.{ending}", tmp_path / f"other.{ending}"
    codecs.write_audio(one, codecs.read_audio(source), tags=SongTags(title="Tide"))
    codecs.convert_audio(source, other, tags=SongTags(title="Tide"))
    assert one.read_bytes() == other.read_bytes()


def test_a_long_file_is_converted_by_the_second(tmp_path: Path) -> None:
    source = tmp_path / "long.wav"
    codecs.write_audio(source, np.zeros((120 * SAMPLE_RATE, 2), np.float32))
    tracemalloc.start()
    try:
        codecs.convert_audio(source, tmp_path / "long.flac")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The whole would be 42 MB.
    assert peak < 8_000_000
    assert soundfile.info(tmp_path / "long.flac").frames == 120 * SAMPLE_RATE


@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_what_is_not_audio_is_not_converted(tmp_path: Path, ending: str) -> None:
    source, target = tmp_path / "notes.wav", tmp_path / f"song.{ending}"
    source.write_bytes(b"RIFF but not really")
    for wrong in (source, tmp_path / "missing.wav", tmp_path):
        with pytest.raises(codecs.UnreadableAudioError):
            codecs.convert_audio(wrong, target)
    assert not target.exists()
    codecs.write_audio(source, _tune())
    with pytest.raises(codecs.UnknownFormatError):
        codecs.convert_audio(source, tmp_path / "song.aiff")
