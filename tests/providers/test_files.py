"""Tests of a song's files: the same whether they are begun before the master or not."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.audio.songs import small_song

from text2song.audio.codecs import UnwritableError, read_audio
from text2song.audio.engine import Mixdown, Rendering, Stem
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.loudness import measure
from text2song.audio.pcm import Pcm
from text2song.domain.score import Role
from text2song.domain.take import TakeReport
from text2song.providers.files import SongFiles
from text2song.providers.keeping import StemFolder


def _noise(seed: int) -> Stereo:
    return (0.1 * np.random.default_rng(seed).standard_normal((SAMPLE_RATE, 2))).astype(np.float32)


def _rendering() -> Rendering:
    stems = tuple(
        Stem(name, Role.BASS, "electric_bass", Pcm.of(_noise(seed))) for seed, name in enumerate(("bass", "keys"))
    )
    master = _noise(9)
    return Rendering(SAMPLE_RATE, stems, Pcm.of(_noise(5)), {}, master, measure(master))


def _report() -> TakeReport:
    return TakeReport(
        asked={},
        measured={},
        passed=True,
        reasons=(),
        seconds={},
        realtime_factor=1.0,
        loudness_lufs=-14.0,
        true_peak_dbtp=-1.0,
        energy_spearman=None,
        stems_null_dbfs=-120.0,
        stems=(),
    )


def _files(folder: Path) -> SongFiles:
    folder.mkdir()
    return SongFiles(small_song(), folder, StemFolder(None))


def test_what_is_begun_early_is_the_same_files(tmp_path: Path) -> None:
    rendering, written = _rendering(), []
    for name in ("late", "early", "earliest"):
        files = _files(tmp_path / name)
        with ThreadPoolExecutor(1) as pool:
            if name == "earliest":
                files.begin_score(pool)
            if name != "late":
                files.begin(rendering, pool)
                files.begin_master(rendering.master)
            hashes = files.sound(rendering)
        written.append((hashes, files.report(_report())))
    assert written[0] == written[1] == written[2]
    hashes, names = written[0]
    assert {"song.wav", "premaster.wav", "stems/bass.wav", "stems/keys.wav", "song.mid", "report.json"} <= set(names)
    for name in names:
        files_of = {(tmp_path / folder / name).read_bytes() for folder in ("late", "early", "earliest")}
        assert len(files_of) == 1, name
    assert {path.relative_to(tmp_path / "early").as_posix() for path in (tmp_path / "early").rglob("*.*")} == set(names)
    assert hashes["bass"] == hashlib.sha256((tmp_path / "late" / "stems" / "bass.wav").read_bytes()).hexdigest()
    assert np.allclose(read_audio(tmp_path / "early" / "song.wav"), rendering.master, atol=1e-6)


def test_what_was_begun_settles_before_the_folder_may_go(tmp_path: Path) -> None:
    files, gate = _files(tmp_path / "song"), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(gate.wait, 10)
        files.begin_score(pool)
        files.begin(_rendering(), pool)
        # It waits its turn, so it is given up at once.
        files.settle()
        gate.set()
    assert not list((tmp_path / "song").iterdir())
    with ThreadPoolExecutor(1) as pool:
        files.begin(_rendering(), pool)
        while not (tmp_path / "song" / "stems").exists():
            pass
        files.settle()
        assert not list((tmp_path / "song").rglob(".*"))
        assert (tmp_path / "song" / "premaster.wav").exists()


def test_what_fails_early_is_told(tmp_path: Path) -> None:
    files, rendering = _files(tmp_path / "song"), _rendering()
    (tmp_path / "song" / "premaster.wav").mkdir()
    with ThreadPoolExecutor(1) as pool:
        files.begin(rendering, pool)
        with pytest.raises(UnwritableError):
            files.sound(rendering)


def test_a_mixdown_needs_no_master(tmp_path: Path) -> None:
    rendering = _rendering()
    mixed = Mixdown(rendering.sample_rate, rendering.stems, rendering.premaster, {})
    files = _files(tmp_path / "song")
    with ThreadPoolExecutor(1) as pool:
        files.begin(mixed, pool)
    assert (tmp_path / "song" / "stems" / "keys.wav").is_file()
    assert not (tmp_path / "song" / "song.wav").exists()
