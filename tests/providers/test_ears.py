from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from text2song.audio.engine import Mixdown, mixdown
from text2song.audio.orchestra import Orchestra
from text2song.audio.pcm import Pcm
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.evaluation.conformance import Heard, hear
from text2song.evaluation.gathering import Whole
from text2song.providers.base import MadeSong
from text2song.providers.composer import ComposerProvider
from text2song.providers.ears import Ears
from text2song.providers.keeping import StemFolder


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> MadeSong:
    request = CompositionRequest("house, 124 bpm, F minor, 8 seconds", vocals=False, candidate=0)
    return ComposerProvider(Orchestra()).make(request, tmp_path_factory.mktemp("song"), silent)


class _Gone(Pcm):
    def pieces(self) -> Iterator[bytes]:
        raise OSError("gone")


def _mixed(song: MadeSong, ears: Ears) -> Mixdown:
    return mixdown(song.composition, Orchestra(), keeper=ears.keeper, found=ears.found)[0]


def _heard(song: MadeSong, keeper: StemFolder | None) -> tuple[Heard, Mixdown]:
    with ThreadPoolExecutor(1) as pool:
        ears = Ears(song.composition, keeper, pool)
        mixed = _mixed(song, ears)
        return ears.hear(mixed).result(), mixed


def test_what_is_heard_early_is_what_is_heard_late(song: MadeSong) -> None:
    early, mixed = _heard(song, StemFolder(song.folder))
    assert all(stem.kept for stem in mixed.stems)
    late, mixed = _heard(song, None)
    assert not any(stem.kept for stem in mixed.stems)
    assert late == hear(song.composition, mixed.stems, Whole(mixed.mix), mixed.sample_rate)
    assert early.findings == late.findings
    assert early.null == late.null
    bare = [replace(figure, sha256="", address="", source="") for figure in early.stems]
    assert bare == list(late.stems)
    # A folder of no song has nothing to hear.
    assert _heard(song, StemFolder(song.folder / "stems"))[0] == late


def test_what_cannot_be_read_early_is_told(song: MadeSong) -> None:
    with ThreadPoolExecutor(1) as pool:
        ears = Ears(song.composition, StemFolder(song.folder), pool)
        mixed = _mixed(song, ears)
        ears.found(replace(mixed.stems[0], sound=_Gone()))
        with pytest.raises(OSError, match="gone"):
            ears.hear(mixed).result()


def test_a_pool_that_was_shut_is_left_alone(song: MadeSong) -> None:
    pool = ThreadPoolExecutor(1)
    ears = Ears(song.composition, StemFolder(song.folder), pool)
    pool.shutdown()
    assert len(_mixed(song, ears).stems) == len(song.report.stems)
