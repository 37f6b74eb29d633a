"""With the real composer: what an edit does not name is the same file, also as it is kept."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from tests.services.fakes import make_studio

from text2song.audio.orchestra import Orchestra
from text2song.domain.edits import Edit
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.progress import silent
from text2song.domain.request import CompositionRequest
from text2song.providers.composer import ComposerProvider
from text2song.providers.router import ProviderRouter
from text2song.services.compositions import get_composition
from text2song.services.edits import submit_edit
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.tasks.compose import ComposeTask
from text2song.services.tasks.edit import EditTask


def _files(studio: Studio, composition_id: UUID) -> dict[str, str]:
    (take,) = get_composition(studio, LOCAL_OWNER, composition_id).takes
    return {file["name"]: file["sha256"] for file in take.files}


def _work(studio: Studio, task: type[ComposeTask]) -> None:
    lease = studio.queue.claim("test")
    assert lease is not None
    task(studio, ProviderRouter([ComposerProvider(Orchestra())]))(lease, silent)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return make_studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="module")
def parent_id(studio: Studio) -> UUID:
    request = CompositionRequest("house, 124 bpm, F minor, 8 seconds", seed=3, vocals=False, candidate=0)
    accepted = submit(studio, LOCAL_OWNER, request, Options(), seeded=True)
    _work(studio, ComposeTask)
    return accepted.composition_id


def test_every_stem_but_the_edited_one_is_the_same_file(studio: Studio, parent_id: UUID) -> None:
    accepted = submit_edit(studio, LOCAL_OWNER, parent_id, Edit(remake=("drums",)))
    _work(studio, EditTask)
    before, after = _files(studio, parent_id), _files(studio, accepted.composition_id)
    stems = {name for name in before if name.startswith("stems/")}
    assert {name for name in stems if before[name] != after.get(name)} == {"stems/drums.flac"}
    assert before["song.wav"] != after["song.wav"]
    (take,) = get_composition(studio, LOCAL_OWNER, accepted.composition_id).takes
    hashes = {stem["name"]: stem["sha256"] for stem in get_composition(studio, LOCAL_OWNER, parent_id).takes[0].stems}
    assert {stem["name"] for stem in take.stems if stem["sha256"] != hashes[stem["name"]]} == {"drums"}


def test_a_stem_that_was_lost_is_made_again(studio: Studio, parent_id: UUID, tmp_path: Path) -> None:
    (take,) = [
        path for path in (studio.work_folder.parent / "blobs" / "takes").iterdir() if _is_of(studio, parent_id, path)
    ]
    (take / "stems" / "bass.flac").unlink()
    accepted = submit_edit(studio, LOCAL_OWNER, parent_id, Edit(remake=("drums",), seed=2))
    _work(studio, EditTask)
    before, after = _files(studio, parent_id), _files(studio, accepted.composition_id)
    changed = {name for name in before if name.startswith("stems/") and before[name] != after[name]}
    assert changed == {"stems/drums.flac"}


def _is_of(studio: Studio, composition_id: UUID, path: Path) -> bool:
    (take,) = get_composition(studio, LOCAL_OWNER, composition_id).takes
    return path.name.startswith(str(take.id))
