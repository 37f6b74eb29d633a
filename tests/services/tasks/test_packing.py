"""Packing keeps what the provider wrote and adds the formats people ask for."""

from __future__ import annotations

import hashlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
from tests.audio.songs import small_song
from tests.services.fakes import RATE, STEMS, FakeProvider, tone

from text2song.domain.errors import CancelledError
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.services.tasks.packing import PEAKS, IncompleteSongError, pack, sound_figures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    FakeProvider().make(CompositionRequest(prompt="x"), tmp_path, silent)
    return tmp_path


def test_stems_and_song_lose_nothing_in_flac(folder: Path) -> None:
    files = {file.name: file for file in pack(folder, small_song(), silent)}
    assert {"song.wav", "song.flac", "song.mp3", "song.ogg", "score.mid", "report.json"} < set(files)
    pairs = [("song", folder / "song.wav")] + [(f"stems/{stem}", folder / f"stems/{stem}.wav") for stem in STEMS]
    for name, source in pairs:
        packed, _ = soundfile.read(files[f"{name}.flac"].path, dtype="int32")
        assert np.array_equal(packed, soundfile.read(source, dtype="int32")[0])


def test_a_project_for_the_daw_names_the_packed_stems(folder: Path) -> None:
    files = {file.name: file for file in pack(folder, small_song(), silent)}
    project = ElementTree.parse(files["project/project.xml"].path)  # noqa: S314 - our own file
    named = {file.attrib["path"].removeprefix("audio/") for file in project.iter("File")}
    stems = {name.removeprefix("stems/") for name in files if name.startswith("stems/")}
    assert named == {name for name in stems if name.removesuffix(".flac") in {p.name for p in small_song().parts}}
    assert "project/metadata.xml" in files


def test_figures_are_of_the_file(folder: Path) -> None:
    file = pack(folder, small_song(), silent)[0]
    content = (folder / "song.wav").read_bytes()
    assert file.figures() == {
        "name": "song.wav",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "audio/wav",
    }


def test_peaks_draw_the_sound(tmp_path: Path) -> None:
    sound = tone(0)
    sound[: len(sound) // 2] *= 0.1
    soundfile.write(tmp_path / "song.wav", sound, RATE, subtype="PCM_24")
    figures = sound_figures(tmp_path / "song.wav")
    assert (figures.duration_seconds, figures.sample_rate, figures.channels) == (4.0, RATE, 2)
    assert len(figures.peaks) == PEAKS
    assert max(figures.peaks[: PEAKS // 2]) == pytest.approx(0.05, abs=0.002)
    assert min(figures.peaks[PEAKS // 2 :]) == pytest.approx(0.5, abs=0.01)


def test_short_and_missing_songs(tmp_path: Path) -> None:
    with pytest.raises(IncompleteSongError):
        pack(tmp_path, small_song(), silent)
    soundfile.write(tmp_path / "song.wav", np.zeros((3, 2)), RATE)
    assert sound_figures(tmp_path / "song.wav").peaks == (0, 0, 0)


def test_cancel_stops_between_files(folder: Path) -> None:
    def progress(stage: str, fraction: float) -> None:
        del stage
        if fraction > 0.3:
            raise CancelledError

    with pytest.raises(CancelledError):
        pack(folder, small_song(), progress)
