from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from text2song.audio.engine import Mixdown, mixdown
from text2song.audio.orchestra import Orchestra
from text2song.audio.pcm import Pcm
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.domain.take import TakeReport
from text2song.evaluation.conformance import TakeSound, judge
from text2song.providers.base import MadeSong
from text2song.providers.composer import ComposerProvider
from text2song.providers.ears import Ears
from text2song.providers.files import SongFiles
from text2song.providers.keeping import StemFolder


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> MadeSong:
    request = CompositionRequest("house, 124 bpm, F minor, 8 seconds", vocals=False, candidate=0)
    return ComposerProvider(Orchestra()).make(request, tmp_path_factory.mktemp("song"), silent)


class _Gone(Pcm):
    def pieces(self) -> Iterator[bytes]:
        raise OSError("gone")


def _files(song: MadeSong, folder: Path, kept: Path | None) -> SongFiles:
    return SongFiles(song.composition, folder, StemFolder(kept))


def _mixed(song: MadeSong, ears: Ears) -> Mixdown:
    return mixdown(song.composition, Orchestra(), keeper=ears.keeper, found=ears.found, begun=ears.begin)[0]


def _reported(song: MadeSong, files: SongFiles | None) -> tuple[TakeReport, Mixdown]:
    with ThreadPoolExecutor(1) as pool:
        ears = Ears(song.composition, files, pool)
        mixed = _mixed(song, ears)
        ears.hear(mixed)
        return ears.report(mixed.mix), mixed


def test_what_is_heard_early_is_what_is_heard_late(song: MadeSong, tmp_path: Path) -> None:
    early, mixed = _reported(song, _files(song, tmp_path, song.folder))
    assert all(stem.kept for stem in mixed.stems)
    assert (tmp_path / "song.mid").read_bytes() == (song.folder / "song.mid").read_bytes()
    late, mixed = _reported(song, None)
    assert not any(stem.kept for stem in mixed.stems)
    judged = judge(song.composition, TakeSound(mixed.sample_rate, mixed.stems, mixed.mix, mixed.mix))
    assert late == replace(judged, rules=song.report.rules)
    bare = tuple(replace(figure, sha256="", address="", source="") for figure in early.stems)
    assert replace(early, stems=bare) == late
    # A folder of no song has nothing to hear.
    assert _reported(song, _files(song, tmp_path, tmp_path))[0] == late


def test_what_cannot_be_read_early_is_told(song: MadeSong, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        ears = Ears(song.composition, _files(song, tmp_path, song.folder), pool)
        mixed = _mixed(song, ears)
        ears.found(replace(mixed.stems[0], sound=_Gone()))
        ears.hear(mixed)
        with pytest.raises(OSError, match="gone"):
            ears.report(mixed.mix)


def test_a_pool_that_was_shut_is_left_alone(song: MadeSong, tmp_path: Path) -> None:
    pool = ThreadPoolExecutor(1)
    ears = Ears(song.composition, _files(song, tmp_path, song.folder), pool)
    pool.shutdown()
    mixed, _ = mixdown(song.composition, Orchestra(), keeper=ears.keeper, found=ears.found)
    assert len(mixed.stems) == len(song.report.stems)


def test_nothing_is_reported_that_was_not_heard(song: MadeSong) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError):
        Ears(song.composition, None, pool).report(np.zeros((9, 2), np.float32))
