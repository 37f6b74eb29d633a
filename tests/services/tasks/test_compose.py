"""All takes are kept, or nothing is: whatever fails, wherever it fails."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import soundfile
from tests.services.fakes import STEMS, FakeProvider, make_studio, run_next_job, stored_files

from text2song.domain.errors import CancelledError, UnavailableError
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.jobs.leases import Lease, LeaseLostError
from text2song.providers.router import ProviderRouter
from text2song.services.compositions import change_composition, delete_composition, get_composition
from text2song.services.jobs import cancel_job, get_job
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.sweeping import sweep
from text2song.services.tasks.compose import ComposeTask, DiskFullError, take_seed
from text2song.services.tasks.packing import IncompleteSongError
from text2song.services.views import Status

SAMPLES = 2


def studio(tmp_path: Path) -> Iterator[Studio]:
    made = make_studio(tmp_path)
    yield made
    made.close()


def order(studio: Studio, title: str | None = None) -> tuple[UUID, UUID]:
    request = CompositionRequest(prompt="a tone", seed=7, title=title)
    accepted = submit(studio, LOCAL_OWNER, request, Options(num_samples=SAMPLES), seeded=True)
    return accepted.job_id, accepted.composition_id


def claim(studio: Studio) -> Lease:
    lease = studio.queue.claim("test")
    assert lease is not None
    return lease


def test_song_is_kept_whole(studio: Studio) -> None:
    job_id, composition_id = order(studio)
    run_next_job(studio, FakeProvider())
    song = get_composition(studio, LOCAL_OWNER, composition_id)
    assert get_job(studio, LOCAL_OWNER, job_id).status == Status.COMPLETE
    assert [take.seed for take in song.takes] == [7, 8]
    assert song.title == "Untitled Tone"
    files = {f"blobs/takes/{take.id}.1/{file['name']}" for take in song.takes for file in take.files}
    assert stored_files(studio) == files
    # Per take: four songs, the stems, score.mid, score.musicxml, composition, report, recipe, two of the DAW project.
    assert len(files) == SAMPLES * (4 + len(STEMS) + 7)


def test_titles_of_the_user_stay(studio: Studio) -> None:
    _, mine = order(studio, title="Mine")
    run_next_job(studio, FakeProvider())
    assert get_composition(studio, LOCAL_OWNER, mine).title == "Mine"
    _, renamed = order(studio)
    change_composition(studio, LOCAL_OWNER, renamed, title="Renamed meanwhile")
    run_next_job(studio, FakeProvider())
    assert get_composition(studio, LOCAL_OWNER, renamed).title == "Renamed meanwhile"


def _no_room(_folder: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _broken(_folder: Path) -> None:
    raise ZeroDivisionError


def _away(_folder: Path) -> None:
    raise UnavailableError("the maker is away")


@pytest.mark.parametrize(
    ("failure", "error"), [(_no_room, DiskFullError), (_broken, ZeroDivisionError), (_away, UnavailableError)]
)
def test_failure_in_the_second_take_leaves_nothing(studio: Studio, failure: object, error: type[Exception]) -> None:
    job_id, composition_id = order(studio)
    calls = iter((lambda folder: None, failure))
    provider = FakeProvider(before_end=lambda folder: next(calls)(folder))  # type: ignore[operator]  # noqa: PLW0108 - another call each time
    with pytest.raises(error):
        run_next_job(studio, provider)
    assert stored_files(studio) == set()
    assert list(studio.work_folder.iterdir()) == []
    assert get_composition(studio, LOCAL_OWNER, composition_id).takes == ()
    # What becomes of the job is the worker's decision; until then it is still held.
    assert get_job(studio, LOCAL_OWNER, job_id).status == Status.RENDERING


def test_provider_without_a_song_is_found_out(studio: Studio) -> None:
    order(studio)
    provider = FakeProvider()
    made = provider.make

    def forgetful(*arguments: object) -> object:
        song = made(*arguments)  # type: ignore[arg-type]
        (song.folder / "song.wav").unlink()
        return song

    provider.make = forgetful  # type: ignore[method-assign, assignment]
    with pytest.raises(IncompleteSongError):
        run_next_job(studio, provider)
    assert stored_files(studio) == set()


def test_cancel_in_mid_song_leaves_nothing(studio: Studio) -> None:
    job_id, composition_id = order(studio)
    lease = claim(studio)

    def progress(stage: str, fraction: float) -> None:
        if fraction > 0.6:
            cancel_job(studio, LOCAL_OWNER, job_id)
        studio.queue.renew(lease, stage, fraction)

    with pytest.raises(CancelledError):
        ComposeTask(studio, ProviderRouter([FakeProvider(seconds=0.1)]))(lease, progress)
    assert get_job(studio, LOCAL_OWNER, job_id).status == Status.CANCELLED
    assert stored_files(studio) == set()
    assert get_composition(studio, LOCAL_OWNER, composition_id).takes == ()


@pytest.mark.parametrize("taken_at", [0.0, 0.5, 0.97, 0.99])
def test_zombie_changes_nothing_that_its_heir_made(studio: Studio, taken_at: float) -> None:
    job_id, composition_id = order(studio)
    zombie = claim(studio)
    kept: list[set[str]] = []

    def progress(stage: str, fraction: float) -> None:
        del stage
        if fraction >= taken_at and not kept:
            studio.queue.lose(zombie.job_id, zombie.token)
            run_next_job(studio, FakeProvider())
            kept.append(stored_files(studio))

    with pytest.raises(LeaseLostError):
        ComposeTask(studio, ProviderRouter([FakeProvider()]))(zombie, progress)
    heirs = {path for path in kept[0] if ".2/" in path and path.startswith("blobs/")}
    assert stored_files(studio) == heirs
    takes = get_composition(studio, LOCAL_OWNER, composition_id).takes
    assert [take.number for take in takes] == [1, 2]
    assert get_job(studio, LOCAL_OWNER, job_id).status == Status.COMPLETE
    wave = studio.blobs.get(f"takes/{takes[0].id}.2/song.wav")
    assert len(soundfile.read(io.BytesIO(wave))[0]) == 4 * 44_100


def test_delete_in_mid_song_leaves_nothing(studio: Studio) -> None:
    _, composition_id = order(studio)
    lease = claim(studio)
    deleted: list[bool] = []

    def progress(stage: str, fraction: float) -> None:
        del stage
        if fraction >= 0.5 and not deleted:
            delete_composition(studio, LOCAL_OWNER, composition_id)
            deleted.append(True)

    with pytest.raises(LeaseLostError):
        ComposeTask(studio, ProviderRouter([FakeProvider()]))(lease, progress)
    sweep(studio)
    assert stored_files(studio) == set()


def test_seeds_of_takes() -> None:
    assert [take_seed(5, index) for index in range(3)] == [5, 6, 7]
    assert take_seed(2**63 - 1, 1) == 0
